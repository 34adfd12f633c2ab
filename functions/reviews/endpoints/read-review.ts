import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type ReviewsTable, reviewsTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const readReview =
  ({ reviews }: { reviews: Pick<ReviewsTable, 'get'> }): Handle<typeof endpoints.readReview> =>
  async ({ params: { reviewId }, caller }) => {
    const review = await reviews.get(reviewId)
    const isShown = review && (!review.hidden || review.authorId === caller.id || caller.staff)
    return isShown ? answerOf(review) : notFound('review')
  }

export const handler = serveStaff(endpoints.readReview, () =>
  readReview({ reviews: reviewsTable({ table: openTable(), now, newId }) }),
)
