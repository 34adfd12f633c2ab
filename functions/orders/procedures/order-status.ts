import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/orders.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  published.orderStatus,
  { orders: parts.orders },
  async function orderStatus({ orderId }, { orders }) {
    const order = await orders.get(orderId)
    return order ? { order: { status: order.status, customerId: order.customerId } } : {}
  },
)
