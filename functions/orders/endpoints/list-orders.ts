import { decodeCursor, defaultLimit, nextCursor } from '../../../shared/runtime/cursor.ts'
import { problem } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { customerPartition } from '../table.ts'
import { viewOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.listOrders,
  { orders: parts.orders },
  async function listOrders({ query: { limit = defaultLimit, cursor, scope }, caller }, { orders }) {
    const everyone = scope === 'all'
    if (everyone && !caller.staff) return problem('FORBIDDEN', 'Only staff list the orders of everyone.')
    const list = everyone ? 'orders of everyone' : `orders of ${caller.id}`
    const page = everyone
      ? await orders.listAll(limit, decodeCursor(list, cursor))
      : await orders.listOfCustomer(caller.id, limit, decodeCursor(list, cursor, customerPartition(caller.id)))
    return {
      body: {
        data: page.orders.map((order) => viewOf(order, caller)),
        next_cursor: nextCursor(list, page.lastKey),
      },
    }
  },
)
