import { newEvent } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { paymentCaptureRequested } from '../../published/payments.ts'
import { endpoints } from '../contract.ts'
import { requestCapture } from '../domain.ts'
import * as parts from '../parts.ts'
import { provider } from '../providers/parts.ts'
import { takeDueSteps } from '../update-payment.ts'
import { answerOf } from '../view.ts'

/** The request to capture is written with the idempotency key; what is due is done after it, by the next function if need be. */
export const handler = serveStaff(
  endpoints.capturePayment,
  { table: parts.table, payments: parts.payments, provider },
  function capturePayment({ params: { orderId }, caller, idempotencyKey, replayOf, ifMatch }, given) {
    return retryOnConflict(async () => {
      const payment = await given.payments.get(orderId)
      if (!payment) return notFound('payment')
      if (replayOf) return answerOf(await takeDueSteps(given, payment), caller)
      if (isStale(ifMatch, payment.version)) return staleVersion()
      if (payment.status !== 'authorized' || payment.requested.cancel)
        return problem(
          'NOT_CAPTURABLE',
          `The payment is ${payment.status}${payment.requested.cancel ? ' and cancelled' : ''}.`,
        )
      const newEvents = [newEvent(paymentCaptureRequested, { orderId })]
      const written = await given.payments.save(requestCapture(payment, caller.id) ?? payment, {
        idempotencyKey,
        newEvents,
      })
      return written && answerOf(await takeDueSteps(given, written), caller)
    })
  },
)
