import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { requestCapture } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { updatePayment } from '../update-payment.ts'

/** Nothing is dispatched before it is paid for, so a payment that is missing is one whose event is late: once more. */
export const handler = consume(
  consumers.capturePaymentOnDispatch,
  { payments: parts.payments, provider },
  async function capturePaymentOnDispatch({ data: { orderId } }, given) {
    const payment = await updatePayment(given, orderId, requestCapture)
    if (!payment) throw new Error(`there is no payment of ${orderId} to capture yet`)
  },
)
