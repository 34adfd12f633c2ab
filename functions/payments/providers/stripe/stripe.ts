/**
 * Stripe behind the provider's port: PaymentIntents with manual capture.
 *
 * Stripe forgets idempotency keys after a day or more, and our steps may be repeated later than that. So nothing rests on
 * them alone: an intent is made without charging anything, its id is kept, and only then is it confirmed; from there on
 * its own state tells what has been done. Refunds carry their step's key in their metadata and are looked for first.
 */
import Stripe from 'stripe'
import { count, logger } from '../../../../shared/runtime/observability.ts'
import { metrics } from '../../contract.ts'
import type { Decision, Provider, Report } from '../provider.ts'
import { stripeAmountOf } from './amount.ts'

/** Seconds that a report may be old: the library has the same default, and an upgrade must not change it unseen. */
const toleranceSeconds = 300

/** Which intent belongs to an order; kept beside the payment. */
export type IntentIds = {
  get(orderId: string): Promise<string | undefined>
  /** @returns the id that is kept: the first one counts */
  keep(orderId: string, intentId: string): Promise<string>
}

type Dependencies = {
  api: () => Promise<Stripe>
  intentIds: IntentIds
  /** Webhook signing secrets (`whsec_…`): two while one takes over from the other. */
  secrets: () => Promise<readonly string[]>
}

/** We ended it after a decline; what the shop voids is ended as `requested_by_customer`. */
const afterDecline = 'abandoned'

const maxCodeLength = 64
const declined = (declineCode: string | null | undefined): Decision => ({
  status: 'declined',
  declineCode: (declineCode ?? 'declined').slice(0, maxCodeLength),
})

const isUnexpectedState = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'

const isUnknownMethod = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  error.param === 'payment_method'

/** Goes on with how things stand where Stripe refused a step because of it; throws anything else. */
const unless = (isExpected: (error: unknown) => boolean) => (error: unknown) => {
  if (isExpected(error)) return undefined
  throw error
}

