import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { paymentPromised } from '../../published/payments.ts'
import { endpoints } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { wishCapture } from '../domain.ts'
import { answerOf } from '../outcomes.ts'
import { type Settling, settle } from '../settle.ts'

/** The wish to capture is written with the idempotency key; what is due is done after it, by whoever comes next if need be. */
export const capturePayment =
  (dependencies: Settling): Handle<typeof endpoints.capturePayment> =>
  ({ params: { orderId }, caller, once, replayOf, ifMatch }) =>
    repeated<Answer<typeof endpoints.capturePayment>>(async () => {
      const payment = await dependencies.payments.get(orderId)
      if (!payment) return notFound('payment')
      if (replayOf) return answerOf(await settle(dependencies)(payment), caller)
      if (isStale(ifMatch, payment.version)) return staleVersion()
      if (payment.status !== 'authorized' || payment.wishes.cancel)
        return problem(
          'NOT_CAPTURABLE',
          `The payment is ${payment.status}${payment.wishes.cancel ? ' and cancelled' : ''}.`,
        )
      const facts = [fact(paymentPromised, { orderId, step: 'capture' })]
      const written = await dependencies.payments.save(wishCapture(payment, caller.id) ?? payment, { once, facts })
      return written && answerOf(await settle(dependencies)(written), caller)
    })

export const handler = serveStaff(endpoints.capturePayment, () => capturePayment(paymentDependencies()), openTable)
