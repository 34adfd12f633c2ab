/** What was given back of a payment, or is to be; amounts in minor units of its currency. */
import type { RefundSource } from '../../published/payments.ts'

/**
 * A part of a refund. With `units`, these are paid back whole, ahead of their return: where they come back, nothing more is
 * given for them. Without, the line was made cheaper, and what comes back is paid for until the line's price is used up.
 */
export type RefundLine = { sku: string; units?: number | undefined; amountMinor: number }

/** Refunds are few, so they stand in the payment: that bounds what can be given back in one condition. */
export type Refund = {
  /** Permanent: the provider knows the step by it. */
  id: string
  /** What brought it about. */
  source: RefundSource
  amountMinor: number
  reason: string
  done: boolean
  /** What of it is for which lines; where it does not say, it counts for whatever comes back. */
  lines?: readonly RefundLine[] | undefined
  /** What of it is for the shipping. */
  shippingMinor?: number | undefined
  /** The staff member who gave it. */
  by?: string | undefined
}
