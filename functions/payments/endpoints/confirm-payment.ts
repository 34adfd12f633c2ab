import { isOwnerOrStaff } from '../../../shared/runtime/request.ts'
import { isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { applyDecision } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { saveDecision, takeDueSteps } from '../update-payment.ts'
import { answerOf } from '../view.ts'

/** The provider takes the first answer and repeats it: a second confirmation, also another one, changes nothing. */
export const handler = serveStaff(
  endpoints.confirmPayment,
  { payments: parts.payments, provider },
  async function confirmPayment({ params: { orderId }, body: answer, caller, ifMatch }, given) {
    const { payments } = given
    const payment = await payments.get(orderId)
    if (!payment || !isOwnerOrStaff(caller, payment.customerId)) return notFound('payment')
    if (isStale(ifMatch, payment.version)) return staleVersion()
    if (payment.status !== 'action-required')
      return problem('NOT_CONFIRMABLE', `The payment is ${payment.status}; it waits for no confirmation.`)
    const decision = await given.provider.confirm({ key: `${orderId}:confirm`, orderId, answer })
    const after = applyDecision(payment, decision)
    const written = after && (await saveDecision(payments, after))
    const latest = written ?? (await payments.get(orderId)) ?? payment
    return answerOf(await takeDueSteps(given, latest), caller)
  },
)
