import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { newPayment } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { takeDueSteps } from '../update-payment.ts'

/**
 * The payment is written before the provider is asked, so that a crash in between leaves a step to repeat, not a charge
 * that nobody knows of. One that is there already, voided by a cancellation that came first, stays as it is.
 */
export const handler = consume(
  consumers.authorizePayment,
  { payments: parts.payments, provider },
  async function authorizePayment({ data }, given) {
    const { payments } = given
    const customerId = await payments.customerOf(data.customerId)
    const payment = (await payments.save(newPayment({ ...data, customerId }))) ?? (await payments.get(data.orderId))
    if (!payment) throw new Error(`the payment of ${data.orderId} is gone`)
    await takeDueSteps(given, payment)
  },
)
