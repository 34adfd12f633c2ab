import type * as z from 'zod/mini'
import { call } from '../../../../shared/runtime/call.ts'
import { newId } from '../../../../shared/runtime/clock.ts'
import { newEvent } from '../../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, type Problem, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import * as published from '../../../published/orders.ts'
import { paymentRefundRequested } from '../../../published/payments.ts'
import { endpoints } from '../../contract.ts'
import { type Payment, requestRefund } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { provider } from '../../providers/parts.ts'
import { takeDueSteps } from '../../update-payment.ts'
import { answerOf } from '../../view.ts'
import type { Refund } from '../refund.ts'
import { refundLines, shippingLeft } from '../refund-lines.ts'

type Body = z.output<typeof endpoints.refundPayment.body>
type Paid = z.output<typeof published.paidParts.output>['paid']
type Parts = Pick<Refund, 'amountMinor' | 'lines' | 'shippingMinor'>

const invalid = (pointer: string, detail: string) =>
  problem('INVALID_INPUT', detail, { errors: [{ pointer, code: 'invalid_value', detail }] })

const otherCurrency = ({ amount, lines = [], shipping }: Body, currency: string) => {
  const named = [
    ['/amount', amount],
    ...lines.map((line, index) => [`/lines/${index}/amount`, line.amount] as const),
    ['/shipping', shipping],
  ] as const
  const [pointer] = named.find(([, money]) => money !== undefined && money.currency !== currency) ?? []
  return pointer === undefined ? undefined : invalid(pointer, `The payment is in ${currency}.`)
}

/** What the refund comes to, and of what: its parts add up to the amount, where that is said as well. */
const partsOf = (
  payment: Payment,
  { amount, lines: wanted = [], shipping }: Body,
  paid: Paid,
): Parts | Problem<'INVALID_INPUT' | 'NOT_ORDERED' | 'REFUND_TOO_LARGE'> => {
  const wantedLines = wanted.map((line) => ({
    sku: line.sku,
    units: line.quantity,
    amountMinor: line.amount?.amount,
  }))
  const paidLines = (paid?.lines ?? []).map((line) => ({
    sku: line.sku,
    bought: line.quantity,
    paidMinor: line.paid.amount,
  }))
  const lines = refundLines(payment, wantedLines, paidLines)
  if (!lines.ok) return problem(lines.reason, lines.detail)
  const left = shippingLeft(payment, paid?.shipping.amount ?? 0)
  if (shipping && shipping.amount > left)
    return problem('REFUND_TOO_LARGE', `Of the shipping, ${left} minor units can be given back.`)
  const named = lines.value.reduce((sum, line) => sum + line.amountMinor, shipping?.amount ?? 0)
  const amountMinor = amount?.amount ?? named
  if (wanted.length > 0 ? amountMinor !== named : amountMinor < named)
    return invalid('/amount', `The parts of the refund come to ${named} minor units.`)
  if (amountMinor === 0) return invalid('/amount', 'A refund is more than nothing.')
  return {
    amountMinor,
    ...(wanted.length > 0 && { lines: lines.value }),
    ...(shipping && { shippingMinor: shipping.amount }),
  }
}

/**
 * The refund is requested in the write that holds the idempotency key, and so bounds all others at once; the provider is
 * asked for it afterwards, by its permanent id. What was paid for what is asked only where the refund says what it is for.
 */
export const handler = serveStaff(
  endpoints.refundPayment,
  { table: parts.table, payments: parts.payments, provider, paidParts: () => call(published.paidParts) },
  function refundPayment({ params: { orderId }, body, caller, idempotencyKey, replayOf, ifMatch }, given) {
    return retryOnConflict(async () => {
      const { payments, paidParts } = given
      const payment = await payments.get(orderId)
      if (!payment) return notFound('payment')
      const location = `/orders/${orderId}/payment`
      if (replayOf) return { ...answerOf(await takeDueSteps(given, payment), caller), location }
      if (isStale(ifMatch, payment.version)) return staleVersion()
      const wrong = otherCurrency(body, payment.currency)
      if (wrong) return wrong
      const { paid } = body.lines || body.shipping ? await paidParts({ orderId }) : {}
      const refund = partsOf(payment, body, paid)
      if ('problem' in refund) return refund
      const requested = requestRefund(payment, { id: newId('rfd'), reason: body.reason, by: caller.id, ...refund })
      if (!requested.ok) return problem(requested.reason, requested.detail)
      const newEvents = [newEvent(paymentRefundRequested, { orderId })]
      const written = await payments.save(requested.value, { idempotencyKey, newEvents })
      return written && { ...answerOf(await takeDueSteps(given, written), caller), location }
    })
  },
)
