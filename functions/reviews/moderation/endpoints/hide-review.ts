import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { answerOf } from '../../view.ts'

export const handler = serveStaff(
  endpoints.hideReview,
  { reviews: parts.reviews },
  function hideReview({ params: { reviewId }, ifMatch }, { reviews }) {
    return retryOnConflict(async () => {
      const review = await reviews.get(reviewId)
      if (!review) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      if (review.hidden) return answerOf(review)
      const written = await reviews.replace(review, { ...review, hidden: true }, { settled: true })
      return written && answerOf(written)
    })
  },
)
