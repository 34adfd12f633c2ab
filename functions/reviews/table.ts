/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | a review | `review#<reviewId>` | `review` |
 * | the place of someone's only review of a product | `author#<userId>` | `product#<productId>` |
 * | gsi1: a product's visible reviews, newest first | `product#<productId>` | `<reviewId>` |
 * | gsi2: the same by stars | `product#<productId>` | `<rating>#<reviewId>` |
 *
 * Hidden reviews stand in no index. A review, its place and its product's rating (ratings/table.ts) change in one transaction.
 * Who has bought what is in purchases/table.ts, who reported what in moderation/table.ts.
 */
import * as z from 'zod/mini'
import { notErased } from '../../shared/runtime/erasure.ts'
import { after } from '../../shared/runtime/export.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { newEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { type Change, type Item, notThere, type Query, type Table, versionIs } from '../../shared/runtime/table.ts'
import { reviewPublished } from '../published/reviews.ts'
import type { Review } from './domain.ts'
import { tallyKeyOf } from './moderation/table.ts'
import { type Rating, ratingChanges, ratingKeyOf, ratingOf } from './ratings/table.ts'

const StoredReview = z.object({
  id: z.string(),
  productId: z.string(),
  authorId: z.string(),
  rating: z.int(),
  title: z.optional(z.string()),
  text: z.optional(z.string()),
  hidden: z.boolean(),
  createdAt: z.string(),
  editedAt: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})

const StoredPlace = z.object({
  pk: z.string(),
  sk: z.string(),
  /** The review may be gone: then staff had hidden it, and the place stays taken. */
  reviewId: z.optional(z.string()),
})
export type Place = z.infer<typeof StoredPlace>

export type Sort = 'newest' | 'highest' | 'lowest'

const keyOf = (reviewId: string) => ({ pk: `review#${reviewId}`, sk: 'review' })
const placeKeyOf = ({ authorId, productId }: Pick<Review, 'authorId' | 'productId'>) => ({
  pk: `author#${authorId}`,
  sk: `product#${productId}`,
})

const indexKeysOf = ({ id, productId, rating, hidden }: Review) =>
  hidden
    ? {}
    : { gsi1pk: `product#${productId}`, gsi1sk: id, gsi2pk: `product#${productId}`, gsi2sk: `${rating}#${id}` }

const listOf = (productId: string, sort: Sort): Pick<Query, 'index' | 'pk' | 'backward'> => ({
  index: sort === 'newest' ? 'gsi1' : 'gsi2',
  pk: `product#${productId}`,
  backward: sort !== 'lowest',
})

/** The partition of a list, for its cursors. */
export const listPartition = (productId: string, sort: Sort): Record<string, string> => {
  const { index, pk } = listOf(productId, sort)
  return { [`${index}pk`]: pk }
}

export const authorPartition = (authorId: string): Record<string, string> => ({ pk: `author#${authorId}` })

export const reviewsTable = (table: Table) => {
  const insertOf = (review: Review): Change<'taken'> => {
    const { id: reviewId, productId, authorId: userId, rating, title } = review
    const newEvents = [newEvent(reviewPublished, { reviewId, productId, userId, rating, title })]
    return {
      put: { ...keyOf(reviewId), ...review, ...indexKeysOf(review), ...nextVersion(reviewId, review, newEvents) },
      when: notThere,
      else: 'taken',
    }
  }

  return {
    async get(reviewId: string): Promise<Review | undefined> {
      const item = await table.get(keyOf(reviewId))
      return item && StoredReview.parse(item)
    },

    /** Reviews by id, at most 100, in the order of the ids; those that are gone are left out. */
    async getAll(reviewIds: readonly string[]): Promise<Review[]> {
      if (reviewIds.length === 0) return []
      const found = (await table.batchGet(reviewIds.map(keyOf))).map((item) => StoredReview.parse(item))
      return reviewIds.flatMap((reviewId) => found.find(({ id }) => id === reviewId) ?? [])
    },

    /** Visible reviews of a product. */
    async list(productId: string, sort: Sort, limit: number, startKey: Item | undefined) {
      const page = await table.query({ ...listOf(productId, sort), limit, startKey })
      return { reviews: page.items.map((item) => StoredReview.parse(item)), lastKey: page.lastKey }
    },

    /** Someone's places, by product: each leads to a review of theirs. */
    async listOfAuthor(authorId: string, limit: number, startKey: Item | undefined) {
      const page = await table.query({ pk: `author#${authorId}`, sk: { beginsWith: 'product#' }, limit, startKey })
      return { places: page.items.map((item) => StoredPlace.parse(item)), lastKey: page.lastKey }
    },

    /** The same for an export. @param position where the page before ended */
    async pageOfPerson(authorId: string, position: string | undefined, limit: number) {
      const page = await table.query({ pk: `author#${authorId}`, sk: after(position), limit })
      return { places: page.items.map((item) => StoredPlace.parse(item)), more: page.lastKey !== undefined }
    },

    async rating(productId: string): Promise<Rating> {
      return ratingOf(await table.get(ratingKeyOf(productId)))
    },

    /** @returns `taken` where the author's place at this product is, `erased` where the author is @throws AlreadyDoneError */
    async insert(review: Review, idempotencyKey: IdempotencyKey | undefined): Promise<Review | 'taken' | 'erased'> {
      const place = { ...placeKeyOf(review), reviewId: review.id }
      const changes: Change<'taken' | 'erased'>[] = [
        insertOf(review),
        { put: place, when: notThere, else: 'taken' },
        notErased(review.authorId),
        ...ratingChanges(undefined, review),
      ]
      const written = await table.write(changes, { idempotencyKey, resource: review.id })
      return written.ok ? { ...review, version: 1, sequence: 1 } : written.failed
    },

    /**
     * Writes a review's next version. `settled` takes its reports off staff's list.
     * @returns undefined when another change came first
     */
    async replace(before: Review, changed: Review, { settled = false } = {}): Promise<Review | undefined> {
      const next = nextVersion(before.id, before, [])
      const written = await table.write([
        {
          put: { ...keyOf(before.id), ...changed, ...indexKeysOf(changed), ...next },
          when: versionIs(before.version),
          else: 'raced',
        },
        ...ratingChanges(before, changed),
        ...(settled ? [{ delete: tallyKeyOf(before.id) }] : []),
      ])
      return written.ok ? { ...changed, ...next } : undefined
    },

    /** @param keepsPlace whether its author may write no other @returns undefined when another change came first */
    async remove(review: Review, keepsPlace: boolean): Promise<true | undefined> {
      const written = await table.write([
        { delete: keyOf(review.id), when: versionIs(review.version), else: 'raced' },
        keepsPlace ? { put: placeKeyOf(review) } : { delete: placeKeyOf(review) },
        ...ratingChanges(review, undefined),
        { delete: tallyKeyOf(review.id) },
      ])
      return written.ok || undefined
    },

    async removePlace({ pk, sk }: Place): Promise<void> {
      await table.write([{ delete: { pk, sk } }])
    },
  }
}

export type ReviewsTable = ReturnType<typeof reviewsTable>
