import { notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.readReview,
  { reviews: parts.reviews },
  async function readReview({ params: { reviewId }, caller }, { reviews }) {
    const review = await reviews.get(reviewId)
    const isShown = review && (!review.hidden || review.authorId === caller.id || caller.staff)
    return isShown ? answerOf(review) : notFound('review')
  },
)
