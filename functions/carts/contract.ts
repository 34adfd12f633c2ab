import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Currency, Id, Money, Options, Quantity, Sku, Timestamp, Version } from '../../shared/contract/schema.ts'
import { checkoutSnapshot, exportPerson, maxLines, personErased, reprice } from '../published/carts.ts'
import { quote } from '../published/catalog.ts'
import { userErasureRequested } from '../published/identity.ts'
import { levels } from '../published/inventory.ts'
import { orderConfirmed } from '../published/orders.ts'

const CartId = Id('crt')

export const Cart = z.strictObject({
  id: CartId,
  lines: z
    .array(
      z.strictObject({
        sku: Sku,
        title: z.string(),
        /** Absent where a product has one variant only. */
        options: z.optional(Options),
        quantity: Quantity,
        unitPrice: Money,
        total: Money,
        /** How many can be bought at this moment, by anybody; absent where that was not asked, or nobody answered. */
        available: z.optional(z.int()),
      }),
    )
    .check(z.maxLength(maxLines)),
  subtotal: Money,
  currency: Currency,
  /** What keeps it, as it stands, from becoming an order; `path` points into the cart (RFC 6901). */
  messages: z
    .array(
      z.strictObject({
        code: z.enum(['OUT_OF_STOCK', 'NOT_ENOUGH_STOCK', 'QUANTITY_LIMITED']),
        severity: z.enum(['error']),
        path: z.string(),
        text: z.string(),
      }),
    )
    .check(z.maxLength(maxLines)),
  version: Version,
  expiresAt: Timestamp,
})

const cartPath = z.strictObject({ cartId: CartId })
const linePath = z.strictObject({ cartId: CartId, sku: Sku })

export const endpoints = {
  createCart: endpoint({
    method: 'POST',
    path: '/carts',
    caller: 'shopper',
    idempotency: 'honoured',
    summary: 'Make an empty cart',
    success: { status: 201, body: Cart },
    problems: { NOT_FOUND: 404 },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
  }),
  readCart: endpoint({
    method: 'GET',
    path: '/carts/{cartId}',
    caller: 'shopper',
    summary: 'Read a cart of mine, with how many of each line can be bought at this moment',
    params: cartPath,
    success: { status: 200, body: Cart },
    table: ['GetItem'],
    calls: [levels],
  }),
  readMyCart: endpoint({
    method: 'GET',
    path: '/me/cart',
    caller: 'customer',
    summary: 'Read my own cart, the same on every device; where I have none, an empty one is made',
    success: { status: 200, body: Cart },
    table: ['GetItem', 'PutItem', 'ConditionCheckItem'],
    calls: [levels],
  }),
  setLine: endpoint({
    method: 'PUT',
    path: '/carts/{cartId}/items/{sku}',
    caller: 'shopper',
    summary: 'Put this many of a variant into the cart, at its price of now',
    params: linePath,
    body: z.strictObject({ quantity: Quantity }),
    success: { status: 200, body: Cart },
    problems: { CART_FULL: 409, TOTAL_TOO_LARGE: 409 },
    table: ['GetItem', 'PutItem'],
    calls: [quote, levels],
  }),
  setLines: endpoint({
    method: 'PUT',
    path: '/carts/{cartId}/items',
    caller: 'shopper',
    summary: 'Put many variants into the cart at once, all or none, at their prices of now',
    params: cartPath,
    body: z.strictObject({
      items: z.array(z.strictObject({ sku: Sku, quantity: Quantity })).check(z.minLength(1), z.maxLength(maxLines)),
    }),
    success: { status: 200, body: Cart },
    problems: { CART_FULL: 409, TOTAL_TOO_LARGE: 409 },
    table: ['GetItem', 'PutItem'],
    calls: [quote, levels],
  }),
  removeLine: endpoint({
    method: 'DELETE',
    path: '/carts/{cartId}/items/{sku}',
    caller: 'shopper',
    summary: 'Take a variant out of the cart',
    params: linePath,
    success: { status: 200, body: Cart },
    table: ['GetItem', 'PutItem'],
  }),
  mergeCart: endpoint({
    method: 'POST',
    path: '/carts/{cartId}/merge',
    caller: 'shopper',
    summary: 'Move the lines of a guest cart into mine, after logging in',
    params: cartPath,
    body: z.strictObject({ from: CartId }),
    success: { status: 200, body: Cart },
    problems: { CART_FULL: 409, TOTAL_TOO_LARGE: 409 },
    table: ['BatchGetItem', 'PutItem'],
  }),
}

export const consumers = {
  clearCart: consumer({
    on: [orderConfirmed],
    summary: 'Take what was ordered out of its cart',
    table: ['GetItem', 'PutItem'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Delete the carts of a person',
    table: ['PutItem', 'Query', 'DeleteItem'],
  }),
}

export const procedures = { checkoutSnapshot, reprice, exportPerson }
export const events = { personErased }

export const carts = service({
  name: 'carts',
  summary: 'carts of guests and customers',
  personalData: { held: 'what lies in the carts of a guest or customer' },
  table: { indexes: 1, keysOnly: [1] },
  endpoints,
  procedures,
  consumers,
  events,
})
