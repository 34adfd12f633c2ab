import { notFound, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

/** Reports hide nothing by themselves: else a few strangers could silence a buyer. */
export const handler = serve(
  endpoints.reportReview,
  { reports: parts.reports },
  async function reportReview({ params: { reviewId }, body: { reason }, caller }, { reports }) {
    return (await reports.add(reviewId, caller.id, reason)) === 'unknown' ? notFound('review') : { body: undefined }
  },
)
