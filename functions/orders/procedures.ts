import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf } from '../../shared/contract/personal-data.ts'
import { Id, KeptEmail, UserId } from '../../shared/contract/schema.ts'

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

export const exportPerson = exportPersonOf('orders', ['Query', 'BatchGetItem'])
