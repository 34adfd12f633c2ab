/** What the API shows of payments, and takes. */
import * as z from 'zod/mini'
import { Currency, Id, Money, Quantity, Sku, Text, Timestamp, UserId } from '../../shared/contract/schema.ts'

export const PaymentStatus = z.enum([
  'pending',
  'action-required',
  'authorized',
  'captured',
  'declined',
  'voided',
  'partially-refunded',
  'refunded',
])
export type PaymentStatus = z.infer<typeof PaymentStatus>

export const Payment = z.strictObject({
  orderId: Id('ord'),
  status: PaymentStatus,
  method: z.string(),
  authorized: Money,
  captured: Money,
  refunded: Money,
  declineCode: z.optional(z.string()),
  /** While the payment waits for its payer: what the provider's page script confirms it with. */
  confirmationSecret: z.optional(z.string()),
  /** Shown to staff: each refund with what it is for, and who gave it. */
  refunds: z.optional(
    z.array(
      z.strictObject({
        id: z.string(),
        amount: Money,
        reason: z.string(),
        status: z.enum(['due', 'done']),
        lines: z.optional(z.array(z.strictObject({ sku: Sku, quantity: z.optional(Quantity), amount: Money }))),
        shipping: z.optional(Money),
        by: z.optional(UserId),
      }),
    ),
  ),
  /** Shown to staff: who of them had it captured ahead of its dispatch. */
  capturedBy: z.optional(UserId),
  version: z.int(),
})

/** What a refund is for: units of a line, which are paid back whole, or an amount by which a line is made cheaper. */
const RefundedLine = z
  .strictObject({ sku: Sku, quantity: z.optional(Quantity), amount: z.optional(Money) })
  .check(
    z.refine(
      ({ quantity, amount }) => (quantity === undefined) !== (amount === undefined),
      'Must name a quantity or an amount, not both.',
    ),
  )

/** A refund as staff ask for it. */
export const refundBody = z
  .strictObject({
    /** All of it; may be left out where `lines` or `shipping` say it. */
    amount: z.optional(Money),
    reason: Text(200),
    lines: z.optional(
      z.array(RefundedLine).check(
        z.minLength(1),
        z.maxLength(100),
        z.refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, 'Must name each SKU once.'),
      ),
    ),
    /** What of it is for the shipping. */
    shipping: z.optional(Money),
  })
  .check(
    z.refine(
      ({ amount, lines, shipping }) => amount !== undefined || lines !== undefined || shipping !== undefined,
      'Must say how much, by an amount, lines or the shipping.',
    ),
  )

export const LedgerEntry = z.strictObject({
  id: z.string(),
  at: Timestamp,
  kind: z.enum(['capture', 'refund']),
  account: z.enum(['provider', 'customer']),
  /** Signed minor units. */
  amount: z.int(),
  currency: Currency,
})
