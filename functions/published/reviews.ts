/** The published language of reviews: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Id, Text, UserId } from '../../shared/contract/schema.ts'

export const exportPerson = exportPersonOf('reviews', ['Query', 'BatchGetItem'])

/** Stars, 1 (poor) to 5 (excellent). */
export const Rating = z.int().check(z.minimum(1), z.maximum(5))

export const reviewPublished = event({
  service: 'reviews',
  type: 'review.published',
  schemaVersion: 1,
  summary: 'A buyer has reviewed a product; once per review, whatever becomes of it later',
  data: z.object({
    reviewId: Id('rev'),
    productId: Id('prd'),
    userId: UserId,
    rating: Rating,
    title: z.optional(Text(120)),
  }),
})

export const productRated = event({
  service: 'reviews',
  type: 'product.rated',
  schemaVersion: 1,
  summary: 'The ratings of a product in all, as they count from now on; the newest sequence holds',
  data: z.object({
    productId: Id('prd'),
    /** Reviews that anyone can see. */
    count: z.int().check(z.minimum(0)),
    /** Of their stars. */
    sum: z.int().check(z.minimum(0)),
  }),
})

export const personErased = personErasedBy('reviews')
