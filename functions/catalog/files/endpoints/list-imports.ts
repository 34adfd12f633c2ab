import { newId, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { transferEndpoints } from '../contract.ts'
import { listPartition, type TransferTable, transferTable } from '../table.ts'
import { summaryOfImport } from '../view.ts'

const defaultLimit = 20
const all = 'imports'

export const listImports =
  ({ imports }: { imports: Pick<TransferTable, 'list'> }): Handle<typeof transferEndpoints.listImports> =>
  async ({ query: { limit = defaultLimit, cursor } }) => {
    const page = await imports.list(limit, decodeCursor(all, cursor, listPartition))
    return {
      body: {
        data: page.imports.map(summaryOfImport),
        next_cursor: page.lastKey ? encodeCursor(all, page.lastKey) : null,
      },
    }
  }

export const handler = serveStaff(transferEndpoints.listImports, () =>
  listImports({ imports: transferTable({ table: openTable(), now, newId }) }),
)
