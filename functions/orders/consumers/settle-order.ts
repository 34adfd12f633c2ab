import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Advance, advance } from '../advance.ts'
import { consumers } from '../contract.ts'
import { ordersTable } from '../table.ts'

/** An order is written before anyone hears of it, so an unknown one cannot become known later: that is a fault. */
export const settleOrder =
  ({ advance }: { advance: Advance }): Consume<typeof consumers.settleOrder> =>
  async ({ type, data: { orderId } }) => {
    const { order } = await advance(orderId, { type })
    if (!order) throw new Error(`${type} names the order ${orderId}, which does not exist`)
  }

export const handler = consume(consumers.settleOrder, () =>
  settleOrder({ advance: advance({ orders: ordersTable({ table: openTable(), now, newId }), now }) }),
)
