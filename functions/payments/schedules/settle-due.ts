import { onSchedule } from '../../../shared/runtime/consume.ts'
import { forEachId } from '../../../shared/runtime/for-each-id.ts'
import { schedules } from '../contract.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { updatePayment } from '../update-payment.ts'

/** Payments of each of the four partitions in one run; the next run comes five minutes later. */
const paymentsPerPartition = 25

/** Asks the provider once more for what it was asked and has not answered, by the same keys. */
export const handler = onSchedule(
  schedules.settleDue,
  { payments: parts.payments, provider },
  async function settleDue(given) {
    await forEachId(await given.payments.listDue(paymentsPerPartition), async (orderId) => {
      await updatePayment(given, orderId, () => undefined)
    })
  },
)
