/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | a review | `review#<reviewId>` | `review` |
 * | the place of someone's only review of a product | `author#<userId>` | `product#<productId>` |
 * | a product's rating, all its visible reviews together | `product#<productId>` | `rating` |
 * | gsi1: a product's visible reviews, newest first | `product#<productId>` | `<reviewId>` |
 * | gsi2: the same by stars | `product#<productId>` | `<rating>#<reviewId>` |
 *
 * Hidden reviews stand in no index. Who has bought what is in purchases-table.ts, who reported what in reports-table.ts.
 *
 * A review, its place and its product's rating change in one transaction. The rating changes in place, by what this review
 * adds or takes away: nobody reads it to write it, so no review is lost and none counts twice.
 */
import * as z from 'zod/mini'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import type { Once } from '../../shared/runtime/idempotency.ts'
import { fact, factWithItem, nextVersion, nextVersionInPlace } from '../../shared/runtime/outbox.ts'
import { type Change, type Item, notThere, type Query, type Table, versionIs } from '../../shared/runtime/table.ts'
import { countedStars, type Review, ratingChange, type Stars } from './domain.ts'
import { productRated, reviewPublished } from './events.ts'
import { tallyKeyOf } from './reports-table.ts'

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

const units = z._default(z.int(), 0)
const StoredRating = z.object({
  count: z.int(),
  sum: z.int(),
  stars1: units,
  stars2: units,
  stars3: units,
  stars4: units,
  stars5: units,
})

/** Its review may be gone: then staff had hidden it, and the place stays taken. */
const StoredPlace = z.object({ reviewId: z.optional(z.string()) })

export type Rating = { count: number; sum: number; stars: Stars }

export type Sort = 'newest' | 'highest' | 'lowest'

const keyOf = (reviewId: string) => ({ pk: `review#${reviewId}`, sk: 'review' })
const placeKeyOf = ({ authorId, productId }: Pick<Review, 'authorId' | 'productId'>) => ({
  pk: `author#${authorId}`,
  sk: `product#${productId}`,
})
const ratingKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'rating' })

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

export const reviewsTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => {
  const tools = { now, newId }

  /** Nothing where a review counts afterwards as it did before. */
  const ratingChanges = (productId: string, before: Review | undefined, after: Review | undefined): Change[] => {
    const change = ratingChange(countedStars(before), countedStars(after))
    if (!change) return []
    const next = nextVersionInPlace(productId, [factWithItem(productRated, { productId }, ['count', 'sum'])], tools)
    const added = { count: change.count, sum: change.sum, ...starsOf(change.stars) }
    const clauses = Object.keys(added).map((name) => `#${name} = if_not_exists(#${name}, :zero) + :${name}`)
    const values = Object.fromEntries(Object.entries(added).map(([name, value]) => [`:${name}`, value]))
    return [
      {
        update: ratingKeyOf(productId),
        set: { expression: `SET ${[...clauses, next.clauses].join(', ')}`, values: { ...next.values, ...values } },
      },
    ]
  }
  const starsOf = (stars: readonly (readonly [number, number])[]) =>
    Object.fromEntries(stars.map(([number, change]) => [`stars${number}`, change]))

  const insertOf = (review: Review): Change => {
    const { id: reviewId, productId, authorId: userId, rating, title } = review
    const facts = [fact(reviewPublished, { reviewId, productId, userId, rating, title })]
    return {
      put: { ...keyOf(reviewId), ...review, ...indexKeysOf(review), ...nextVersion(reviewId, review, facts, tools) },
      when: notThere,
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

    /** Ids of someone's reviews, by product. */
    async listOfAuthor(authorId: string, limit: number, startKey: Item | undefined) {
      const page = await table.query({ pk: `author#${authorId}`, sk: { beginsWith: 'product#' }, limit, startKey })
      const reviewIds = page.items.flatMap((item) => StoredPlace.parse(item).reviewId ?? [])
      return { reviewIds, lastKey: page.lastKey }
    },

    async rating(productId: string): Promise<Rating> {
      const item = await table.get(ratingKeyOf(productId))
      const { count, sum, stars1, stars2, stars3, stars4, stars5 } = StoredRating.parse(item ?? { count: 0, sum: 0 })
      return { count, sum, stars: { 1: stars1, 2: stars2, 3: stars3, 4: stars4, 5: stars5 } }
    },

    /** @returns undefined when the author's place at this product is taken @throws AlreadyDoneError */
    async insert(review: Review, once: Once | undefined): Promise<Review | undefined> {
      const place = { ...placeKeyOf(review), reviewId: review.id }
      const changes = [
        insertOf(review),
        { put: place, when: notThere },
        ...ratingChanges(review.productId, undefined, review),
      ]
      const written = await table.write(changes, { once, resource: review.id })
      return written.ok ? { ...review, version: 1, sequence: 1 } : undefined
    },

    /**
     * Writes a review's next version. `settled` takes its reports off staff's list.
     * @returns undefined when another change came first
     */
    async replace(before: Review, after: Review, { settled = false } = {}): Promise<Review | undefined> {
      const next = nextVersion(before.id, before, [], tools)
      const written = await table.write([
        {
          put: { ...keyOf(before.id), ...after, ...indexKeysOf(after), ...next },
          when: versionIs(before.version),
        },
        ...ratingChanges(before.productId, before, after),
        ...(settled ? [{ delete: tallyKeyOf(before.id) }] : []),
      ])
      return written.ok ? { ...after, ...next } : undefined
    },

    /** A hidden review leaves its place taken. @returns undefined when another change came first */
    async remove(review: Review): Promise<true | undefined> {
      const written = await table.write([
        { delete: keyOf(review.id), when: versionIs(review.version) },
        review.hidden ? { put: placeKeyOf(review) } : { delete: placeKeyOf(review) },
        ...ratingChanges(review.productId, review, undefined),
        { delete: tallyKeyOf(review.id) },
      ])
      return written.ok || undefined
    },
  }
}

export type ReviewsTable = ReturnType<typeof reviewsTable>
