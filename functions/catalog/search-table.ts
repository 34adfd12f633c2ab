/**
 * | item | pk | sk | answers |
 * |---|---|---|---|
 * | a card: what search knows of a product | `product#<productId>` | `card` | words, filters, facets, orders; read by the hundred |
 * | a posting: a word of a product | `words#<first letter>` | `<word>#<0 title, 1 tags, 2 text>#<productId>` | search; the last word by its beginning |
 * | a place on a shelf | `shelf#<order>`, `shelf#<order>#<category>` | see placeOf | browsing by price, rating or age |
 *
 * Postings and places hold nothing but their keys, so they are small and need no writing when stock changes. They only
 * say where to look: what is found is decided on the cards. What writes them: search-index.ts.
 */
import type { Table } from '../../shared/runtime/table.ts'
import { cardKeyOf, parseCard } from './cards.ts'
import { idIn, shelfOf, wordPartition } from './postings.ts'
import { type Card, isAscending, type Order } from './search.ts'

/** Products that stand under one word or on one shelf, as far as they were read. */
export type Found = {
  ids: readonly string[]
  /** Where the list goes on behind them; undefined: these are all. */
  next: string | undefined
}

/** A batch read takes so many. */
const cardsPerRead = 100

export const searchTable = (table: Table) => {
  const list = async (query: Parameters<Table['query']>[0]): Promise<Found> => {
    const { items, lastKey } = await table.query(query)
    return { ids: [...new Set(items.map(({ sk }) => idIn(String(sk))))], next: lastKey && String(lastKey.sk) }
  }

  return {
    /** Products with this word, where it counts most first. */
    withWord: (word: string, limit: number): Promise<Found> =>
      list({ pk: wordPartition(word), sk: { beginsWith: `${word}#` }, limit }),

    /** Products with a word that begins so. */
    withBeginning: (beginning: string, limit: number): Promise<Found> =>
      list({ pk: wordPartition(beginning), sk: { beginsWith: beginning }, limit }),

    /** @param after the place behind which to begin */
    shelf: (order: Order, category: string | undefined, limit: number, after?: string): Promise<Found> => {
      const pk = shelfOf(order, category)
      const startKey = after === undefined ? undefined : { pk, sk: after }
      return list({ pk, backward: !isAscending(order), limit, startKey })
    },

    /** The cards of these products; a product that has left the shelves meanwhile has none. */
    async cards(productIds: readonly string[]): Promise<Card[]> {
      const reads: Promise<Record<string, unknown>[]>[] = []
      for (let start = 0; start < productIds.length; start += cardsPerRead)
        reads.push(table.batchGet(productIds.slice(start, start + cardsPerRead).map(cardKeyOf)))
      return (await Promise.all(reads)).flat().flatMap((item) => parseCard(item).card ?? [])
    },
  }
}

export type SearchTable = ReturnType<typeof searchTable>
