import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { Id } from '../../shared/contract/schema.ts'

/** The methods of the built-in sandbox provider. */
export const paymentMethods = [
  'sandbox_ok',
  'sandbox_declined',
  'sandbox_insufficient_funds',
  'sandbox_action_required',
  'sandbox_slow',
  'sandbox_flaky',
] as const

/** How an order is paid. */
export const PaymentMethod = z.enum(paymentMethods)
export type PaymentMethod = z.infer<typeof PaymentMethod>

export const undo = procedure({
  service: 'payments',
  name: 'undo',
  summary:
    'Void or refund what was authorized or charged for an order that does not live; `undone` is false without a payment',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({ undone: z.boolean() }),
  table: ['GetItem', 'PutItem'],
  defers: ['send-sandbox-event'],
})
