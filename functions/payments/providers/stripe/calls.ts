/**
 * What is asked of Stripe: PaymentIntents with manual capture.
 *
 * Stripe forgets idempotency keys after a day or more, and our steps may be repeated later than that. So nothing rests on
 * them alone: an intent is made without charging anything, its id is kept, and only then is it confirmed; from there on
 * its own state tells what has been done. Refunds carry their step's key in their metadata and are looked for first.
 */
import Stripe from 'stripe'
import type { Table } from '../../../../shared/runtime/table.ts'
import type { Provider } from '../port.ts'
import { stripeAmountOf } from './amount.ts'
import { stripeApi } from './api.ts'
import {
  cancelIntent,
  currentIntent,
  decisionOf,
  declined,
  intentIdOf,
  intentIds,
  isUnexpectedState,
  unless,
} from './intents.ts'
import { methodPrefix } from './provider.ts'

const isUnknownMethod = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  error.param === 'payment_method'

const confirmed = async (id: string, key: string): Promise<Stripe.PaymentIntent> => {
  const { paymentIntents } = await stripeApi()
  const intent = await paymentIntents.retrieve(id)
  if (intent.status !== 'requires_confirmation') return intent
  const isDecline = (error: unknown) => error instanceof Stripe.errors.StripeCardError || isUnexpectedState(error)
  const answer = await paymentIntents.confirm(id, {}, { idempotencyKey: key }).catch(unless(isDecline))
  return answer ?? paymentIntents.retrieve(id)
}

const refundOf = async (intentId: string, step: string): Promise<Stripe.Refund | undefined> => {
  const { data } = await (await stripeApi()).refunds.list({ payment_intent: intentId, limit: 100 })
  return data.find(({ metadata }) => metadata?.step === step)
}

export const callsOfStripe = (table: Table): Provider => {
  const ids = intentIds(table)

  /** Makes the order's intent, which charges nothing yet. @returns undefined when Stripe knows no such method */
  const newIntent = async (step: Parameters<Provider['authorize']>[0], amount: number): Promise<string | undefined> => {
    const { key, orderId, method } = step
    const made = await (await stripeApi()).paymentIntents
      .create(
        {
          amount,
          currency: step.amount.currency.toLowerCase(),
          capture_method: 'manual',
          payment_method: method,
          allowed_payment_method_types: ['card'],
          metadata: { orderId },
        },
        { idempotencyKey: `${key}:create` },
      )
      .catch(unless(isUnknownMethod))
    return made && ids.keep(orderId, made.id)
  }

  return {
    async authorize(step) {
      const amount = stripeAmountOf(step.amount)
      if (amount === undefined) return declined('amount_not_supported')
      if (!step.method.startsWith(methodPrefix)) return declined('payment_method_unknown')
      const id = (await ids.get(step.orderId)) ?? (await newIntent(step, amount))
      return id === undefined ? declined('payment_method_unknown') : decisionOf(await confirmed(id, step.key))
    },
    confirm: async ({ orderId }) => decisionOf(await currentIntent(table, orderId)),
    async confirmationSecret(orderId) {
      const { status, client_secret: secret } = await currentIntent(table, orderId)
      return status === 'requires_action' ? (secret ?? undefined) : undefined
    },
    async capture({ key, orderId, amount }) {
      const id = await intentIdOf(table, orderId)
      const { paymentIntents } = await stripeApi()
      const captured = await paymentIntents
        .capture(id, { amount_to_capture: stripeAmountOf(amount) ?? amount.amount }, { idempotencyKey: key })
        .catch(unless(isUnexpectedState))
      const { status } = captured ?? (await paymentIntents.retrieve(id))
      if (status !== 'succeeded') throw new Error(`an intent that was to be captured is ${status}`)
    },
    async void({ key, orderId }) {
      await cancelIntent(await intentIdOf(table, orderId), 'requested_by_customer', key)
    },
    async refund({ key, orderId, amount }) {
      const id = await intentIdOf(table, orderId)
      const minor = stripeAmountOf(amount)
      if (minor === undefined) throw new Error(`Stripe cannot give back ${amount.amount} of ${amount.currency} exactly`)
      const { refunds } = await stripeApi()
      const refund =
        (await refundOf(id, key)) ??
        (await refunds.create(
          { payment_intent: id, amount: minor, metadata: { orderId, step: key } },
          { idempotencyKey: key },
        ))
      if (refund.status === 'failed' || refund.status === 'canceled')
        throw new Error(`the refund ${refund.id} is ${refund.status}: ${refund.failure_reason ?? 'no reason given'}`)
    },
  }
}
