import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type OrdersTable, ordersTable } from '../../table.ts'
import { answerOfReturn } from '../../view.ts'

export const readReturn =
  ({ orders }: { orders: Pick<OrdersTable, 'get' | 'orderOfReturn'> }): Handle<typeof endpoints.readReturn> =>
  async ({ params: { returnId }, caller }) => {
    const orderId = await orders.orderOfReturn(returnId)
    const order = orderId === undefined ? undefined : await orders.get(orderId)
    const returned = order?.returns.find(({ id }) => id === returnId)
    if (!order || !returned || !(caller.staff || order.customerId === caller.id)) return notFound('return')
    return answerOfReturn(order.id, returned, caller)
  }

export const handler = serveStaff(endpoints.readReturn, () =>
  readReturn({ orders: ordersTable({ table: openTable(), now, newId }) }),
)
