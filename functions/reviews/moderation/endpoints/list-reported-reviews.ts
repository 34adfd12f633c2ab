import { decodeCursor, defaultLimit, nextCursor } from '../../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { viewOf } from '../../view.ts'
import { reportedPartition } from '../table.ts'

const list = 'reported reviews'

export const handler = serveStaff(
  endpoints.listReportedReviews,
  { reports: parts.reports, reviews: parts.reviews },
  async function listReportedReviews({ query: { limit = defaultLimit, cursor } }, { reports, reviews }) {
    const page = await reports.list(limit, decodeCursor(list, cursor, reportedPartition))
    const reported = await reviews.getAll(page.tallies.map(({ reviewId }) => reviewId))
    return {
      body: {
        data: page.tallies.flatMap(({ reviewId, ...tally }) => {
          const review = reported.find(({ id }) => id === reviewId)
          return review ? [{ review: viewOf(review), reports: tally }] : []
        }),
        next_cursor: nextCursor(list, page.lastKey),
      },
    }
  },
)
