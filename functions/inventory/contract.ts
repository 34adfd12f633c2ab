import * as z from 'zod/mini'
import { consumer, endpoint, schedule, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { Id, Page, PageQuery, Sku, Text, Timestamp, UserId } from '../../shared/contract/schema.ts'
import { importStockCounted, productCreated, productUpdated, quote } from '../published/catalog.ts'
import {
  commit,
  levels,
  reserve,
  stockCommitted,
  stockLevelChanged,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../published/inventory.ts'
import { orderCancelled, returnReceived, settleExpired } from '../published/orders.ts'

const maxUnits = 1_000_000

/** Staff see all of it, others what can be bought. */
export const Stock = z.strictObject({
  sku: Sku,
  available: z.int(),
  onHand: z.optional(z.int()),
  reserved: z.optional(z.int()),
  version: z.optional(z.int()),
})

export const Movement = z.strictObject({
  id: z.string(),
  kind: z.enum(['receipt', 'adjustment', 'sale', 'return']),
  /** Signed units: what it did to the stock on hand. */
  quantity: z.int(),
  reason: z.optional(z.string()),
  orderId: z.optional(Id('ord')),
  /** The staff member who booked a receipt or an adjustment. */
  by: z.optional(UserId),
  at: Timestamp,
})

const skuPath = z.strictObject({ sku: Sku })

export const endpoints = {
  readStock: endpoint({
    method: 'GET',
    path: '/stock/{sku}',
    caller: 'anyone',
    forStaff: true,
    summary: 'How many of a variant can be bought; with a staff token, also what is on hand and reserved',
    params: skuPath,
    success: { status: 200, body: Stock },
    table: ['GetItem'],
    uses: ['token-issuer'],
  }),
  receiveStock: endpoint({
    method: 'POST',
    path: '/stock/{sku}/receipts',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Book goods that came in',
    params: skuPath,
    body: z.strictObject({ quantity: z.int().check(z.minimum(1), z.maximum(maxUnits)) }),
    success: { status: 201, body: Stock },
    table: ['GetItem', 'UpdateItem', 'PutItem'],
    calls: [quote],
  }),
  adjustStock: endpoint({
    method: 'POST',
    path: '/stock/{sku}/adjustments',
    caller: 'staff',
    idempotency: 'honoured',
    summary: 'Correct the stock on hand by a signed number of units, with the reason',
    params: skuPath,
    body: z.strictObject({ quantity: z.int().check(z.minimum(-maxUnits), z.maximum(maxUnits)), reason: Text(200) }),
    success: { status: 201, body: Stock },
    problems: { NOT_ENOUGH_STOCK: 409 },
    table: ['GetItem', 'UpdateItem', 'PutItem'],
  }),
  readHistory: endpoint({
    method: 'GET',
    path: '/stock/{sku}/history',
    caller: 'staff',
    summary: "List what changed a variant's stock on hand, newest first",
    params: skuPath,
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Movement) },
    table: ['Query'],
  }),
}

const writes = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] as const

export const consumers = {
  releaseStock: consumer({
    on: [orderCancelled],
    summary: 'Give back what was reserved for a cancelled order',
    table: writes,
  }),
  restockReturn: consumer({
    on: [returnReceived],
    summary: 'Book in goods that came back',
    table: ['PutItem', 'UpdateItem'],
  }),
  openStockItems: consumer({
    on: [productCreated, productUpdated],
    summary: 'Keep a stock item for every variant, and tell the levels of those that another product has now',
    table: ['PutItem', 'UpdateItem'],
  }),
  takeCounts: consumer({
    on: [importStockCounted],
    summary: 'Count the stock as a file of products says',
    table: ['BatchGetItem', 'PutItem', 'UpdateItem'],
    timeoutSeconds: 50,
  }),
}

export const schedules = {
  moveDue: schedule({
    everyMinutes: 1,
    summary: 'Carry on reservations that are stuck on their way, and ask for those whose time is up',
    table: ['Query', ...writes],
    calls: [settleExpired],
    timeoutSeconds: 50,
  }),
}

export const metrics = {
  outOfStock: metric({ name: 'OutOfStock', summary: 'Orders refused for want of stock' }),
}

export const procedures = { levels, reserve, commit }
export const events = { stockLevelChanged, stockReserved, stockRejected, stockReleased, stockCommitted }

export const inventory = service({
  name: 'inventory',
  summary: 'stock on hand and reserved, and how it moved',
  personalData: 'none',
  table: { indexes: 1, keysOnly: [1] },
  endpoints,
  procedures,
  consumers,
  schedules,
  events,
  metrics,
})
