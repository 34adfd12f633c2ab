import { newId, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import { type Handle, problem } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { viewOf } from '../view.ts'

const defaultLimit = 20

type Dependencies = { orders: Pick<OrdersTable, 'listOfCustomer' | 'listAll'> }

export const listOrders =
  ({ orders }: Dependencies): Handle<typeof endpoints.listOrders> =>
  async ({ query: { limit = defaultLimit, cursor, scope }, caller }) => {
    const everyone = scope === 'all'
    if (everyone && !caller.staff) return problem('FORBIDDEN', 'Only staff list the orders of everyone.')
    const list = everyone ? 'orders of everyone' : `orders of ${caller.id}`
    const page = everyone
      ? await orders.listAll(limit, decodeCursor(list, cursor))
      : await orders.listOfCustomer(caller.id, limit, decodeCursor(list, cursor, { gsi1pk: `customer#${caller.id}` }))
    return {
      body: {
        data: page.orders.map((order) => viewOf(order, caller)),
        next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null,
      },
    }
  }

export const handler = serveStaff(endpoints.listOrders, () =>
  listOrders({ orders: ordersTable({ table: openTable(), now, newId }) }),
)
