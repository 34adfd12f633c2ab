import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/orders.ts'
import * as parts from '../parts.ts'
import { updateOrder } from '../update-order.ts'

/**
 * The order alone decides whether it was confirmed in time: a service that keeps something for it asks, and what is answered
 * holds. An order that does not exist needs nothing.
 */
export const handler = provide(
  published.settleExpired,
  { orders: parts.orders },
  async function settleExpired({ orderIds }, { orders }) {
    const outcomes = await Promise.all(orderIds.map((orderId) => updateOrder(orders, orderId, { type: 'overdue' })))
    return { needed: outcomes.flatMap(({ order }) => (order && order.status !== 'cancelled' ? [order.id] : [])) }
  },
)
