import { call } from '../../../shared/runtime/call.ts'
import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { forEachId } from '../../../shared/runtime/for-each-id.ts'
import { count, logger } from '../../../shared/runtime/observability.ts'
import * as orders from '../../published/orders.ts'
import * as payments from '../../published/payments.ts'
import { graceMinutes, metrics, schedules } from '../contract.ts'
import { holdsMoney } from '../domain.ts'
import * as parts from '../parts.ts'

/** Orders of each partition in one run: as many as one read of their records takes. */
const ordersPerPartition = 100

/** As many as one question to the orders takes; the next run comes ten minutes later. */
const undonePerRun = 100

/**
 * What has arrived here may be old or lacking, so before money is given back the orders are asked: only what they say they
 * do not need is undone.
 */
export const handler = onSchedule(
  schedules.reconcile,
  { records: parts.records, settleExpired: () => call(orders.settleExpired), undo: () => call(payments.undo) },
  async function reconcile({ records, settleExpired, undo }) {
    const unsettled = await records.listUnsettled(isoTime(now() - graceMinutes * 60_000), ordersPerPartition)
    count(metrics.reconciliationDrift, unsettled.length)
    for (const { orderId, drifts, since } of unsettled)
      logger.warn('an order does not add up', { order_id: orderId, drifts, since })
    const orderIds = unsettled
      .filter(({ drifts }) => holdsMoney(drifts))
      .map(({ orderId }) => orderId)
      .slice(0, undonePerRun)
    if (orderIds.length === 0) return
    const { needed } = await settleExpired({ orderIds })
    const without = orderIds.filter((orderId) => !needed.includes(orderId))
    await forEachId(without, async (orderId) => {
      const { undone } = await undo({ orderId })
      logger.warn(undone ? 'had a payment undone' : 'there is no payment to undo', { order_id: orderId })
    })
  },
)
