/** The published language of payments: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Id, Money, UserId } from '../../shared/contract/schema.ts'
import { providers } from '../payments/providers/registered.ts'

/** How an order is paid: a method of any provider, since what was begun with one can still be under way with another. */
export const PaymentMethod = z.union(providers.map(({ method }) => method))
export type PaymentMethod = z.infer<typeof PaymentMethod>

/** What the documentation says of methods. */
export const paymentMethodWords = {
  text: `A payment method: ${providers.map(({ methodText }) => methodText).join(', or ')}.`,
  example: providers[0].methodExample,
}

/** What stays of how an order was paid when its payer is erased: the provider whose method it is knows. */
export const redactPaymentMethod = (method: string): string =>
  providers.find((provider) => z.safeParse(provider.method, method).success)?.redactMethod(method) ?? method

export const undo = procedure({
  service: 'payments',
  name: 'undo',
  summary:
    'Void or refund what was authorized or charged for an order that does not live; `undone` is false without a payment',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({ undone: z.boolean() }),
  table: ['GetItem', 'PutItem'],
  uses: ['provider'],
})

/** On the payment, and on what the provider keeps in partitions of its own. */
const writes = ['GetItem', 'PutItem'] as const

export const authorize = procedure({
  service: 'payments',
  name: 'authorize',
  summary:
    "Have an order's total authorized, once however often it is asked; where its payer or its provider has yet to decide, an event says how",
  input: z.strictObject({ orderId: Id('ord'), customerId: UserId, total: Money, method: z.string() }),
  output: z.strictObject({
    /** `voided`: the order was cancelled. */
    status: z.enum(['authorized', 'declined', 'action-required', 'pending', 'voided']),
    declineCode: z.optional(z.string()),
  }),
  table: writes,
  uses: ['provider'],
})

export const capture = procedure({
  service: 'payments',
  name: 'capture',
  summary: 'Take what was authorized for an order, since its goods have left; once however often it is asked',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({}),
  table: writes,
  uses: ['provider'],
})

export const exportPerson = exportPersonOf('payments', ['Query', 'BatchGetItem'])

export const paymentAuthorized = event({
  service: 'payments',
  type: 'payment.authorized',
  schemaVersion: 1,
  summary: "An order's total is authorized and can be captured",
  data: z.object({ orderId: Id('ord'), amount: Money }),
})

export const paymentDeclined = event({
  service: 'payments',
  type: 'payment.declined',
  schemaVersion: 1,
  summary: 'The provider refused the payment',
  data: z.object({ orderId: Id('ord'), declineCode: z.string() }),
})

export const paymentActionRequired = event({
  service: 'payments',
  type: 'payment.action-required',
  schemaVersion: 1,
  summary: 'The shopper must confirm the payment (3-D Secure)',
  data: z.object({ orderId: Id('ord') }),
})

export const paymentCaptured = event({
  service: 'payments',
  type: 'payment.captured',
  schemaVersion: 1,
  summary: 'Money was taken; amount is that of this capture',
  data: z.object({ orderId: Id('ord'), amount: Money }),
})

export const paymentVoided = event({
  service: 'payments',
  type: 'payment.voided',
  schemaVersion: 1,
  summary: 'An authorization was given back, or will never be asked for',
  data: z.object({ orderId: Id('ord') }),
})

/** What brings a refund about. */
export const RefundSource = z.enum(['staff', 'return', 'cancellation'])
export type RefundSource = z.infer<typeof RefundSource>

export const paymentRefunded = event({
  service: 'payments',
  type: 'payment.refunded',
  schemaVersion: 1,
  summary: 'Money was given back; amount is that of this refund',
  data: z.object({
    orderId: Id('ord'),
    amount: Money,
    reason: z.string(),
    /** Permanent; older refunds say neither it nor what brought them about. */
    refundId: z.optional(z.string()),
    source: z.optional(RefundSource),
  }),
})

export const paymentCaptureRequested = event({
  service: 'payments',
  type: 'payment.capture-requested',
  schemaVersion: 1,
  summary: 'Staff asked for a capture ahead of the dispatch, and it will be done; payment.captured follows',
  data: z.object({ orderId: Id('ord') }),
})

export const paymentRefundRequested = event({
  service: 'payments',
  type: 'payment.refund-requested',
  schemaVersion: 1,
  summary: 'Staff asked for a refund, and it will be done; payment.refunded follows',
  data: z.object({ orderId: Id('ord') }),
})

export const personErased = personErasedBy('payments')
