/** What the others are told when a payment has changed, and how the API shows it. */
import type * as z from 'zod/mini'
import { money } from '../../shared/domain/money.ts'
import { type Fact, fact } from '../../shared/runtime/outbox.ts'
import {
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '../published/payments.ts'
import { isCaptured, type Payment, refundedMinor, type Step, sourceOf, totalOf } from './domain.ts'
import type { Payment as PaymentSchema } from './schema.ts'

/** @returns the facts of a decision on an authorization */
export const factsOfDecision = (payment: Payment): Fact[] => {
  const { orderId } = payment
  switch (payment.status) {
    case 'authorized':
      return [fact(paymentAuthorized, { orderId, amount: totalOf(payment) })]
    case 'declined':
      return [fact(paymentDeclined, { orderId, declineCode: payment.declineCode ?? 'declined' })]
    case 'action-required':
      return [fact(paymentActionRequired, { orderId })]
    case 'voided':
      return [fact(paymentVoided, { orderId })]
    default:
      return []
  }
}

/** @returns the facts of a step that the provider has done */
export const factsOfStep = (payment: Payment, step: Exclude<Step, { type: 'authorize' }>): Fact[] => {
  const { orderId, currency } = payment
  switch (step.type) {
    case 'void':
      return [fact(paymentVoided, { orderId })]
    case 'capture':
      return [fact(paymentCaptured, { orderId, amount: totalOf(payment) })]
    case 'refund':
      return [
        fact(paymentRefunded, {
          orderId,
          amount: money(step.refund.amountMinor, currency),
          reason: step.refund.reason,
          refundId: step.refund.id,
          source: sourceOf(step.refund),
        }),
      ]
  }
}

/** What was given back, for what and by whom: staff see it. */
const refundsOf = ({ refunds, currency }: Payment) =>
  refunds.map(({ id, amountMinor, reason, done, lines, shippingMinor, by }) => ({
    id,
    amount: money(amountMinor, currency),
    reason,
    status: done ? ('done' as const) : ('due' as const),
    lines: lines?.map(({ sku, units, amountMinor }) => ({
      sku,
      quantity: units,
      amount: money(amountMinor, currency),
    })),
    shipping: shippingMinor === undefined ? undefined : money(shippingMinor, currency),
    by,
  }))

export const viewOf = (payment: Payment, viewer = { staff: false }): z.input<typeof PaymentSchema> => ({
  orderId: payment.orderId,
  status: payment.status,
  method: payment.method,
  authorized: money(payment.status === 'authorized' || isCaptured(payment) ? payment.totalMinor : 0, payment.currency),
  captured: money(payment.capturedMinor, payment.currency),
  refunded: money(refundedMinor(payment), payment.currency),
  declineCode: payment.declineCode,
  ...(viewer.staff && { refunds: refundsOf(payment), capturedBy: payment.capturedBy }),
  version: payment.version,
})

export const answerOf = (payment: Payment, viewer?: { staff: boolean }) => ({
  body: viewOf(payment, viewer),
  version: payment.version,
})
