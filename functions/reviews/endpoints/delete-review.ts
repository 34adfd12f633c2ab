import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

/** A hidden review leaves its place taken: else whoever wrote it would only have to write it again. */
export const handler = serve(
  endpoints.deleteReview,
  { reviews: parts.reviews },
  function deleteReview({ params: { reviewId }, caller, ifMatch }, { reviews }) {
    return retryOnConflict(async () => {
      const review = await reviews.get(reviewId)
      if (review?.authorId !== caller.id) return notFound('review')
      if (isStale(ifMatch, review.version)) return staleVersion()
      return (await reviews.remove(review, review.hidden)) && { body: undefined }
    })
  },
)
