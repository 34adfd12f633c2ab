import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ReviewsTable, reviewsTable } from '../../table.ts'
import { answerOf } from '../../view.ts'
import { type ReportsTable, reportsTable } from '../table.ts'

type Dependencies = { reviews: Pick<ReviewsTable, 'get' | 'replace'>; reports: Pick<ReportsTable, 'settle'> }

/** Of a review that is shown this settles the reports: staff have looked, and leave it as it is. */
export const unhideReview =
  ({ reviews, reports }: Dependencies): Handle<typeof endpoints.unhideReview> =>
  ({ params: { reviewId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.unhideReview>>(async () => {
      const review = await reviews.get(reviewId)
      if (!review) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      if (!review.hidden) {
        await reports.settle(reviewId)
        return answerOf(review)
      }
      const written = await reviews.replace(review, { ...review, hidden: false })
      return written && answerOf(written)
    })

export const handler = serveStaff(endpoints.unhideReview, () => {
  const table = openTable()
  return unhideReview({ reviews: reviewsTable({ table, now, newId }), reports: reportsTable({ table, now }) })
})
