import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { orderStatus } from '../../published/orders.ts'
import { ordersTable } from '../table.ts'

export const handler = provide(orderStatus, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return async ({ orderId }) => {
    const order = await orders.get(orderId)
    return order ? { order: { status: order.status, customerId: order.customerId } } : {}
  }
})
