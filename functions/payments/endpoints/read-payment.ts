import { isOwnerOrStaff } from '../../../shared/runtime/request.ts'
import { notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { answerOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.readPayment,
  { payments: parts.payments, provider },
  async function readPayment({ params: { orderId }, caller }, given) {
    const payment = await given.payments.get(orderId)
    if (!payment || !isOwnerOrStaff(caller, payment.customerId)) return notFound('payment')
    const answer = answerOf(payment, caller)
    // For who pays, and nobody else: with it a browser can confirm the payment.
    if (payment.status !== 'action-required' || payment.customerId !== caller.id) return answer
    const confirmationSecret = await given.provider.confirmationSecret(orderId)
    return confirmationSecret === undefined ? answer : { ...answer, body: { ...answer.body, confirmationSecret } }
  },
)
