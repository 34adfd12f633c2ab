/**
 * How an order lies in the table. What its events say is one attribute, `order`, from which its events copy
 * it: so it stands in the item once, and an outbox holds little more than ids.
 */
import * as z from 'zod/mini'
import { money } from '../../shared/domain/money.ts'
import type { Item } from '../../shared/runtime/table.ts'
import { CancellationReason, OrderSummary, Shortage } from '../published/orders.ts'
import { OrderStatus } from './contract.ts'
import type { Order } from './domain.ts'
import { ReturnStatus } from './returns/contract.ts'

const StoredLines = z.array(z.object({ sku: z.string(), quantity: z.int() }))

const StoredReturn = z.object({
  id: z.string(),
  status: ReturnStatus,
  lines: StoredLines,
  announced: z.optional(StoredLines),
  refund: z.object({ amount: z.int(), currency: z.string() }),
  reason: z.optional(z.string()),
  requestedAt: z.string(),
  receivedAt: z.optional(z.string()),
  endedAt: z.optional(z.string()),
  by: z.optional(z.string()),
  version: z.int(),
})

const Moment = z.object({ at: z.string(), status: OrderStatus })

const StoredOrder = z
  .object({
    id: z.string(),
    customerId: z.string(),
    status: OrderStatus,
    reason: z.optional(CancellationReason),
    cancelledBy: z.optional(z.string()),
    shortages: z.optional(z.array(Shortage)),
    declineCode: z.optional(z.string()),
    order: OrderSummary,
    /** Minor units, in the order of the lines: no event has a line's tax. */
    lineTaxes: z.array(z.int()),
    paymentMethod: z.string(),
    cartId: z.string(),
    cartVersion: z.int(),
    requestHash: z.optional(z.string()),
    timeline: z.tuple([Moment], Moment),
    /** Orders of which nothing came back have none. */
    returns: z._default(z.array(StoredReturn), []),
    deadline: z.optional(z.string()),
    resumeAt: z.optional(z.string()),
    version: z.int(),
    sequence: z.int(),
  })
  .check(z.refine(({ order, lineTaxes }) => order.lines.length === lineTaxes.length, 'a tax for each line'))

const summaryOf = (order: Order): OrderSummary => ({
  number: order.number,
  email: order.email,
  lines: order.lines.map(({ tax: _, ...line }) => line),
  subtotal: order.subtotal,
  discount: order.discount,
  shipping: order.shipping,
  tax: order.tax,
  total: order.total,
  pricesIncludeTax: order.pricesIncludeTax,
  shippingMethod: order.shippingMethod,
  shippingAddress: order.shippingAddress,
})

/** The attributes of an order, but for keys, version and events. */
export const attributesOf = (order: Order) => ({
  id: order.id,
  customerId: order.customerId,
  status: order.status,
  reason: order.reason,
  cancelledBy: order.cancelledBy,
  shortages: order.shortages,
  declineCode: order.declineCode,
  order: summaryOf(order),
  lineTaxes: order.lines.map(({ tax }) => tax.amount),
  paymentMethod: order.paymentMethod,
  cartId: order.cartId,
  cartVersion: order.cartVersion,
  requestHash: order.requestHash,
  timeline: order.timeline,
  ...(order.returns.length > 0 ? { returns: order.returns } : {}),
  deadline: order.deadline,
  resumeAt: order.resumeAt,
})

/** What an event may copy from an order's item. */
export type OrderAttribute = keyof ReturnType<typeof attributesOf>

const FlatLines = z.array(z.object({ tax: z.object({ amount: z.int() }) }))

/** Older orders have the parts of `order` beside one another, and the tax in each line. */
const folded = (item: Item): Item =>
  'order' in item ? item : { ...item, order: item, lineTaxes: FlatLines.parse(item.lines).map(({ tax }) => tax.amount) }

export const orderOf = (item: Item): Order => {
  const { order: summary, lineTaxes, ...standing } = StoredOrder.parse(folded(item))
  const lines = summary.lines.map((line, index) => ({
    ...line,
    // There is one for each: see above.
    tax: money(lineTaxes[index] ?? 0, summary.total.currency),
  }))
  return { ...standing, ...summary, lines }
}
