import { newId, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { authorPartition, type ReviewsTable, reviewsTable } from '../table.ts'
import { viewOf } from '../view.ts'

const defaultLimit = 20

export const listMyReviews =
  ({ reviews }: { reviews: Pick<ReviewsTable, 'listOfAuthor' | 'getAll'> }): Handle<typeof endpoints.listMyReviews> =>
  async ({ query: { limit = defaultLimit, cursor }, caller }) => {
    const list = `reviews by ${caller.id}`
    const startKey = decodeCursor(list, cursor, authorPartition(caller.id))
    const page = await reviews.listOfAuthor(caller.id, limit, startKey)
    const mine = await reviews.getAll(page.places.flatMap(({ reviewId }) => reviewId ?? []))
    return {
      body: { data: mine.map(viewOf), next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null },
    }
  }

export const handler = serve(endpoints.listMyReviews, () =>
  listMyReviews({ reviews: reviewsTable({ table: openTable(), now, newId }) }),
)
