import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ReviewsTable, reviewsTable } from '../../table.ts'
import { answerOf } from '../../view.ts'

export const hideReview =
  ({ reviews }: { reviews: Pick<ReviewsTable, 'get' | 'replace'> }): Handle<typeof endpoints.hideReview> =>
  ({ params: { reviewId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.hideReview>>(async () => {
      const review = await reviews.get(reviewId)
      if (!review) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      if (review.hidden) return answerOf(review)
      const written = await reviews.replace(review, { ...review, hidden: true }, { settled: true })
      return written && answerOf(written)
    })

export const handler = serveStaff(endpoints.hideReview, () =>
  hideReview({ reviews: reviewsTable({ table: openTable(), now, newId }) }),
)
