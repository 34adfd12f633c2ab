import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/payments.ts'
import { requestCancel } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/deferring.ts'
import { updatePayment } from '../update-payment.ts'

/** What the cancellation of its order does to a payment, for whoever knows of one that was not heard of. As often as asked. */
export const handler = provide(
  published.undo,
  { payments: parts.payments, provider },
  async function undo({ orderId }, given) {
    return { undone: (await updatePayment(given, orderId, requestCancel)) !== undefined }
  },
)
