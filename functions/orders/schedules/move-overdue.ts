import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { eachOf } from '../../../shared/runtime/each.ts'
import { count } from '../../../shared/runtime/observability.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Advance, advance } from '../advance.ts'
import { metrics, schedules, stuckAfterMinutes } from '../contract.ts'
import { type OrdersTable, ordersTable } from '../table.ts'

/** Orders of each partition in one run; the next run comes a minute later. */
const ordersPerPartition = 50

/** The index may show an order that has moved on since: the transition table ignores it. */
export const moveOverdue =
  ({ orders, advance, now }: { orders: Pick<OrdersTable, 'listOverdue'>; advance: Advance; now: Now }) =>
  async (): Promise<void> => {
    const overdue = await orders.listOverdue(ordersPerPartition)
    const stuckBefore = isoTime(now() - stuckAfterMinutes * 60_000)
    count(metrics.ordersStuck, overdue.filter(({ dueAt }) => dueAt < stuckBefore).length)
    await eachOf(
      overdue.map(({ id }) => id),
      async (orderId) => {
        await advance(orderId, { type: 'overdue' })
      },
    )
  }

export const handler = onSchedule(schedules.moveOverdue, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return moveOverdue({ orders, advance: advance({ orders, now }), now })
})
