import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/payments.ts'
import { requestCancel } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { updatePayment } from '../update-payment.ts'

/** Cancels a payment as the cancellation of its order does, for a service that finds one that was missed. Safe to repeat. */
export const handler = provide(
  published.undo,
  { payments: parts.payments, provider },
  async function undo({ orderId }, given) {
    return { undone: (await updatePayment(given, orderId, requestCancel)) !== undefined }
  },
)
