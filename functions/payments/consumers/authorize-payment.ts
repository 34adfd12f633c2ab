import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { defer } from '../../../shared/runtime/task.ts'
import { consumers } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { newPayment } from '../domain.ts'
import { type Settling, settle } from '../settle.ts'
import type { PaymentsTable } from '../table.ts'

type Dependencies = Settling & { payments: PaymentsTable }

/**
 * The payment is written before the provider is asked, so that a crash in between leaves a step to repeat, not a charge
 * that nobody knows of. One that is there already, voided by a cancellation that came first, stays as it is.
 */
export const authorizePayment =
  (dependencies: Dependencies): Consume<typeof consumers.authorizePayment> =>
  async ({ data }) => {
    const { payments } = dependencies
    const customerId = await payments.customerOf(data.customerId)
    const payment = (await payments.save(newPayment({ ...data, customerId }))) ?? (await payments.get(data.orderId))
    if (!payment) throw new Error(`the payment of ${data.orderId} is gone`)
    await settle(dependencies)(payment)
  }

export const handler = consume(consumers.authorizePayment, () => authorizePayment(paymentDependencies({ defer })))
