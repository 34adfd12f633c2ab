import { call, withFallback } from '../../../shared/runtime/call.ts'
import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { noProfiles, profileIn, publicProfiles } from '../../published/profiles.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { listPartition } from '../table.ts'
import { ratingViewOf, viewOf } from '../view.ts'

/**
 * Of a product that does not exist nobody says anything: an empty list. Like shelves, a page may be a few seconds old.
 * Without an answer from profiles, authors are shown without their names and pictures.
 */
export const handler = serve(
  endpoints.listReviews,
  { reviews: parts.reviews, profilesOf: () => withFallback(call(publicProfiles), noProfiles) },
  async function listReviews(
    { params: { productId }, query: { limit = defaultLimit, cursor, sort = 'newest' } },
    { reviews, profilesOf },
  ) {
    const list = `reviews of ${productId} ${sort}`
    const startKey = decodeCursor(list, cursor, listPartition(productId, sort))
    const [page, rating] = await Promise.all([
      reviews.list(productId, sort, limit, startKey),
      reviews.rating(productId),
    ])
    const userIds = page.reviews.map(({ authorId }) => authorId)
    const { profiles } = userIds.length > 0 ? await profilesOf({ userIds }) : noProfiles()
    const authorOf = profileIn(profiles)
    return {
      body: {
        rating: ratingViewOf(rating),
        data: page.reviews.map((review) => ({ ...viewOf(review), author: authorOf(review.authorId) })),
        next_cursor: nextCursor(list, page.lastKey),
      },
      headers: { 'cache-control': 'public, max-age=5' },
    }
  },
)
