import * as z from 'zod/mini'
import { consumer, endpoint, kebab, schedule, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { Id } from '../../shared/contract/schema.ts'
import { userErasureRequested } from '../published/identity.ts'
import { orderCancelled, paidParts, returnReceived } from '../published/orders.ts'
import {
  authorize,
  capture,
  exportPerson,
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentCaptureRequested,
  paymentDeclined,
  paymentRefunded,
  paymentRefundRequested,
  paymentVoided,
  personErased,
  undo,
} from '../published/payments.ts'
import { provider } from './providers/chosen/provider.ts'
import type { PaymentProviderDeclaration } from './providers/declaration.ts'
import type { providers } from './providers/registered.ts'
import { LedgerEntry, Payment, refundBody } from './schema.ts'

/** Clients are made for whichever provider a shop has: each one's confirmation is one that can be sent. */
const confirmation: (typeof providers)[number]['confirmation'] = provider.confirmation

const orderPath = z.strictObject({ orderId: Id('ord') })
/** On the payment, and on what the provider keeps in partitions of its own. */
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
    summary: `Confirm a payment that needs it (3-D Secure); ${provider.confirmationText}`,
    params: orderPath,
    body: confirmation,
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
    body: refundBody,
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
    summary: "Take the provider's signed report",
    rawBody: 64 * 1024,
    success: { status: 204 },
    problems: { NOT_FOUND: 404, BAD_SIGNATURE: 401 },
    table: writes,
    uses: ['provider', 'provider-secret'],
  }),
}

export const consumers = {
  undoPayment: consumer({
    on: [orderCancelled],
    summary: 'Void or refund what a cancelled order was authorized or charged',
    table: writes,
    uses: ['provider'],
  }),
  refundReturn: consumer({
    on: [returnReceived],
    summary: 'Give back the price of goods that came back',
    table: writes,
    uses: ['provider'],
  }),
  completeRequested: consumer({
    on: [paymentCaptureRequested, paymentRefundRequested],
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

export const schedules = {
  settleDue: schedule({
    everyMinutes: 5,
    summary: 'Do what has been due for a payment too long',
    table: ['Query', ...writes],
    uses: ['provider'],
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
  paymentCaptureRequested,
  paymentRefundRequested,
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

/**
 * The service of a shop that is paid through this provider. Which work is put aside for later, where an authorization can be
 * asked for, is the provider's: another has other tasks, or none.
 */
export const paymentsThrough = ({ tasks }: Pick<PaymentProviderDeclaration, 'tasks'>) => {
  const defers = Object.keys(tasks).map(kebab)
  return service({
    name: 'payments',
    summary: 'authorizations, captures, refunds and their ledger',
    personalData: {
      held: 'who paid an order and how, and what staff wrote of refunds; never card data',
      kept: 'amounts, outcomes and the ledger of each order (tax and commercial law, up to ten years)',
    },
    table: { indexes: 2, keysOnly: [1, 2] },
    endpoints,
    procedures: { authorize: { ...authorize, defers }, capture, undo: { ...undo, defers }, exportPerson },
    consumers: {
      ...consumers,
      undoPayment: { ...consumers.undoPayment, defers },
    },
    tasks,
    schedules: { settleDue: { ...schedules.settleDue, defers } },
    events,
    metrics,
  })
}

// Pure: a function's bundle holds the declaration of that function only.
export const payments = /* @__PURE__ */ paymentsThrough(provider)
