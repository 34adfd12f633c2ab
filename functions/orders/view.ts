/** An order as the API shows it. */
import type * as z from 'zod/mini'
import type { Order as OrderSchema } from './contract.ts'
import { type Order, placedAtOf, timeouts, updatedAtOf } from './domain.ts'
import type { Return as ReturnSchema } from './returns/contract.ts'
import type { Return } from './returns/return.ts'

/** Who asks: which of the staff did something is shown to staff only. */
type Viewer = { staff: boolean }

const returnViewOf = (orderId: string, returned: Return, viewer: Viewer): z.input<typeof ReturnSchema> => ({
  id: returned.id,
  orderId,
  status: returned.status,
  lines: [...returned.lines],
  announced: returned.announced && [...returned.announced],
  refund: returned.refund,
  reason: returned.reason,
  requestedAt: returned.requestedAt,
  receivedAt: returned.receivedAt,
  endedAt: returned.endedAt,
  by: viewer.staff ? returned.by : undefined,
  version: returned.version,
})

/** Why an order was cancelled, for people to read. */
const reasonDetailOf = ({ reason, shortages = [], declineCode }: Order): string | undefined => {
  switch (reason) {
    case 'out-of-stock': {
      const lines = shortages.map(({ sku, wanted, available }) => `${wanted} of ${sku} wanted, ${available} there`)
      return lines.length > 0 ? `Out of stock: ${lines.join('; ')}.` : 'Out of stock.'
    }
    case 'declined':
      return `The payment was declined${declineCode === undefined ? '' : `: ${declineCode}`}.`
    case 'expired':
      return `It was not paid within ${timeouts.unconfirmedMs / 60_000} minutes.`
    case 'by-customer':
      return 'The customer cancelled it.'
    case 'by-staff':
      return 'The shop cancelled it.'
    case undefined:
      return undefined
  }
}

export const viewOf = (order: Order, viewer: Viewer = { staff: false }): z.input<typeof OrderSchema> => ({
  id: order.id,
  number: order.number,
  status: order.status,
  reason: order.reason,
  reasonDetail: reasonDetailOf(order),
  cancelledBy: viewer.staff ? order.cancelledBy : undefined,
  shortages: order.shortages && [...order.shortages],
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
  placedAt: placedAtOf(order),
  updatedAt: updatedAtOf(order),
  version: order.version,
  timeline: [...order.timeline],
  returns: order.returns.map((returned) => returnViewOf(order.id, returned, viewer)),
})

export const answerOf = (order: Order, viewer?: Viewer) => ({ body: viewOf(order, viewer), version: order.version })

export const answerOfReturn = (orderId: string, returned: Return, viewer: Viewer) => ({
  body: returnViewOf(orderId, returned, viewer),
  version: returned.version,
})
