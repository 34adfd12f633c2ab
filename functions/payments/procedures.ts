import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf } from '../../shared/contract/personal-data.ts'
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

/** How an order is paid: a method of the sandbox, or one that Stripe's page made (`pm_…`), where the shop uses Stripe. */
export const PaymentMethod = z.union([
  z.enum(paymentMethods),
  z
    .string()
    .check(
      z.maxLength(100),
      z.regex(/^pm_[A-Za-z0-9_]+$/, "Must be the id of a payment method of Stripe's, such as pm_card_visa."),
    ),
])
export type PaymentMethod = z.infer<typeof PaymentMethod>

export const undo = procedure({
  service: 'payments',
  name: 'undo',
  summary:
    'Void or refund what was authorized or charged for an order that does not live; `undone` is false without a payment',
  input: z.strictObject({ orderId: Id('ord') }),
  output: z.strictObject({ undone: z.boolean() }),
  table: ['GetItem', 'PutItem'],
  uses: ['provider'],
  defers: ['send-sandbox-event'],
})

export const exportPerson = exportPersonOf('payments', ['Query', 'BatchGetItem'])
