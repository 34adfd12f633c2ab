/** An order as the API shows it. */
import type * as z from 'zod/mini'
import type { Order as OrderSchema } from './contract.ts'
import type { Order } from './domain.ts'

export const viewOf = (order: Order): z.input<typeof OrderSchema> => ({
  id: order.id,
  number: order.number,
  status: order.status,
  reason: order.reason,
  lines: order.lines.map(({ weightGrams: _, ...line }) => line),
  subtotal: order.subtotal,
  discount: order.discount,
  shipping: order.shipping,
  tax: order.tax,
  total: order.total,
  pricesIncludeTax: order.pricesIncludeTax,
  shippingMethod: order.shippingMethod,
  shippingAddress: order.shippingAddress,
  email: order.email,
  placedAt: order.placedAt,
  updatedAt: order.updatedAt,
  version: order.version,
  timeline: [...order.timeline],
})

export const answerOf = (order: Order) => ({ body: viewOf(order), version: order.version })
