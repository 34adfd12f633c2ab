import { type Handle, isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { saveDecision } from '../decision.ts'
import { paymentDependencies } from '../dependencies.ts'
import { decided } from '../domain.ts'
import { answerOf } from '../outcomes.ts'
import { type Settling, settle } from '../settle.ts'

/** The provider takes the first answer and repeats it: a second confirmation, also another one, changes nothing. */
export const confirmPayment =
  (dependencies: Settling): Handle<typeof endpoints.confirmPayment> =>
  async ({ params: { orderId }, body: answer, caller, ifMatch }) => {
    const { payments, provider } = dependencies
    const payment = await payments.get(orderId)
    if (!payment || !(caller.staff || payment.customerId === caller.id)) return notFound('payment')
    if (isStale(ifMatch, payment.version)) return staleVersion()
    if (payment.status !== 'action-required')
      return problem('NOT_CONFIRMABLE', `The payment is ${payment.status}; it waits for no confirmation.`)
    const decision = await provider.confirm({ key: `${orderId}:confirm`, orderId, answer })
    const after = decided(payment, decision)
    const written = after && (await saveDecision(payments, after))
    const latest = written ?? (await payments.get(orderId)) ?? payment
    return answerOf(await settle(dependencies)(latest), caller)
  }

export const handler = serveStaff(endpoints.confirmPayment, () => confirmPayment(paymentDependencies()))
