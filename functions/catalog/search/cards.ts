/**
 * The card of a product as an item: `product#<productId>`, `card`. Beside what search knows, it says which state of the
 * product it was made of (`sourceVersion`) and how often it was written (`revision`), and it says so still when the product
 * has left the shelves: then it is empty (`isEmpty`) and goes by TTL.
 */
import * as z from 'zod/mini'
import { Money } from '../../../shared/contract/schema.ts'
import type { Product } from '../products/domain.ts'
import { type Card, type Field, fields } from './domain.ts'
import { storedCard } from './postings.ts'

const StoredCard = z.object({
  id: z.string(),
  title: z.string(),
  tags: z.string(),
  forms: z._default(z.string(), ''),
  text: z.string(),
  category: z.string(),
  otherLists: z.optional(z.array(z.string())),
  createdAt: z.string(),
  priceFrom: Money,
  rating: z.optional(z.int()),
  variants: z.array(z.object({ options: z.record(z.string(), z.string()), inStock: z.boolean() })),
})

/** A card from before cards said what they were made of is older than any product. */
const Place = z.object({
  revision: z.int(),
  sourceVersion: z._default(z.int(), 0),
  isEmpty: z.optional(z.literal(true)),
})

/** Seconds for which an empty card is kept: nobody who read the product before lives as long (a function ends after 15 minutes). */
const emptyKeptSeconds = 24 * 60 * 60

export const cardKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'card' })

const wordsOf = (texts: Record<Field, string>): Map<string, Field> =>
  new Map(fields.flatMap((field) => texts[field].split(' ').flatMap((word) => (word === '' ? [] : [[word, field]]))))

/** `card` is undefined for a product that is not on the shelves. */
export type Kept = { card: Card | undefined; revision: number; sourceVersion: number }

export const parseCard = (item: unknown): Kept => {
  const { isEmpty, ...place } = Place.parse(item)
  if (isEmpty) return { card: undefined, ...place }
  const { title, tags, forms, text, rating, ...card } = StoredCard.parse(item)
  const words = wordsOf({ title, tags, forms, text })
  return { card: { ...card, ...(rating === undefined ? {} : { rating }), words }, ...place }
}

export const cardItem = (productId: string, { card, ...place }: Kept, now: number) => ({
  ...cardKeyOf(productId),
  ...place,
  ...(card ? storedCard(card) : { isEmpty: true, expiresAt: Math.floor(now / 1000) + emptyKeptSeconds }),
})

/**
 * Which of two states of a product is the later one. Every write of a product makes it greater: its own changes have a
 * version, and what changes by itself (stock, rating) the sequence number of the news, which only grows and never goes.
 */
export const sourceVersionOf = ({ version, rating, availability }: Product): number =>
  Object.values(availability).reduce((sum, { sequence }) => sum + sequence, version + (rating?.sequence ?? 0))
