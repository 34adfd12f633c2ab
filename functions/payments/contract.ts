import * as z from 'zod/mini'
import { consumer, endpoint, schedule, service, task } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { Currency, Id, Money, Quantity, Sku, Text, Timestamp, UserId } from '../../shared/contract/schema.ts'
import { userErasureRequested } from '../published/identity.ts'
import { orderAwaitingPayment, orderCancelled, paidParts, returnReceived } from '../published/orders.ts'
import {
  exportPerson,
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentPromised,
  paymentRefunded,
  paymentVoided,
  personErased,
  undo,
} from '../published/payments.ts'
import { shipmentDispatched } from '../published/shipping.ts'

const OrderId = Id('ord')

export const PaymentStatus = z.enum([
  'pending',
  'action-required',
  'authorized',
  'captured',
  'declined',
  'voided',
  'partially-refunded',
  'refunded',
])

export const Payment = z.strictObject({
  orderId: OrderId,
  status: PaymentStatus,
  method: z.string(),
  authorized: Money,
  captured: Money,
  refunded: Money,
  declineCode: z.optional(z.string()),
  /** Stripe's client secret, while the payment waits for its payer: what the provider's page script confirms it with. */
  confirmationSecret: z.optional(z.string()),
  /** Shown to staff: each refund with what it is for, and who gave it. */
  refunds: z.optional(
    z.array(
      z.strictObject({
        id: z.string(),
        amount: Money,
        reason: z.string(),
        status: z.enum(['due', 'done']),
        lines: z.optional(z.array(z.strictObject({ sku: Sku, quantity: z.optional(Quantity), amount: Money }))),
        shipping: z.optional(Money),
        by: z.optional(UserId),
      }),
    ),
  ),
  /** Shown to staff: who of them had it captured ahead of its dispatch. */
  capturedBy: z.optional(UserId),
  version: z.int(),
})

/** What a refund is for: units of a line, which are paid back whole, or an amount by which a line is made cheaper. */
const RefundedLine = z
  .strictObject({ sku: Sku, quantity: z.optional(Quantity), amount: z.optional(Money) })
  .check(
    z.refine(
      ({ quantity, amount }) => (quantity === undefined) !== (amount === undefined),
      'Must name a quantity or an amount, not both.',
    ),
  )

const Refund = z
  .strictObject({
    /** All of it; may be left out where `lines` or `shipping` say it. */
    amount: z.optional(Money),
    reason: Text(200),
    lines: z.optional(
      z.array(RefundedLine).check(
        z.minLength(1),
        z.maxLength(100),
        z.refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, 'Must name each SKU once.'),
      ),
    ),
    /** What of it is for the shipping. */
    shipping: z.optional(Money),
  })
  .check(
    z.refine(
      ({ amount, lines, shipping }) => amount !== undefined || lines !== undefined || shipping !== undefined,
      'Must say how much, by an amount, lines or the shipping.',
    ),
  )

export const LedgerEntry = z.strictObject({
  id: z.string(),
  at: Timestamp,
  kind: z.enum(['capture', 'refund']),
  account: z.enum(['provider', 'customer']),
  /** Signed minor units. */
  amount: z.int(),
  currency: Currency,
})

/** What the provider reports about a payment it was asked for. */
export const ProviderEvent = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  type: z.enum(['authorization.succeeded', 'authorization.failed']),
  orderId: OrderId,
  declineCode: z.optional(z.string().check(z.maxLength(64))),
})
export type ProviderEvent = z.infer<typeof ProviderEvent>

const orderPath = z.strictObject({ orderId: OrderId })
/** On the payment, and on what the sandbox, standing for an outside provider, keeps in a partition of its own. */
const writes = ['GetItem', 'PutItem'] as const

