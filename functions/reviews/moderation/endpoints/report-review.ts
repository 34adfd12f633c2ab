import { now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ReportsTable, reportsTable } from '../table.ts'

/** Reports hide nothing by themselves: else a few strangers could silence a buyer. */
export const reportReview =
  ({ reports }: { reports: Pick<ReportsTable, 'add'> }): Handle<typeof endpoints.reportReview> =>
  async ({ params: { reviewId }, body: { reason }, caller }) =>
    (await reports.add(reviewId, caller.id, reason)) === 'unknown' ? notFound('review') : { body: undefined }

export const handler = serve(endpoints.reportReview, () =>
  reportReview({ reports: reportsTable({ table: openTable(), now }) }),
)
