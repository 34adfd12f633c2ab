/**
 * | item | pk | sk | answers |
 * |---|---|---|---|
 * | a card: what search knows of a product | `product#<productId>` | `card` | words, filters, facets, orders; read by the hundred |
 * | a posting: a word of a product | `words#<first letter>` | `<word>#<0 title, 1 tags, 2 forms, 3 text>#<productId>` | search: words by how their forms begin |
 * | a compound of a title or tag | `ends#<last letter>` | `<its stem backwards>#<word>#<productId>` | search for what it ends with |
 * | words that there are, for those spelled wrongly | see words/spelling.ts | | |
 * | a place on a shelf | `shelf#<order>`, `shelf#<order>#<category>` | see placeOf | browsing by price, rating or age |
 *
 * Postings and places hold nothing but their keys, so they are small and need no writing when stock changes. They only
 * say where to look: what is found is decided on the cards. What writes them: search-index.ts.
 */
import type { Table } from '../../../shared/runtime/table.ts'
import { cardKeyOf, parseCard } from './cards.ts'
import { type Card, isAscending, type Order } from './domain.ts'
import { endPartition, idIn, shelfOf, wordPartition } from './postings.ts'
import { backwards, isSpelled, nearestTo, spellingRangesOf } from './words/spelling.ts'
import type { Lookup } from './words/word-match.ts'

/** Products that stand on one shelf, as far as they were read. */
export type Found = {
  ids: readonly string[]
  /** Where the list goes on behind them; undefined: these are all. */
  next: string | undefined
}

/** Words that a lookup gave, each with a product that has it. */
export type Entries = { entries: readonly { word: string; id: string }[]; complete: boolean }

/** A batch read takes so many. */
const cardsPerRead = 100

export const searchTable = (table: Table) => {
  const keysOf = async (query: Parameters<Table['query']>[0]) => {
    const { items, lastKey } = await table.query(query)
    return { keys: items.map(({ sk }) => String(sk)), next: lastKey && String(lastKey.sk) }
  }

  return {
    /** Words and the products that have them; those of one word stand together, where it counts most first. */
    async lookUp({ by, text }: Lookup, limit: number): Promise<Entries> {
      const [pk, beginsWith] =
        by === 'end' ? [endPartition(text), backwards(text)] : [wordPartition(text), by === 'word' ? `${text}#` : text]
      const { keys, next } = await keysOf({ pk, sk: { beginsWith }, limit })
      const entries = keys.map((key) => ({ word: key.split('#')[by === 'end' ? 1 : 0] ?? '', id: idIn(key) }))
      return { entries, complete: next === undefined }
    },

    /** Words in titles and tags, also those of former products, that a word may be that nothing has: the nearest first. */
    async correctionsOf(word: string, limit: number): Promise<string[]> {
      if (!isSpelled(word)) return []
      const { beginning, end } = spellingRangesOf(word)
      const [before, after] = await Promise.all(
        [beginning, end].map(({ pk, sk }) => keysOf({ pk, sk: { beginsWith: sk }, limit })),
      )
      return nearestTo(word, [...(before?.keys ?? []), ...(after?.keys ?? []).map(backwards)])
    },

    /** @param after the place behind which to begin */
    async shelf(order: Order, category: string | undefined, limit: number, after?: string): Promise<Found> {
      const pk = shelfOf(order, category)
      const startKey = after === undefined ? undefined : { pk, sk: after }
      const { keys, next } = await keysOf({ pk, backward: !isAscending(order), limit, startKey })
      return { ids: keys.map(idIn), next }
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
