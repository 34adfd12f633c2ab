import * as z from 'zod/mini'
import { consumer, endpoint, schedule, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { Id, Page, PageQuery, Timestamp } from '../../shared/contract/schema.ts'
import { stockCommitted, stockReleased, stockReserved } from '../published/inventory.ts'
import { orderCancelled, orderConfirmed, returnReceived, settleExpired } from '../published/orders.ts'
import { paymentAuthorized, paymentCaptured, paymentRefunded, paymentVoided, undo } from '../published/payments.ts'
import { shipmentDispatched } from '../published/shipping.ts'

/** In what an order, its payment and its stock disagree. README.md says what each means and what to do. */
export const Drift = z.enum([
  'cancelled-holds-stock',
  'cancelled-was-sent',
  'cancelled-holds-authorization',
  'cancelled-keeps-money',
  'confirmed-without-stock',
  'confirmed-without-payment',
  'sent-holds-stock',
  'sent-not-captured',
  'committed-unconfirmed',
  'captured-unknown-order',
  'captured-not-total',
  'authorized-not-total',
  'refunded-over-captured',
  'returned-not-refunded',
])
export type Drift = z.infer<typeof Drift>

/** Events overtake each other, so an order that does not add up is nobody's concern for so long. */
export const graceMinutes = 15

const maxMinutes = 7 * 24 * 60

const UnsettledOrder = z.strictObject({
  orderId: Id('ord'),
  drifts: z.array(Drift).check(z.minLength(1), z.maxLength(Drift.options.length)),
  /** Since when it has not added up, as far as was heard. */
  since: Timestamp,
})

export const endpoints = {
  readReconciliation: endpoint({
    method: 'GET',
    path: '/reports/reconciliation',
    caller: 'staff',
    summary: `List orders that have not added up with their payment and stock for ${graceMinutes} minutes, or as many as asked`,
    query: z.strictObject({
      ...PageQuery,
      olderThanMinutes: z.optional(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(maxMinutes))),
    }),
    success: { status: 200, body: z.extend(Page(UnsettledOrder), { checkedAt: Timestamp }) },
    table: ['Query', 'BatchGetItem'],
  }),
}

export const consumers = {
  recordEvent: consumer({
    on: [
      orderConfirmed,
      orderCancelled,
      returnReceived,
      paymentAuthorized,
      paymentCaptured,
      paymentVoided,
      paymentRefunded,
      stockReserved,
      stockReleased,
      stockCommitted,
      shipmentDispatched,
    ],
    summary: 'Note what is said of an order, its payment and its stock',
    table: ['GetItem', 'PutItem'],
    timeoutSeconds: 10,
  }),
}

const everyMinutes = 10

export const metrics = {
  /** What one run finds, the next can find mended; what is still there after the third waits for a person. */
  reconciliationDrift: metric({
    name: 'ReconciliationDrift',
    summary: 'Orders that do not add up with their payment and stock',
    statistic: 'Maximum',
    alarm: {
      says: 'Orders, payments and stock disagree, or nobody looks whether they do',
      runbook: 'reconciliation-drift',
      minutes: everyMinutes,
      times: 3,
      silence: 'alarms',
    },
  }),
}

export const schedules = {
  reconcile: schedule({
    everyMinutes,
    summary: 'Count the orders that do not add up, and have undone what is held for orders that do not live',
    table: ['Query', 'BatchGetItem'],
    calls: [settleExpired, undo],
    timeoutSeconds: 50,
  }),
}

export const reporting = service({
  name: 'reporting',
  summary: 'what orders, payments and stock say of each order, and where they disagree',
  personalData: 'none',
  table: { indexes: 1, keysOnly: [1] },
  endpoints,
  consumers,
  schedules,
  metrics,
})
