import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { eachOf } from '../../../shared/runtime/each.ts'
import { count } from '../../../shared/runtime/observability.ts'
import { advance } from '../advance.ts'
import { metrics, schedules, stuckAfterMinutes } from '../contract.ts'
import * as parts from '../parts.ts'

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
    await eachOf(
      overdue.map(({ id }) => id),
      async (orderId) => {
        await advance(orders, orderId, { type: 'overdue' })
      },
    )
  },
)
