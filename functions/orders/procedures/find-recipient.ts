import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findRecipient } from '../../published/orders.ts'
import { ordersTable } from '../table.ts'

/** Of an order whose customer was erased, what is left: its number. */
export const handler = provide(findRecipient, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return async ({ orderId }) => {
    const order = await orders.get(orderId)
    return order ? { recipient: { customerId: order.customerId, number: order.number, email: order.email } } : {}
  }
})
