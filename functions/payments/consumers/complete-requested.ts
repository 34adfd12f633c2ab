import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { updatePayment } from '../update-payment.ts'

/** Mostly finds it done, by the function that was asked. If that ended half-way, and nobody asks again, it is done here. */
export const handler = consume(
  consumers.completeRequested,
  { payments: parts.payments, provider },
  async function completeRequested({ data: { orderId } }, given) {
    const payment = await updatePayment(given, orderId, () => undefined)
    if (!payment) throw new Error(`something was requested for ${orderId}, which has no payment`)
  },
)
