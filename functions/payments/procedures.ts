import * as z from 'zod/mini'

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
