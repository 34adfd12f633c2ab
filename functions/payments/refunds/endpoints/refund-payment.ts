import type * as z from 'zod/mini'
import type { NewId } from '../../../../shared/domain/ids.ts'
import { type Call, call } from '../../../../shared/runtime/call.ts'
import { newId } from '../../../../shared/runtime/clock.ts'
import { fact } from '../../../../shared/runtime/outbox.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  type Problem,
  problem,
  staleVersion,
} from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { paidParts } from '../../../published/orders.ts'
import { paymentPromised } from '../../../published/payments.ts'
import { endpoints } from '../../contract.ts'
import { paymentDependencies } from '../../dependencies.ts'
import { type Payment, promiseRefund, type Refund } from '../../domain.ts'
import { answerOf } from '../../outcomes.ts'
import { type Settling, settle } from '../../settle.ts'
import { refundLines, shippingLeft } from '../refund-lines.ts'

type Dependencies = Settling & { newId: NewId; paidParts: Call<typeof paidParts> }

type Body = z.output<typeof endpoints.refundPayment.body>
type Paid = z.output<typeof paidParts.output>['paid']
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
  const wantedLines = wanted.map(({ sku, quantity, amount }) => ({ sku, units: quantity, amountMinor: amount?.amount }))
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
 * The refund is promised in the write that holds the idempotency key, and so bounds all others at once; the provider is
 * asked for it afterwards, by its permanent id. What was paid for what is asked only where the refund says what it is for.
 */
export const refundPayment =
  (dependencies: Dependencies): Handle<typeof endpoints.refundPayment> =>
  ({ params: { orderId }, body, caller, once, replayOf, ifMatch }) =>
    repeated<Answer<typeof endpoints.refundPayment>>(async () => {
      const { payments, newId, paidParts } = dependencies
      const payment = await payments.get(orderId)
      if (!payment) return notFound('payment')
      const location = `/orders/${orderId}/payment`
      if (replayOf) return { ...answerOf(await settle(dependencies)(payment), caller), location }
      if (isStale(ifMatch, payment.version)) return staleVersion()
      const wrong = otherCurrency(body, payment.currency)
      if (wrong) return wrong
      const { paid } = body.lines || body.shipping ? await paidParts({ orderId }) : {}
      const parts = partsOf(payment, body, paid)
      if ('problem' in parts) return parts
      const promised = promiseRefund(payment, { id: newId('rfd'), reason: body.reason, by: caller.id, ...parts })
      if (!promised.ok) return problem(promised.reason, promised.detail)
      const facts = [fact(paymentPromised, { orderId, step: 'refund' })]
      const written = await payments.save(promised.value, { once, facts })
      return written && { ...answerOf(await settle(dependencies)(written), caller), location }
    })

export const handler = serveStaff(
  endpoints.refundPayment,
  () => refundPayment({ ...paymentDependencies(), newId, paidParts: call(paidParts) }),
  openTable,
)
