/** Which of Stripe's intents belongs to an order, how it stands, and what that decides. */
import Stripe from 'stripe'
import * as z from 'zod/mini'
import { notThere, type Table } from '../../../../shared/runtime/table.ts'
import type { Decision } from '../port.ts'
import { stripeApi } from './api.ts'

const StoredIntent = z.object({ intentId: z.string() })

const keyOf = (orderId: string) => ({ pk: `stripe#${orderId}`, sk: 'intent' })

/**
 * The id is no part of the payment: it is kept between two calls of Stripe, whatever becomes of the payment meanwhile. There
 * it would have to be decided anew against each request, for a read less.
 */
export const intentIds = (table: Table) => ({
  async get(orderId: string): Promise<string | undefined> {
    const item = await table.get(keyOf(orderId))
    return item && StoredIntent.parse(item).intentId
  },
  /** @returns the id that is kept: the first one counts */
  async keep(orderId: string, intentId: string): Promise<string> {
    const written = await table.write([{ put: { ...keyOf(orderId), intentId }, when: notThere, else: 'kept' }])
    return written.ok || !written.item ? intentId : StoredIntent.parse(written.item).intentId
  },
})

/** We ended it after a decline; what the shop voids is ended as `requested_by_customer`. */
const afterDecline = 'abandoned'

const maxCodeLength = 64
export const declined = (declineCode: string | null | undefined): Decision => ({
  status: 'declined',
  declineCode: (declineCode ?? 'declined').slice(0, maxCodeLength),
})

export const isUnexpectedState = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'

/** Goes on with how things stand where Stripe refused a step because of it; throws anything else. */
export const unless = (isExpected: (error: unknown) => boolean) => (error: unknown) => {
  if (isExpected(error)) return undefined
  throw error
}

export const cancelIntent = async (
  id: string,
  reason: typeof afterDecline | 'requested_by_customer',
  key: string,
): Promise<void> => {
  const { paymentIntents } = await stripeApi()
  await paymentIntents
    .cancel(id, { cancellation_reason: reason }, { idempotencyKey: key })
    .catch(unless(isUnexpectedState))
  const { status } = await paymentIntents.retrieve(id)
  if (status !== 'canceled') throw new Error(`an intent that was to be ended is ${status}`)
}

/** A refused intent could be confirmed anew past us, so it is ended before the shop hears of the refusal. */
export const decisionOf = async (intent: Stripe.PaymentIntent): Promise<Decision> => {
  switch (intent.status) {
    case 'requires_capture':
    case 'succeeded':
      return { status: 'authorized' }
    case 'requires_action':
      return { status: 'action-required' }
    case 'requires_payment_method': {
      await cancelIntent(intent.id, afterDecline, `${intent.id}:declined`)
      return declined(intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code)
    }
    case 'canceled':
      return intent.cancellation_reason === afterDecline
        ? declined(intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code)
        : { status: 'voided' }
    default:
      return { status: 'pending' }
  }
}

/** @throws Error where no intent was ever made for the order */
export const intentIdOf = async (table: Table, orderId: string): Promise<string> => {
  const id = await intentIds(table).get(orderId)
  if (id === undefined) throw new Error(`no intent is known of ${orderId}`)
  return id
}

/** How the order's intent stands now, by Stripe's word. */
export const currentIntent = async (table: Table, orderId: string): Promise<Stripe.PaymentIntent> => {
  const id = await intentIdOf(table, orderId)
  return (await stripeApi()).paymentIntents.retrieve(id)
}
