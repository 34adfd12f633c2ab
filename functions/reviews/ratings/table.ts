/**
 * | item | pk | sk |
 * |---|---|---|
 * | a product's rating, all its visible reviews together | `product#<productId>` | `rating` |
 *
 * It changes in place, by what a review adds or takes away, in that review's own transaction: nobody reads it to write it,
 * so no review is lost and none counts twice.
 */
import * as z from 'zod/mini'
import { eventFromItem, type NewEvent, nextVersionInPlace } from '../../../shared/runtime/outbox.ts'
import type { Change, Item } from '../../../shared/runtime/table.ts'
import { productRated } from '../../published/reviews.ts'
import { countedStars, type Review, ratingChange, type Stars } from '../domain.ts'

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

export type Rating = { count: number; sum: number; stars: Stars }

export const ratingKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'rating' })

/** @param item undefined where nobody has rated the product yet */
export const ratingOf = (item: Item | undefined): Rating => {
  const { count, sum, stars1, stars2, stars3, stars4, stars5 } = StoredRating.parse(item ?? { count: 0, sum: 0 })
  return { count, sum, stars: { 1: stars1, 2: stars2, 3: stars3, 4: stars4, 5: stars5 } }
}

/** Of one review as it was and as it is to be; nothing where it counts as it did. */
export const ratingChanges = (before: Review | undefined, after: Review | undefined): Change[] => {
  const change = ratingChange(countedStars(before), countedStars(after))
  const productId = (after ?? before)?.productId
  if (!change || productId === undefined) return []
  const rated: NewEvent<keyof z.infer<typeof StoredRating>> = eventFromItem(productRated, { productId }, [
    'count',
    'sum',
  ])
  const next = nextVersionInPlace(productId, [rated])
  const stars = Object.fromEntries(change.stars.map(([number, more]) => [`stars${number}`, more]))
  const added = Object.entries({ count: change.count, sum: change.sum, ...stars })
  const clauses = added.map(([name]) => `#${name} = if_not_exists(#${name}, :zero) + :${name}`)
  const values = Object.fromEntries(added.map(([name, more]) => [`:${name}`, more]))
  return [
    {
      update: ratingKeyOf(productId),
      set: { expression: `SET ${[...clauses, next.clauses].join(', ')}`, values: { ...next.values, ...values } },
    },
  ]
}
