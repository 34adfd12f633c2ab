import { onSchedule } from '../../../shared/runtime/consume.ts'
import { eachOf } from '../../../shared/runtime/each.ts'
import { defer } from '../../../shared/runtime/task.ts'
import { schedules } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { changeAndSettle, type Settling } from '../settle.ts'
import type { PaymentsTable } from '../table.ts'

/** Payments of each of the four partitions in one run; the next run comes five minutes later. */
const paymentsPerPartition = 25

/** Asks the provider once more for what it was asked and has not answered, by the same keys. */
export const settleDue = (dependencies: Settling & { payments: PaymentsTable }) => async (): Promise<void> => {
  const settle = changeAndSettle(dependencies)
  const orderIds = await dependencies.payments.listDue(paymentsPerPartition)
  await eachOf(orderIds, async (orderId) => {
    await settle(orderId, () => undefined)
  })
}

export const handler = onSchedule(schedules.settleDue, () => settleDue(paymentDependencies({ defer })))
