import * as z from 'zod/mini'
import { consumer, endpoint, schedule, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import {
  Address,
  AddressInput,
  Email,
  Id,
  KeptEmail,
  Money,
  Options,
  Page,
  PageQuery,
  Quantity,
  Sku,
  Timestamp,
  UserId,
  Version,
} from '../../shared/contract/schema.ts'
import { checkoutSnapshot, reprice } from '../published/carts.ts'
import { quote as catalogQuote } from '../published/catalog.ts'
import { findContact, userErasureRequested } from '../published/identity.ts'
import { commit, reserve } from '../published/inventory.ts'
import {
  CancellationReason,
  exportPerson,
  findRecipient,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderStatus,
  paidParts,
  personErased,
  returnReceived,
  returnRequested,
  Shortage,
  settleExpired,
} from '../published/orders.ts'
import { authorize, capture, PaymentMethod, paymentAuthorized, paymentDeclined } from '../published/payments.ts'
import {
  shipmentDelivered,
  shipmentDispatched,
  shipmentStopped,
  quote as shippingQuote,
  stop,
} from '../published/shipping.ts'
import { noteEndpoints } from './notes/contract.ts'
import { Return, returnEndpoints } from './returns/contract.ts'

const OrderId = Id('ord')

/** Orders are moved on every minute; one that is still there after so many is stuck. */
export const stuckAfterMinutes = 10

export const OrderStatus = z.enum([
  'placed',
  'awaiting-payment',
  'confirmed',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'returned',
])

export const Order = z.strictObject({
  id: OrderId,
  number: z.string(),
  status: OrderStatus,
  reason: z.optional(CancellationReason),
  /** Why it was cancelled, in a sentence. */
  reasonDetail: z.optional(z.string()),
  /** Shown to staff: who of them cancelled it. */
  cancelledBy: z.optional(UserId),
  /** The lines of which there was too little, where that is why. */
  shortages: z.optional(z.array(Shortage)),
  lines: z.array(
    z.strictObject({
      sku: Sku,
      /** Where it can be reviewed; older orders do not say. */
      productId: z.optional(Id('prd')),
      title: z.string(),
      /** Absent where a product has one variant only. */
      options: z.optional(Options),
      quantity: Quantity,
      unitPrice: Money,
      total: Money,
      tax: Money,
    }),
  ),
  subtotal: Money,
  discount: Money,
  shipping: Money,
  tax: Money,
  total: Money,
  /** true: the tax is contained in the lines' totals and the shipping; false: it comes on top of them. */
  pricesIncludeTax: z.boolean(),
  shippingMethod: z.strictObject({ id: z.string(), title: z.string() }),
  shippingAddress: Address,
  email: z.optional(KeptEmail),
  placedAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
  timeline: z.array(z.strictObject({ at: Timestamp, status: OrderStatus })),
  /** Oldest first. */
  returns: z.array(Return),
})

const orderPath = z.strictObject({ orderId: OrderId })

export const endpoints = {
  placeOrder: endpoint({
    method: 'POST',
    path: '/orders',
    caller: 'shopper',
    idempotency: 'required',
    keyMakesId: true,
    summary:
      'Turn my cart into an order, as it was shown. Mostly the answer says how it ended; where payer or provider have yet to decide, `Prefer: wait=N` waits for that, if no other order of mine is undecided',
    body: z.strictObject({
      cartId: Id('crt'),
      /** Where mail about it goes; an account's own address where none is given. Guests must give one. */
      email: z.optional(Email),
      shippingAddress: AddressInput,
      shippingMethod: z.string().check(z.minLength(1), z.maxLength(64)),
      payment: z.strictObject({ method: PaymentMethod }),
      /** What the shopper agreed to, shipping and tax included: an order that would cost anything else is not placed. */
      expectedTotal: z.optional(Money),
    }),
    success: { status: 202, body: Order },
    problems: {
      NOT_FOUND: 404,
      CART_EMPTY: 409,
      CART_ORDERED: 409,
      ITEM_CHANGED: 409,
      ITEM_UNAVAILABLE: 409,
      PRICE_CHANGED: 409,
      QUANTITY_LIMITED: 409,
      SHIPPING_UNAVAILABLE: 409,
      TOTAL_CHANGED: 409,
      TOTAL_TOO_LARGE: 409,
      TOO_MANY_UNDECIDED_ORDERS: 409,
    },
    table: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    calls: [checkoutSnapshot, reprice, catalogQuote, shippingQuote, findContact, reserve, authorize],
    timeoutSeconds: 29,
  }),
  listOrders: endpoint({
    method: 'GET',
    path: '/orders',
    caller: 'shopper',
    forStaff: true,
    summary: 'List my orders, newest first; staff list everyone’s with scope=all',
    query: z.strictObject({ ...PageQuery, scope: z.optional(z.enum(['mine', 'all'])) }),
    success: { status: 200, body: Page(Order) },
    table: ['Query', 'BatchGetItem'],
  }),
  readOrder: endpoint({
    method: 'GET',
    path: '/orders/{orderId}',
    caller: 'shopper',
    forStaff: true,
    summary: 'Read an order of mine; staff read any',
    params: orderPath,
    success: { status: 200, body: Order },
    table: ['GetItem'],
  }),
  cancelOrder: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/cancel',
    caller: 'shopper',
    forStaff: true,
    summary: 'Cancel an order that has not been shipped; its stock and money are given back',
    params: orderPath,
    success: { status: 200, body: Order },
    problems: { NOT_CANCELLABLE: 409 },
    table: ['GetItem', 'PutItem'],
    calls: [stop],
  }),
  ...returnEndpoints,
  ...noteEndpoints,
}

