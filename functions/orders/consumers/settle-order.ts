import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Advance, advance } from '../advance.ts'
import { consumers } from '../contract.ts'
import type { Trigger } from '../domain.ts'
import { ordersTable } from '../table.ts'

type Event = Parameters<Consume<typeof consumers.settleOrder>>[0]

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

/** An order is written before anyone hears of it, so an unknown one cannot become known later: that is a fault. */
export const settleOrder =
  ({ advance }: { advance: Advance }): Consume<typeof consumers.settleOrder> =>
  async (event) => {
    const { orderId } = event.data
    const trigger = triggerOf(event)
    const { order } = await advance(orderId, trigger)
    if (!order) throw new Error(`${event.type} names the order ${orderId}, which does not exist`)
  }

export const handler = consume(consumers.settleOrder, () =>
  settleOrder({ advance: advance({ orders: ordersTable({ table: openTable(), now, newId }), now }) }),
)
