import { newId, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ReviewsTable, reviewsTable } from '../../table.ts'
import { viewOf } from '../../view.ts'
import { type ReportsTable, reportedPartition, reportsTable } from '../table.ts'

const defaultLimit = 20
const list = 'reported reviews'

type Dependencies = { reports: Pick<ReportsTable, 'list'>; reviews: Pick<ReviewsTable, 'getAll'> }

export const listReportedReviews =
  ({ reports, reviews }: Dependencies): Handle<typeof endpoints.listReportedReviews> =>
  async ({ query: { limit = defaultLimit, cursor } }) => {
    const page = await reports.list(limit, decodeCursor(list, cursor, reportedPartition))
    const reported = await reviews.getAll(page.tallies.map(({ reviewId }) => reviewId))
    return {
      body: {
        data: page.tallies.flatMap(({ reviewId, ...tally }) => {
          const review = reported.find(({ id }) => id === reviewId)
          return review ? [{ review: viewOf(review), reports: tally }] : []
        }),
        next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null,
      },
    }
  }

export const handler = serveStaff(endpoints.listReportedReviews, () => {
  const table = openTable()
  return listReportedReviews({
    reports: reportsTable({ table, now }),
    reviews: reviewsTable({ table, now, newId }),
  })
})
