import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { edited } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

/** A hidden review can be changed as well; it stays hidden until staff show it again. */
export const handler = serve(
  endpoints.editReview,
  { reviews: parts.reviews },
  function editReview({ params: { reviewId }, body, caller, ifMatch }, { reviews }) {
    return retryOnConflict(async () => {
      const review = await reviews.get(reviewId)
      if (review?.authorId !== caller.id) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      const after = edited(review, body, isoTime(now()))
      if (!after) return answerOf(review)
      const written = await reviews.replace(review, after)
      return written && answerOf(written)
    })
  },
)
