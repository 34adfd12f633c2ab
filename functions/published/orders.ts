/** The published language of orders: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import {
  Address,
  Id,
  KeptEmail,
  Money,
  Options,
  Quantity,
  Sku,
  Timestamp,
  UserId,
} from '../../shared/contract/schema.ts'

const maxOrders = 100

export const settleExpired = procedure({
  service: 'orders',
  name: 'settle-expired',
  summary: 'Say which of these orders still need their stock; those whose time is up are cancelled before the answer',
  input: z.strictObject({ orderIds: z.array(Id('ord')).check(z.minLength(1), z.maxLength(maxOrders)) }),
  output: z.strictObject({ needed: z.array(Id('ord')).check(z.maxLength(maxOrders)) }),
  table: ['GetItem', 'PutItem'],
})

export const findRecipient = procedure({
  service: 'orders',
  name: 'find-recipient',
  summary: 'Tell whose an order is, its number, and where mail about it goes; nothing of an order that is none',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({
    recipient: z.optional(z.strictObject({ customerId: UserId, number: z.string(), email: z.optional(KeptEmail) })),
  }),
  table: ['GetItem'],
})

export const orderStatus = procedure({
  service: 'orders',
  name: 'order-status',
  summary: 'Say how an order stands, and whose it is; nothing without an order',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({ order: z.optional(z.strictObject({ status: z.string(), customerId: UserId })) }),
  table: ['GetItem'],
})

export const paidParts = procedure({
  service: 'orders',
  name: 'paid-parts',
  summary:
    'Say what was paid for each line of an order, its tax included, and for the shipping; nothing without an order',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({
    paid: z.optional(
      z.strictObject({
        lines: z.array(z.strictObject({ sku: Sku, quantity: Quantity, paid: Money })).check(z.maxLength(maxOrders)),
        shipping: Money,
      }),
    ),
  }),
  table: ['GetItem'],
})

export const exportPerson = exportPersonOf('orders', ['Query', 'BatchGetItem'])

const maxLines = 100

/** An order as other services and its mails need it. Holds personal data: never logged. */
export const OrderSummary = z.object({
  number: z.string(),
  /** Where mail goes; older orders and those of erased people have none. */
  email: z.optional(KeptEmail),
  lines: z
    .array(
      z.object({
        sku: Sku,
        /** Of the time of placing: what has left the catalogue cannot be told from its SKU any more. Older orders have none. */
        productId: z.optional(Id('prd')),
        title: z.string(),
        /** What tells the variant from its siblings; absent where it has none. */
        options: z.optional(Options),
        quantity: Quantity,
        unitPrice: Money,
        total: Money,
        weightGrams: z.int(),
      }),
    )
    .check(z.maxLength(maxLines)),
  subtotal: Money,
  discount: Money,
  shipping: Money,
  tax: Money,
  total: Money,
  pricesIncludeTax: z.boolean(),
  shippingMethod: z.object({ id: z.string(), title: z.string() }),
  shippingAddress: Address,
})
export type OrderSummary = z.infer<typeof OrderSummary>

export const CancellationReason = z.enum(['out-of-stock', 'declined', 'expired', 'by-customer', 'by-staff'])
export type CancellationReason = z.infer<typeof CancellationReason>

/** A line of an order of which there was too little when its stock was to be reserved. */
export const Shortage = z.object({ sku: Sku, wanted: z.int(), available: z.int() })
export type Shortage = z.infer<typeof Shortage>

export const orderConfirmed = event({
  service: 'orders',
  type: 'order.confirmed',
  schemaVersion: 1,
  summary: 'An order has its stock and its authorization; it can be packed',
  data: z.object({
    orderId: Id('ord'),
    customerId: UserId,
    cartId: Id('crt'),
    cartVersion: z.int(),
    order: OrderSummary,
  }),
})

export const orderCancelled = event({
  service: 'orders',
  type: 'order.cancelled',
  schemaVersion: 1,
  summary: 'An order will not be fulfilled; whatever was done for it is to be undone',
  data: z.object({
    orderId: Id('ord'),
    customerId: UserId,
    reason: CancellationReason,
    /** Events of before this was told do not have it. */
    placedAt: z.optional(Timestamp),
    /** Which lines there was too little of, where that is the reason. */
    shortages: z.optional(z.array(Shortage).check(z.maxLength(maxLines))),
    order: OrderSummary,
  }),
})

export const orderCompleted = event({
  service: 'orders',
  type: 'order.completed',
  schemaVersion: 1,
  summary: 'A delivered order can no longer be returned',
  data: z.object({ orderId: Id('ord'), customerId: UserId }),
})

/** Goods of an order that a shopper sends back, and what is to be given back for them. */
const ReturnedGoods = z.object({
  orderId: Id('ord'),
  customerId: UserId,
  returnId: Id('ret'),
  /** Each SKU once. */
  lines: z.array(z.object({ sku: Sku, quantity: Quantity })).check(z.minLength(1), z.maxLength(maxLines)),
  /** What was paid for these units, without the shipping. */
  refund: Money,
})

export const returnRequested = event({
  service: 'orders',
  type: 'return.requested',
  schemaVersion: 1,
  summary: 'A shopper means to send goods back',
  data: ReturnedGoods,
})

export const returnReceived = event({
  service: 'orders',
  type: 'return.received',
  schemaVersion: 1,
  summary: 'Goods that were sent back are in the house: they can be sold again, and their price is to be given back',
  data: z.extend(ReturnedGoods, {
    /** The order's number, and where mail goes. */
    number: z.optional(z.string()),
    email: z.optional(KeptEmail),
    /**
     * The lines of the order that goods have come back of by now, by this or an earlier return: units, and what was paid for the
     * line. Events of before this was told do not have it.
     */
    paid: z.optional(
      z.array(z.object({ sku: Sku, bought: Quantity, returned: Quantity, paid: Money })).check(z.maxLength(maxLines)),
    ),
  }),
})

export const personErased = personErasedBy('orders')
