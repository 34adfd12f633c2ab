/** What the others are told when a payment has changed. */
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
import { type Payment, type Step, totalOf } from './domain.ts'

/** @returns what a decision on an authorization tells */
export const eventsOfDecision = (payment: Payment): Fact[] => {
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

/** @returns what a step that the provider has done tells */
export const eventsOfStep = (payment: Payment, step: Exclude<Step, { type: 'authorize' }>): Fact[] => {
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
          source: step.refund.source,
        }),
      ]
  }
}
