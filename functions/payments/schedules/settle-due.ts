import { onSchedule } from '../../../shared/runtime/consume.ts'
import { eachOf } from '../../../shared/runtime/each.ts'
import { schedules } from '../contract.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { update } from '../update.ts'

/** Payments of each of the four partitions in one run; the next run comes five minutes later. */
const paymentsPerPartition = 25

/** Asks the provider once more for what it was asked and has not answered, by the same keys. */
export const handler = onSchedule(
  schedules.settleDue,
  { payments: parts.payments, provider },
  async function settleDue(given) {
    await eachOf(await given.payments.listDue(paymentsPerPartition), async (orderId) => {
      await update(given, orderId, () => undefined)
    })
  },
)
