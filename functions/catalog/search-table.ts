/**
 * | item | pk | sk | answers |
 * |---|---|---|---|
 * | a card: what search knows of a product | `product#<productId>` | `card` | words, filters, facets, orders; read by the hundred |
 * | a posting: a word of a product | `words#<first letter>` | `<word>#<0 title, 1 tags, 2 text>#<productId>` | search; the last word by its beginning |
 * | a place on a shelf | `shelf#<order>`, `shelf#<order>#<category>` | see placeOf | browsing by price, rating or age |
 *
 * Postings and places hold nothing but their keys, so they are small and need no writing when stock changes. They only
 * say where to look: what is found is decided on the cards.
 */
import * as z from 'zod/mini'
import { Money } from '../../shared/contract/schema.ts'
import { ContentionError } from '../../shared/runtime/errors.ts'
import { type Change, notThere, type Table } from '../../shared/runtime/table.ts'
import { idIn, type Step, shelfOf, stepsBetween, storedCard, wordPartition } from './postings.ts'
import { type Card, cardOf, type Field, fields, isAscending, type Order } from './search.ts'
import { parseProduct, productKeyOf } from './table.ts'

const StoredCard = z.object({
  id: z.string(),
  title: z.string(),
  tags: z.string(),
  text: z.string(),
  category: z.string(),
  createdAt: z.string(),
  priceFrom: Money,
  rating: z.optional(z.int()),
  variants: z.array(z.object({ options: z.record(z.string(), z.string()), inStock: z.boolean() })),
  revision: z.int(),
})

const cardKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'card' })

const wordsOf = (texts: Record<Field, string>): Map<string, Field> =>
  new Map(fields.flatMap((field) => texts[field].split(' ').flatMap((word) => (word === '' ? [] : [[word, field]]))))

const parseCard = (item: unknown): { card: Card; revision: number } => {
  const { title, tags, text, revision, rating, ...card } = StoredCard.parse(item)
  const words = wordsOf({ title, tags, text })
  return { card: { ...card, ...(rating === undefined ? {} : { rating }), words }, revision }
}

/** Products that stand under one word or on one shelf, as far as they were read. */
export type Found = {
  ids: readonly string[]
  /** Where the list goes on behind them; undefined: these are all. */
  next: string | undefined
}

/** A batch read takes so many. */
const cardsPerRead = 100
/** A write that lost against another is decided again so many times. */
const attempts = 5

export const searchTable = (table: Table) => {
  const list = async (query: Parameters<Table['query']>[0]): Promise<Found> => {
    const { items, lastKey } = await table.query(query)
    return { ids: [...new Set(items.map(({ sk }) => idIn(String(sk))))], next: lastKey && String(lastKey.sk) }
  }

  /** A product as it is, and the card that was made of it last. */
  const read = async (productId: string) => {
    const items = await table.batchGet([productKeyOf(productId), cardKeyOf(productId)])
    const [product, card] = ['product', 'card'].map((sk) => items.find((item) => item.sk === sk))
    const { card: before, revision = 0 } = card ? parseCard(card) : {}
    return { product: product && parseProduct(product), before, revision }
  }

  /** @returns whether the card was still the one that the step starts from */
  const take = async (productId: string, { card, puts, removes }: Step, revision: number): Promise<boolean> => {
    const key = cardKeyOf(productId)
    const when = revision === 0 ? notThere : { expression: '#revision = :revision', values: { ':revision': revision } }
    const cardChange: Change = card
      ? { put: { ...key, ...storedCard(card), revision: revision + 1 }, when }
      : { delete: key, when }
    const changes = [...puts.map((put): Change => ({ put })), ...removes.map((key): Change => ({ delete: key }))]
    return (await table.write([cardChange, ...changes])).ok
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

    async cards(productIds: readonly string[]): Promise<Card[]> {
      const reads: Promise<Record<string, unknown>[]>[] = []
      for (let start = 0; start < productIds.length; start += cardsPerRead)
        reads.push(table.batchGet(productIds.slice(start, start + cardsPerRead).map(cardKeyOf)))
      return (await Promise.all(reads)).flat().map((item) => parseCard(item).card)
    },

    /**
     * Brings the index up to date with a product as it is now: from whatever its card says is written, only what
     * differs. However often, late or at once this is done, it ends the same.
     * @param anew writes again what should be there, too
     * @throws ContentionError when others keep doing the same
     */
    async index(productId: string, anew = false): Promise<void> {
      for (let tries = 0; tries < attempts; tries += 1) {
        const { product, before, revision } = await read(productId)
        const wanted = product && !product.archived ? cardOf(product) : undefined
        const steps = stepsBetween(before, wanted, anew)
        let taken = 0
        for (const step of steps) {
          if (!(await take(productId, step, revision + taken))) break
          taken += 1
        }
        if (taken === steps.length) return
      }
      throw new ContentionError('others are writing the same card')
    },
  }
}

export type SearchTable = ReturnType<typeof searchTable>