export const endpoints = {
  readPayment: endpoint({
    method: 'GET',
    path: '/orders/{orderId}/payment',
    caller: 'shopper',
    forStaff: true,
    summary: 'Read the payment of an order of mine; staff read any',
    params: orderPath,
    success: { status: 200, body: Payment },
    table: ['GetItem'],
    uses: ['provider'],
  }),
  confirmPayment: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/payment/confirm',
    caller: 'shopper',
    forStaff: true,
    summary: 'Confirm a payment that needs it (3-D Secure); the sandbox lets the caller choose the outcome',
    params: orderPath,
    body: z.strictObject({ outcome: z.enum(['success', 'failure']) }),
    success: { status: 200, body: Payment },
    problems: { NOT_CONFIRMABLE: 409 },
    table: writes,
    uses: ['provider'],
  }),
  capturePayment: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/payment/capture',
    caller: 'staff',
    idempotency: 'required',
    summary: 'Take the authorized money now, before the dispatch would',
    params: orderPath,
    success: { status: 200, body: Payment },
    problems: { NOT_CAPTURABLE: 409 },
    table: writes,
    uses: ['provider'],
  }),
  refundPayment: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/payment/refunds',
    caller: 'staff',
    idempotency: 'required',
    summary: 'Give captured money back, in whole or in part: for lines, for the shipping, or as a whole',
    params: orderPath,
    body: Refund,
    success: { status: 201, body: Payment },
    problems: { NOT_CAPTURED: 409, NOT_ORDERED: 409, REFUND_TOO_LARGE: 409, TOO_MANY_REFUNDS: 409 },
    table: writes,
    calls: [paidParts],
    uses: ['provider'],
  }),
  readLedger: endpoint({
    method: 'GET',
    path: '/orders/{orderId}/payment/ledger',
    caller: 'staff',
    summary: "Read an order's double-entry ledger, whose entries sum to zero",
    params: orderPath,
    success: { status: 200, body: z.strictObject({ data: z.array(LedgerEntry) }) },
    table: ['GetItem'],
  }),
  receiveProviderEvent: endpoint({
    method: 'POST',
    path: '/payment-events',
    caller: 'anyone',
    summary: "Take the provider's signed report (Standard Webhooks signature)",
    rawBody: 64 * 1024,
    success: { status: 204 },
    problems: { NOT_FOUND: 404, BAD_SIGNATURE: 401 },
    table: writes,
    uses: ['provider', 'provider-secret'],
  }),
}

export const consumers = {
  authorizePayment: consumer({
    on: [orderAwaitingPayment],
    summary: "Have an order's total authorized",
    table: writes,
    uses: ['provider'],
    defers: ['send-sandbox-event'],
  }),
  capturePaymentOnDispatch: consumer({
    on: [shipmentDispatched],
    summary: 'Take the authorized money when the goods leave',
    table: writes,
    uses: ['provider'],
  }),
  undoPayment: consumer({
    on: [orderCancelled],
    summary: 'Void or refund what a cancelled order was authorized or charged',
    table: writes,
    uses: ['provider'],
    defers: ['send-sandbox-event'],
  }),
  refundReturn: consumer({
    on: [returnReceived],
    summary: 'Give back the price of goods that came back',
    table: writes,
    uses: ['provider'],
  }),
  keepPromise: consumer({
    on: [paymentPromised],
    summary: 'Do what staff asked for, where the function that was asked has ended half-way',
    table: writes,
    uses: ['provider'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Take a person out of their payments, once none of their orders is under way',
    table: ['Query', ...writes],
  }),
}

export const tasks = {
  sendSandboxEvent: task({
    summary: 'Be the sandbox provider: decide a slow authorization and report it by signed event',
    delaySeconds: 5,
    message: z.strictObject({ orderId: OrderId }),
    table: writes,
    uses: ['provider-secret', 'public-api'],
  }),
}

export const schedules = {
  settleDue: schedule({
    everyMinutes: 5,
    summary: 'Do what has been due for a payment too long',
    table: ['Query', ...writes],
    uses: ['provider'],
    defers: ['send-sandbox-event'],
    timeoutSeconds: 50,
  }),
}

export const events = {
  paymentAuthorized,
  paymentDeclined,
  paymentActionRequired,
  paymentCaptured,
  paymentVoided,
  paymentRefunded,
  paymentPromised,
  personErased,
}

export const metrics = {
  paymentsDeclined: metric({ name: 'PaymentsDeclined', summary: 'Payments declined by the provider' }),
  refundsFailed: metric({
    name: 'RefundsFailed',
    summary: 'Refunds that the provider could not carry out',
    alarm: {
      says: 'The provider could not give money back that we owe',
      runbook: 'refunds-failed',
      minutes: 5,
      times: 1,
    },
  }),
  disputesOpened: metric({
    name: 'DisputesOpened',
    summary: 'Payments disputed with the bank',
    alarm: {
      says: 'A customer disputes a payment, and the bank waits for an answer until a date',
      runbook: 'disputes-opened',
      minutes: 5,
      times: 1,
    },
  }),
}

export const procedures = { undo, exportPerson }

export const payments = service({
  name: 'payments',
  summary: 'authorizations, captures, refunds and their ledger',
  personalData: {
    held: 'who paid an order and how, and what staff wrote of refunds; never card data',
    kept: 'amounts, outcomes and the ledger of each order (tax and commercial law, up to ten years)',
  },
  table: { indexes: 2, keysOnly: [1, 2] },
  endpoints,
  procedures,
  consumers,
  tasks,
  schedules,
  events,
  metrics,
})