export const consumers = {
  settleOrder: consumer({
    on: [paymentAuthorized, paymentDeclined, shipmentDelivered, shipmentStopped],
    summary: 'Move an order on by what the other services report',
    table: ['GetItem', 'PutItem'],
  }),
  shipOrder: consumer({
    on: [shipmentDispatched],
    summary: 'Take the money and the stock of an order that has left, and call it shipped',
    table: ['GetItem', 'PutItem'],
    calls: [capture, commit],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Take a person out of their orders, once these have come to rest, and delete what was noted on them',
    table: ['Query', 'BatchGetItem', 'GetItem', 'PutItem', 'DeleteItem'],
  }),
}

export const schedules = {
  moveOverdue: schedule({
    everyMinutes: 1,
    summary: 'Take up what ended half-way, cancel orders whose time is over, and complete those delivered long ago',
    table: ['Query', 'GetItem', 'PutItem'],
    calls: [reserve, authorize, capture, commit],
    timeoutSeconds: 50,
  }),
}

export const metrics = {
  ordersPlaced: metric({ name: 'OrdersPlaced', summary: 'Orders placed' }),
  ordersConfirmed: metric({ name: 'OrdersConfirmed', summary: 'Orders confirmed' }),
  revenue: metric({ name: 'Revenue', summary: 'Totals of confirmed orders, in minor units', unit: 'money' }),
  ordersStuck: metric({
    name: 'OrdersStuck',
    summary: `Orders that time should have moved on ${stuckAfterMinutes} minutes ago`,
    statistic: 'Maximum',
    alarm: {
      says: `Orders stand still ${stuckAfterMinutes} minutes after their deadline, or nobody moves them on`,
      runbook: 'orders-stuck',
      minutes: 5,
      times: 2,
      silence: 'alarms',
    },
  }),
}

export const events = {
  orderConfirmed,
  orderCancelled,
  orderCompleted,
  returnRequested,
  returnReceived,
  personErased,
}

export const procedures = { settleExpired, findRecipient, orderStatus, paidParts, exportPerson }

export const orders = service({
  name: 'orders',
  summary: 'orders, from placing to completion, and what comes back of them',
  personalData: {
    held: 'orders with delivery address, e-mail address and reasons of returns; what staff noted on them',
    kept: 'number, lines, totals, tax, country and history of each order (tax and commercial law, up to ten years)',
  },
  table: { indexes: 3, keysOnly: [1, 2, 3] },
  endpoints,
  procedures,
  consumers,
  schedules,
  events,
  metrics,
})
