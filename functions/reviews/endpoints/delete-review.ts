import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type ReviewsTable, reviewsTable } from '../table.ts'

/** A hidden review leaves its place taken: else whoever wrote it would only have to write it again. */
export const deleteReview =
  ({ reviews }: { reviews: Pick<ReviewsTable, 'get' | 'remove'> }): Handle<typeof endpoints.deleteReview> =>
  ({ params: { reviewId }, caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.deleteReview>>(async () => {
      const review = await reviews.get(reviewId)
      if (review?.authorId !== caller.id) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      return (await reviews.remove(review, review.hidden)) && { body: undefined }
    })

export const handler = serve(endpoints.deleteReview, () =>
  deleteReview({ reviews: reviewsTable({ table: openTable(), now, newId }) }),
)
