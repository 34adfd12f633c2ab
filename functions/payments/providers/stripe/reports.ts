/** What Stripe reports by itself, signed after its own manner. */
import Stripe from 'stripe'
import type { Table } from '../../../../shared/runtime/table.ts'
import type { CreateReader, Report } from '../port.ts'
import { stripeApi } from './api.ts'
import { currentIntent, decisionOf } from './intents.ts'

/** Seconds that a report may be old: the library has the same default, and an upgrade must not change it unseen. */
const toleranceSeconds = 300

/** @returns undefined when this secret did not make the signature, or it is too old */
const verified = (
  api: Stripe,
  body: string,
  signature: string,
  secret: string,
  nowMs: number,
): Stripe.Event | undefined => {
  try {
    return api.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, nowMs)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined
    throw error
  }
}

const reportOf = (table: Table, event: Stripe.Event): Report => {
  const { object } = event.data
  if (object.object === 'payment_intent' && object.metadata.orderId !== undefined) {
    const { orderId } = object.metadata
    const decide = async () => decisionOf(await currentIntent(table, orderId))
    return { type: 'decision', id: event.id, orderId, decide }
  }
  if (event.type === 'refund.failed') return { type: 'refund-failed', id: event.id }
  if (event.type === 'charge.dispute.created') return { type: 'dispute-opened', id: event.id }
  return { type: 'irrelevant' }
}

/** Webhook signing secrets are `whsec_…`. */
export const readerOfStripe: CreateReader =
  ({ table, secrets }) =>
  async ({ headers, body, nowMs }) => {
    const signature = headers['stripe-signature']
    if (!signature) return { type: 'unsigned' }
    const api = await stripeApi()
    for (const secret of await secrets()) {
      const event = verified(api, body, signature, secret, nowMs)
      if (event) return reportOf(table, event)
    }
    return { type: 'unsigned' }
  }
