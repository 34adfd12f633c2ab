import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const readOrder =
  ({ orders }: { orders: Pick<OrdersTable, 'get'> }): Handle<typeof endpoints.readOrder> =>
  async ({ params, caller }) => {
    const order = await orders.get(params.orderId)
    return order && (caller.staff || order.customerId === caller.id) ? answerOf(order, caller) : notFound('order')
  }

export const handler = serveStaff(endpoints.readOrder, () =>
  readOrder({ orders: ordersTable({ table: openTable(), now, newId }) }),
)
