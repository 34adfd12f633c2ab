/** Reviews and ratings as the API shows them. */
import type * as z from 'zod/mini'
import type { RatingSummary, Review as ReviewSchema } from './contract.ts'
import { averageOf, type Review } from './domain.ts'
import type { Rating } from './ratings/table.ts'

export const viewOf = ({ sequence: _, ...review }: Review): z.input<typeof ReviewSchema> => review

export const answerOf = (review: Review) => ({ body: viewOf(review), version: review.version })

export const ratingViewOf = ({ count, sum, stars }: Rating): z.input<typeof RatingSummary> => ({
  count,
  average: averageOf({ count, sum }),
  stars,
})
