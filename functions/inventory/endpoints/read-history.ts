import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = serveStaff(
  endpoints.readHistory,
  { inventory: parts.inventory },
  async function readHistory({ params: { sku }, query: { limit = defaultLimit, cursor } }, { inventory }) {
    const list = `history of ${sku}`
    const page = await inventory.history(sku, limit, decodeCursor(list, cursor, { pk: `stock#${sku}` }))
    return {
      body: { data: page.movements, next_cursor: nextCursor(list, page.lastKey) },
    }
  },
)
