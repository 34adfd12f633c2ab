import { decodeCursor } from '../../../../shared/runtime/cursor.ts'
import { notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { transferEndpoints } from '../contract.ts'
import * as transferParts from '../parts.ts'
import { reportPartition } from '../table.ts'
import { answerOfImport, reportList } from '../view.ts'

export const handler = serveStaff(
  transferEndpoints.readImport,
  { imports: transferParts.imports },
  async function readImport({ params: { importId }, query: { cursor } }, { imports }) {
    const startKey = decodeCursor(reportList(importId), cursor, reportPartition(importId))
    const one = await imports.get(importId)
    return one ? answerOfImport(one, await imports.report(importId, startKey)) : notFound('import')
  },
)
