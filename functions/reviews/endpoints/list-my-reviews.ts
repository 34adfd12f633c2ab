import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { authorPartition } from '../table.ts'
import { viewOf } from '../view.ts'

export const handler = serve(
  endpoints.listMyReviews,
  { reviews: parts.reviews },
  async function listMyReviews({ query: { limit = defaultLimit, cursor }, caller }, { reviews }) {
    const list = `reviews by ${caller.id}`
    const startKey = decodeCursor(list, cursor, authorPartition(caller.id))
    const page = await reviews.listOfAuthor(caller.id, limit, startKey)
    const mine = await reviews.getAll(page.places.flatMap(({ reviewId }) => reviewId ?? []))
    return {
      body: { data: mine.map(viewOf), next_cursor: nextCursor(list, page.lastKey) },
    }
  },
)
