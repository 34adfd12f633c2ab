import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/payments.ts'
import { isCaptured } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { captureNow } from '../update-payment.ts'

/** Nothing is dispatched before it is paid for, so a payment that gives no money is a fault: the order stays among those that wait. */
export const handler = provide(
  published.capture,
  { payments: parts.payments, provider },
  async function capture({ orderId }, given) {
    const payment = await captureNow(given, orderId)
    if (!payment || !isCaptured(payment)) throw new Error(`the payment of ${orderId} is ${payment?.status ?? 'none'}`)
    return {}
  },
)
