import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { forEachId } from '../../../shared/runtime/for-each-id.ts'
import type { PartsOf } from '../../../shared/runtime/instance.ts'
import { count } from '../../../shared/runtime/observability.ts'
import { metrics, schedules, stuckAfterMinutes } from '../contract.ts'
import { isUnsettled } from '../domain.ts'
import * as parts from '../parts.ts'
import { conduct } from '../placing/conduct.ts'
import { settleDispatch } from '../sending/settle-dispatch.ts'
import { updateOrder } from '../update-order.ts'

/** Orders of each partition in one run; the next run comes a minute later. */
const ordersPerPartition = 50

const needed = {
  orders: parts.orders,
  reserve: parts.reserve,
  authorize: parts.authorize,
  capture: parts.capture,
  commit: parts.commit,
}

/** The index may show an order that has moved on since: then nothing of this changes it. */
const moveOn = async (given: PartsOf<typeof needed>, orderId: string): Promise<void> => {
  const { order } = await updateOrder(given.orders, orderId, { type: 'overdue' })
  if (!order) return
  await conduct(given, order)
  if (isUnsettled(order)) await settleDispatch(given, orderId)
}

/** What ended half-way is taken up again; what has waited for too long is cancelled, or completed. */
export const handler = onSchedule(schedules.moveOverdue, needed, async function moveOverdue(given) {
  const due = await given.orders.listOverdue(ordersPerPartition)
  const stuckBefore = isoTime(now() - stuckAfterMinutes * 60_000)
  count(metrics.ordersStuck, due.filter(({ dueAt }) => dueAt < stuckBefore).length)
  await forEachId(
    due.map(({ id }) => id),
    (orderId) => moveOn(given, orderId),
  )
})
