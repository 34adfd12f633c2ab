import { consume, type EventOf } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import type { Trigger } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateOrder } from '../update-order.ts'

type Event = EventOf<typeof consumers.settleOrder>

/** What an event means for its order. */
const triggerOf = (event: Event): Trigger => {
  switch (event.type) {
    case 'stock.rejected':
      return { type: event.type, shortages: event.data.shortages }
    case 'payment.declined':
      return { type: event.type, declineCode: event.data.declineCode }
    case 'shipment.stopped':
      return { type: event.type, reason: event.data.reason, by: event.data.by }
    default:
      return { type: event.type }
  }
}

/** Updates the order. It is written before any of its events, so an unknown one cannot become known later: that is a fault. */
export const handler = consume(
  consumers.settleOrder,
  { orders: parts.orders },
  async function settleOrder(event, { orders }) {
    const { orderId } = event.data
    const trigger = triggerOf(event)
    const { order } = await updateOrder(orders, orderId, trigger)
    if (!order) throw new Error(`${event.type} names the order ${orderId}, which does not exist`)
  },
)
