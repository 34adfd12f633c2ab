/** What the replay reads from the shop's answers: a client's view, lenient to fields that it does not know. */
import * as z from 'zod/mini'

const Money = z.object({ amount: z.int(), currency: z.string() })

export const Cart = z.object({ id: z.string(), currency: z.string() })

export const Order = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.optional(z.string()),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: Money, total: Money, tax: Money })),
  subtotal: Money,
  discount: Money,
  shipping: Money,
  tax: Money,
  total: Money,
  pricesIncludeTax: z.boolean(),
})
export type Order = z.infer<typeof Order>

export const Payment = z.object({ status: z.string(), authorized: Money, captured: Money, refunded: Money })
export type Payment = z.infer<typeof Payment>

export const Ledger = z.object({
  data: z.array(z.object({ account: z.string(), amount: z.int(), currency: z.string() })),
})
export type Ledger = z.infer<typeof Ledger>

/** What staff see of a SKU's stock. */
export const Stock = z.object({ sku: z.string(), onHand: z.int(), reserved: z.int(), available: z.int() })
export type Stock = z.infer<typeof Stock>
