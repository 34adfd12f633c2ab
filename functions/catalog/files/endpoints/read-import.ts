import { newId, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor } from '../../../../shared/runtime/cursor.ts'
import { type Handle, notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { transferEndpoints } from '../contract.ts'
import { reportPartition, type TransferTable, transferTable } from '../table.ts'
import { answerOfImport, reportList } from '../view.ts'

export const readImport =
  ({ imports }: { imports: Pick<TransferTable, 'get' | 'report'> }): Handle<typeof transferEndpoints.readImport> =>
  async ({ params: { importId }, query: { cursor } }) => {
    const startKey = decodeCursor(reportList(importId), cursor, reportPartition(importId))
    const one = await imports.get(importId)
    return one ? answerOfImport(one, await imports.report(importId, startKey)) : notFound('import')
  }

export const handler = serveStaff(transferEndpoints.readImport, () =>
  readImport({ imports: transferTable({ table: openTable(), now, newId }) }),
)