export const stripe = ({ api, intentIds, secrets }: Dependencies): Provider => {
  const idOf = async (orderId: string): Promise<string> => {
    const id = await intentIds.get(orderId)
    if (id === undefined) throw new Error(`no intent is known of ${orderId}`)
    return id
  }

  const current = async (orderId: string): Promise<Stripe.PaymentIntent> => {
    const id = await idOf(orderId)
    return (await api()).paymentIntents.retrieve(id)
  }

  const cancel = async (id: string, reason: 'abandoned' | 'requested_by_customer', key: string): Promise<void> => {
    const stripeApi = await api()
    await stripeApi.paymentIntents
      .cancel(id, { cancellation_reason: reason }, { idempotencyKey: key })
      .catch(unless(isUnexpectedState))
    const { status } = await stripeApi.paymentIntents.retrieve(id)
    if (status !== 'canceled') throw new Error(`an intent that was to be ended is ${status}`)
  }

  /** A refused intent could be confirmed anew past us, so it is ended before the shop hears of the refusal. */
  const decisionOf = async (intent: Stripe.PaymentIntent): Promise<Decision> => {
    switch (intent.status) {
      case 'requires_capture':
      case 'succeeded':
        return { status: 'authorized' }
      case 'requires_action':
        return { status: 'action-required' }
      case 'requires_payment_method': {
        await cancel(intent.id, afterDecline, `${intent.id}:declined`)
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

  /** Makes the order's intent, which charges nothing yet. @returns undefined when Stripe knows no such method */
  const newIntent = async (step: Parameters<Provider['authorize']>[0], amount: number): Promise<string | undefined> => {
    const { key, orderId, method } = step
    const made = await (await api()).paymentIntents
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
    return made && intentIds.keep(orderId, made.id)
  }

  const confirmed = async (id: string, key: string): Promise<Stripe.PaymentIntent> => {
    const { paymentIntents } = await api()
    const intent = await paymentIntents.retrieve(id)
    if (intent.status !== 'requires_confirmation') return intent
    const isDecline = (error: unknown) => error instanceof Stripe.errors.StripeCardError || isUnexpectedState(error)
    const answer = await paymentIntents.confirm(id, {}, { idempotencyKey: key }).catch(unless(isDecline))
    return answer ?? paymentIntents.retrieve(id)
  }

  const refundOf = async (intentId: string, step: string): Promise<Stripe.Refund | undefined> => {
    const { data } = await (await api()).refunds.list({ payment_intent: intentId, limit: 100 })
    return data.find(({ metadata }) => metadata?.step === step)
  }

  /** @returns undefined when no secret made the signature, or it is too old */
  const verified = (
    stripeApi: Stripe,
    body: string,
    signature: string,
    secret: string,
    nowMs: number,
  ): Stripe.Event | undefined => {
    try {
      return stripeApi.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, nowMs)
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined
      throw error
    }
  }

  const reportOf = (event: Stripe.Event): Report => {
    const { object } = event.data
    if (object.object === 'payment_intent' && object.metadata.orderId !== undefined) {
      const { orderId } = object.metadata
      return { type: 'decision', id: event.id, orderId, decide: async () => decisionOf(await current(orderId)) }
    }
    if (event.type === 'refund.failed' || event.type === 'charge.dispute.created') {
      count(event.type === 'refund.failed' ? metrics.refundsFailed : metrics.disputesOpened)
      logger.error('the provider asks for a person', { event_type: event.type, event_id: event.id })
    }
    return { type: 'irrelevant' }
  }

  return {
    name: 'stripe',
    async authorize(step) {
      const amount = stripeAmountOf(step.amount)
      if (amount === undefined) return declined('amount_not_supported')
      if (!step.method.startsWith('pm_')) return declined('payment_method_unknown')
      const id = (await intentIds.get(step.orderId)) ?? (await newIntent(step, amount))
      return id === undefined ? declined('payment_method_unknown') : decisionOf(await confirmed(id, step.key))
    },
    async confirm({ key, orderId, outcome }) {
      const intent = await current(orderId)
      if (outcome === 'failure' && intent.status === 'requires_action') {
        await cancel(intent.id, afterDecline, key)
        return declined('authentication_abandoned')
      }
      return decisionOf(intent)
    },
    async confirmationSecret(orderId) {
      const { status, client_secret: secret } = await current(orderId)
      return status === 'requires_action' ? (secret ?? undefined) : undefined
    },
    async capture({ key, orderId, amount }) {
      const id = await idOf(orderId)
      const { paymentIntents } = await api()
      const captured = await paymentIntents
        .capture(id, { amount_to_capture: stripeAmountOf(amount) ?? amount.amount }, { idempotencyKey: key })
        .catch(unless(isUnexpectedState))
      const { status } = captured ?? (await paymentIntents.retrieve(id))
      if (status !== 'succeeded') throw new Error(`an intent that was to be captured is ${status}`)
    },
    async void({ key, orderId }) {
      await cancel(await idOf(orderId), 'requested_by_customer', key)
    },
    async refund({ key, orderId, amount }) {
      const id = await idOf(orderId)
      const minor = stripeAmountOf(amount)
      if (minor === undefined) throw new Error(`Stripe cannot give back ${amount.amount} of ${amount.currency} exactly`)
      const refund =
        (await refundOf(id, key)) ??
        (await (
          await api()
        ).refunds.create(
          { payment_intent: id, amount: minor, metadata: { orderId, step: key } },
          { idempotencyKey: key },
        ))
      if (refund.status === 'failed' || refund.status === 'canceled')
        throw new Error(`the refund ${refund.id} is ${refund.status}: ${refund.failure_reason ?? 'no reason given'}`)
    },
    async read({ headers, body, nowMs }) {
      const signature = headers['stripe-signature']
      if (!signature) return { type: 'unsigned' }
      const stripeApi = await api()
      for (const secret of await secrets()) {
        const event = verified(stripeApi, body, signature, secret, nowMs)
        if (event) return reportOf(event)
      }
      return { type: 'unsigned' }
    },
  }
}
