import type { NewId } from '../../../shared/domain/ids.ts'
import { newId } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { paymentDependencies } from '../dependencies.ts'
import { promiseRefund } from '../domain.ts'
import { paymentPromised } from '../events.ts'
import { answerOf } from '../outcomes.ts'
import { type Settling, settle } from '../settle.ts'

type Dependencies = Settling & { newId: NewId }

/**
 * The refund is promised in the write that holds the idempotency key, and so bounds all others at once; the provider is
 * asked for it afterwards, by its permanent id.
 */
export const refundPayment =
  (dependencies: Dependencies): Handle<typeof endpoints.refundPayment> =>
  ({ params: { orderId }, body: { amount, reason }, once, replayOf, ifMatch }) =>
    repeated<Answer<typeof endpoints.refundPayment>>(async () => {
      const { payments, newId } = dependencies
      const payment = await payments.get(orderId)
      if (!payment) return notFound('payment')
      const location = `/orders/${orderId}/payment`
      if (replayOf) return { ...answerOf(await settle(dependencies)(payment)), location }
      if (isStale(ifMatch, payment.version)) return staleVersion()
      if (amount.currency !== payment.currency || amount.amount === 0) {
        const detail = amount.amount === 0 ? 'A refund is more than nothing.' : `The payment is in ${payment.currency}.`
        return problem('INVALID_INPUT', detail, { errors: [{ pointer: '/amount', code: 'invalid_value', detail }] })
      }
      const promised = promiseRefund(payment, { id: newId('rfd'), amountMinor: amount.amount, reason })
      if (!promised.ok) return problem(promised.reason, promised.detail)
      const facts = [fact(paymentPromised, { orderId, step: 'refund' })]
      const written = await payments.save(promised.value, { once, facts })
      return written && { ...answerOf(await settle(dependencies)(written)), location }
    })

export const handler = serveStaff(
  endpoints.refundPayment,
  () => refundPayment({ ...paymentDependencies(), newId }),
  openTable,
)
