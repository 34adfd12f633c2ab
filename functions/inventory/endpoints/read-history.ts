import { newId, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'

const defaultLimit = 20

export const readHistory =
  ({ inventory }: { inventory: Pick<InventoryTable, 'history'> }): Handle<typeof endpoints.readHistory> =>
  async ({ params: { sku }, query: { limit = defaultLimit, cursor } }) => {
    const list = `history of ${sku}`
    const page = await inventory.history(sku, limit, decodeCursor(list, cursor, { pk: `stock#${sku}` }))
    return {
      body: { data: page.movements, next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null },
    }
  }

export const handler = serveStaff(endpoints.readHistory, () =>
  readHistory({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
