import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { forEachId } from '../../../shared/runtime/for-each-id.ts'
import { count } from '../../../shared/runtime/observability.ts'
import { metrics, schedules, stuckAfterMinutes } from '../contract.ts'
import * as parts from '../parts.ts'
import { updateOrder } from '../update-order.ts'

/** Orders of each partition in one run; the next run comes a minute later. */
const ordersPerPartition = 50

/** The index may show an order that has moved on since: the transition table ignores it. */
export const handler = onSchedule(
  schedules.moveOverdue,
  { orders: parts.orders },
  async function moveOverdue({ orders }) {
    const overdue = await orders.listOverdue(ordersPerPartition)
    const stuckBefore = isoTime(now() - stuckAfterMinutes * 60_000)
    count(metrics.ordersStuck, overdue.filter(({ dueAt }) => dueAt < stuckBefore).length)
    await forEachId(
      overdue.map(({ id }) => id),
      async (orderId) => {
        await updateOrder(orders, orderId, { type: 'overdue' })
      },
    )
  },
)
