import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/payments.ts'
import { newPayment, outcomeOf } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { takeDueSteps } from '../update-payment.ts'

/**
 * The payment is written before the provider is asked, so that a crash in between leaves a step to repeat, not a charge
 * that nobody knows of. One that is there already, voided by a cancellation that came first, stays as it is.
 */
export const handler = provide(
  published.authorize,
  { payments: parts.payments, provider },
  async function authorize({ orderId, customerId, ...asked }, given) {
    const { payments } = given
    const begun = newPayment({ orderId, customerId: await payments.customerOf(customerId), ...asked })
    const payment = (await payments.save(begun)) ?? (await payments.get(orderId))
    if (!payment) throw new Error(`the payment of ${orderId} is gone`)
    return outcomeOf(await takeDueSteps(given, payment))
  },
)
