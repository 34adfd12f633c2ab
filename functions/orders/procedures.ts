import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf } from '../../shared/contract/personal-data.ts'
import { Id, KeptEmail, Money, Quantity, Sku, UserId } from '../../shared/contract/schema.ts'

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
