import { consume, type EventOf } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import type { Trigger } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateOrder } from '../update-order.ts'

type Event = EventOf<typeof consumers.settleOrder>

/**
 * What an event means for its order. Money is asked for only when all stock is kept: where the decision on it is here before that was
 * written, it says both.
 */
const triggersOf = (event: Event): Trigger[] => {
  switch (event.type) {
    case 'payment.authorized':
      return [{ type: 'stock.reserved' }, { type: event.type }]
    case 'payment.declined':
      return [{ type: 'stock.reserved' }, { type: event.type, declineCode: event.data.declineCode }]
    case 'shipment.stopped':
      return [{ type: event.type, reason: event.data.reason, by: event.data.by }]
    case 'shipment.delivered':
      return [{ type: event.type }]
  }
}

/** Updates the order. It is written before any of its events, so an unknown one cannot become known later: that is a fault. */
export const handler = consume(
  consumers.settleOrder,
  { orders: parts.orders },
  async function settleOrder(event, { orders }) {
    const { orderId } = event.data
    const { order } = await updateOrder(orders, orderId, ...triggersOf(event))
    if (!order) throw new Error(`${event.type} names the order ${orderId}, which does not exist`)
  },
)
