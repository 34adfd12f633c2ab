import { decodeCursor, defaultLimit, nextCursor } from '../../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { transferEndpoints } from '../contract.ts'
import * as transferParts from '../parts.ts'
import { listPartition } from '../table.ts'
import { summaryOfImport } from '../view.ts'

const all = 'imports'

export const handler = serveStaff(
  transferEndpoints.listImports,
  { imports: transferParts.imports },
  async function listImports({ query: { limit = defaultLimit, cursor } }, { imports }) {
    const page = await imports.list(limit, decodeCursor(all, cursor, listPartition))
    return {
      body: {
        data: page.imports.map(summaryOfImport),
        next_cursor: nextCursor(all, page.lastKey),
      },
    }
  },
)
