import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { settleExpired } from '../../published/orders.ts'
import { advance } from '../advance.ts'
import { ordersTable } from '../table.ts'

/**
 * The order alone decides whether it was confirmed in time: whoever keeps something for it asks, and what is answered
 * holds. An order that does not exist needs nothing.
 */
export const handler = provide(settleExpired, () => {
  const advanceOrder = advance({ orders: ordersTable({ table: openTable(), now, newId }), now })
  return async ({ orderIds }) => {
    const outcomes = await Promise.all(orderIds.map((orderId) => advanceOrder(orderId, { type: 'overdue' })))
    return { needed: outcomes.flatMap(({ order }) => (order && order.status !== 'cancelled' ? [order.id] : [])) }
  }
})
