/** The published language of inventory: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { Id, Quantity, Sku, Timestamp } from '../../shared/contract/schema.ts'

export const levels = procedure({
  service: 'inventory',
  name: 'levels',
  summary: 'Say how many of variants can be bought at this moment; those without a stock item are left out',
  input: z.strictObject({ skus: z.array(Sku).check(z.minLength(1), z.maxLength(100)) }),
  output: z.strictObject({
    levels: z.array(z.strictObject({ sku: Sku, available: z.int().check(z.minimum(0)) })).check(z.maxLength(100)),
  }),
  table: ['BatchGetItem'],
})

const units = z.int().check(z.minimum(0))

/** As many as an order has. */
const maxLines = 100

/** Of a variant there is less than an order asks for. */
const Shortage = z.strictObject({ sku: Sku, wanted: units, available: units })

const writes = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] as const

export const reserve = procedure({
  service: 'inventory',
  name: 'reserve',
  summary:
    "Reserve all of an order's lines or none, once however often it is asked; `released` where the order was cancelled, or its time is up",
  input: z.strictObject({
    orderId: Id('ord'),
    lines: z.array(z.strictObject({ sku: Sku, quantity: Quantity })).check(z.minLength(1), z.maxLength(maxLines)),
    /** Until when the stock is kept for it, unless it is confirmed by then. */
    expiresAt: Timestamp,
  }),
  output: z.strictObject({
    state: z.enum(['reserved', 'rejected', 'released']),
    /** The lines of which there is too little, where it is rejected. */
    shortages: z.array(Shortage).check(z.maxLength(maxLines)),
  }),
  table: writes,
  timeoutSeconds: 10,
})

export const commit = procedure({
  service: 'inventory',
  name: 'commit',
  summary: 'Book out what was reserved for an order, since it has left the house; once however often it is asked',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({}),
  table: writes,
})

export const stockLevelChanged = event({
  service: 'inventory',
  type: 'stock.level-changed',
  schemaVersion: 1,
  summary:
    'What can be bought of a variant has changed, and these were its levels then; goods that leave change none of it, stock.committed tells of them',
  data: z.object({ sku: Sku, onHand: units, reserved: units, available: units }),
})

export const stockReserved = event({
  service: 'inventory',
  type: 'stock.reserved',
  schemaVersion: 1,
  summary: 'All lines of an order are reserved',
  data: z.object({ orderId: Id('ord') }),
})

export const stockRejected = event({
  service: 'inventory',
  type: 'stock.rejected',
  schemaVersion: 1,
  summary: 'An order asks for more than there is; nothing is reserved for it',
  data: z.object({
    orderId: Id('ord'),
    shortages: z.array(z.object({ sku: Sku, wanted: units, available: units })).check(z.maxLength(100)),
  }),
})

export const stockReleased = event({
  service: 'inventory',
  type: 'stock.released',
  schemaVersion: 1,
  summary: 'What was reserved for an order can be sold again',
  data: z.object({ orderId: Id('ord') }),
})

export const stockCommitted = event({
  service: 'inventory',
  type: 'stock.committed',
  schemaVersion: 1,
  summary: 'What was reserved for an order has left the house: on hand and reserved are less by these lines',
  data: z.object({
    orderId: Id('ord'),
    /** Each SKU once. Events of before they were told of do not have them. */
    lines: z.optional(z.array(z.object({ sku: Sku, quantity: z.int().check(z.minimum(1)) })).check(z.maxLength(100))),
  }),
})
