/**
 * What of a product is written in the index, as an item: `product#<productId>`, `card`. It says which state of the product that
 * was made of (`sourceVersion`) and how often it was written (`revision`), and it says so still when the product has left the
 * shelves: then it is empty (`isEmpty`) and goes by TTL.
 */
import * as z from 'zod/mini'
import type { Product } from '../../products/domain.ts'
import { type Field, fields, type Words } from '../domain.ts'
import { format } from './packed.ts'

/** Words as one text of each field, which is small and quickly read. */
const StoredCard = z.object({
  slot: z.int(),
  title: z.string(),
  tags: z.string(),
  forms: z.string(),
  text: z.string(),
})

const Place = z.object({
  format: z.int(),
  revision: z.int(),
  sourceVersion: z.int(),
  isEmpty: z.optional(z.literal(true)),
})

/** Seconds for which an empty card is kept: nobody who read the product before lives as long (a function ends after 15 minutes). */
const emptyKeptSeconds = 24 * 60 * 60

export const cardKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'card' })

const wordsOf = (texts: Record<Field, string>): Words =>
  new Map(fields.flatMap((field) => texts[field].split(' ').flatMap((word) => (word === '' ? [] : [[word, field]]))))

const textOf = (words: Words, field: Field): string =>
  [...words]
    .flatMap(([word, of]) => (of === field ? [word] : []))
    .toSorted()
    .join(' ')

/** `slot` is undefined, and there are no words, for a product that is not on the shelves. */
export type Kept = { slot: number | undefined; words: Words; revision: number; sourceVersion: number }

/** Of another format, only its place in the order of writes is known. */
export const parseCard = (item: unknown): Kept => {
  const { isEmpty, revision, sourceVersion, ...place } = Place.parse(item)
  if (isEmpty || place.format !== format) return { slot: undefined, words: new Map(), revision, sourceVersion }
  const { slot, ...texts } = StoredCard.parse(item)
  return { slot, words: wordsOf(texts), revision, sourceVersion }
}

export const cardItem = (productId: string, { slot, words, revision, sourceVersion }: Kept, now: number) => ({
  ...cardKeyOf(productId),
  format,
  revision,
  sourceVersion,
  ...(slot === undefined
    ? { isEmpty: true, expiresAt: Math.floor(now / 1000) + emptyKeptSeconds }
    : { slot, ...Object.fromEntries(fields.map((field) => [field, textOf(words, field)])) }),
})

/**
 * Which of two states of a product is the later one. Every write of a product makes it greater: its own changes have a
 * version, and what changes by itself (stock, rating) the sequence number of the news, which only grows and never goes.
 */
export const sourceVersionOf = ({ version, rating, availability }: Product): number =>
  Object.values(availability).reduce((sum, { sequence }) => sum + sequence, version + (rating?.sequence ?? 0))
