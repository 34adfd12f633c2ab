import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { answerOf } from '../../view.ts'

/** Of a review that is shown this settles the reports: staff have looked, and leave it as it is. */
export const handler = serveStaff(
  endpoints.unhideReview,
  { reviews: parts.reviews, reports: parts.reports },
  function unhideReview({ params: { reviewId }, ifMatch }, { reviews, reports }) {
    return retryOnConflict(async () => {
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
  },
)
