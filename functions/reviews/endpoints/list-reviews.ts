import { call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { publicProfiles } from '../../profiles/procedures.ts'
import { type Authors, authors } from '../authors.ts'
import { endpoints } from '../contract.ts'
import { listPartition, type ReviewsTable, reviewsTable } from '../table.ts'
import { ratingViewOf, viewOf } from '../view.ts'

const defaultLimit = 20

type Dependencies = { reviews: Pick<ReviewsTable, 'list' | 'rating'>; authors: Authors }

/** Of a product that does not exist nobody says anything: an empty list. Like shelves, a page may be a few seconds old. */
export const listReviews =
  ({ reviews, authors }: Dependencies): Handle<typeof endpoints.listReviews> =>
  async ({ params: { productId }, query: { limit = defaultLimit, cursor, sort = 'newest' } }) => {
    const list = `reviews of ${productId} ${sort}`
    const startKey = decodeCursor(list, cursor, listPartition(productId, sort))
    const [page, rating] = await Promise.all([
      reviews.list(productId, sort, limit, startKey),
      reviews.rating(productId),
    ])
    const authorOf = await authors(page.reviews.map(({ authorId }) => authorId))
    return {
      body: {
        rating: ratingViewOf(rating),
        data: page.reviews.map((review) => ({ ...viewOf(review), author: authorOf(review.authorId) })),
        next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null,
      },
      headers: { 'cache-control': 'public, max-age=5' },
    }
  }

export const handler = serve(endpoints.listReviews, () =>
  listReviews({ reviews: reviewsTable({ table: openTable(), now, newId }), authors: authors(call(publicProfiles)) }),
)
