/** Makes the events of a payment that has changed. */
import { money } from '../../shared/domain/money.ts'
import { type NewEvent, newEvent } from '../../shared/runtime/outbox.ts'
import {
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '../published/payments.ts'
import { type Payment, type Step, totalOf } from './domain.ts'

/** @returns the events of a decision on an authorization */
export const eventsForDecision = (payment: Payment): NewEvent[] => {
  const { orderId } = payment
  switch (payment.status) {
    case 'authorized':
      return [newEvent(paymentAuthorized, { orderId, amount: totalOf(payment) })]
    case 'declined':
      return [newEvent(paymentDeclined, { orderId, declineCode: payment.declineCode ?? 'declined' })]
    case 'action-required':
      return [newEvent(paymentActionRequired, { orderId })]
    case 'voided':
      return [newEvent(paymentVoided, { orderId })]
    default:
      return []
  }
}

/** @returns the events of a step that the provider has done */
export const eventsForStep = (payment: Payment, step: Exclude<Step, { type: 'authorize' }>): NewEvent[] => {
  const { orderId, currency } = payment
  switch (step.type) {
    case 'void':
      return [newEvent(paymentVoided, { orderId })]
    case 'capture':
      return [newEvent(paymentCaptured, { orderId, amount: totalOf(payment) })]
    case 'refund':
      return [
        newEvent(paymentRefunded, {
          orderId,
          amount: money(step.refund.amountMinor, currency),
          reason: step.refund.reason,
          refundId: step.refund.id,
          source: step.refund.source,
        }),
      ]
  }
}
