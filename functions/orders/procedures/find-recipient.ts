import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/orders.ts'
import * as parts from '../parts.ts'

/** Of an order whose customer was erased, what is left: its number. */
export const handler = provide(
  published.findRecipient,
  { orders: parts.orders },
  async function findRecipient({ orderId }, { orders }) {
    const order = await orders.get(orderId)
    return order ? { recipient: { customerId: order.customerId, number: order.number, email: order.email } } : {}
  },
)
