import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { Id, Sku } from '../../shared/contract/schema.ts'

const units = z.int().check(z.minimum(0))

export const stockLevelChanged = event({
  service: 'inventory',
  type: 'stock.level-changed',
  schemaVersion: 1,
  summary: 'A stock item stands at these levels; available = on hand - reserved',
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
  summary: 'What was reserved for an order has left the house',
  data: z.object({ orderId: Id('ord') }),
})
