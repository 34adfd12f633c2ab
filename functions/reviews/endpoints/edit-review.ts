import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { edited } from '../domain.ts'
import { type ReviewsTable, reviewsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { reviews: Pick<ReviewsTable, 'get' | 'replace'>; now: Now }

/** A hidden review can be changed as well; it stays hidden until staff show it again. */
export const editReview =
  ({ reviews, now }: Dependencies): Handle<typeof endpoints.editReview> =>
  ({ params: { reviewId }, body, caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.editReview>>(async () => {
      const review = await reviews.get(reviewId)
      if (review?.authorId !== caller.id) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      const after = edited(review, body, isoTime(now()))
      if (!after) return answerOf(review)
      const written = await reviews.replace(review, after)
      return written && answerOf(written)
    })

export const handler = serve(endpoints.editReview, () =>
  editReview({ reviews: reviewsTable({ table: openTable(), now, newId }), now }),
)
