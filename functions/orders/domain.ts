/** The order: how it is made, and what may become of it. Pure: no clock, no table, no randomness. */
import type * as z from 'zod/mini'
import type { Address, Options } from '../../shared/contract/schema.ts'
import { type Money, maxTotal, money, sumMoney, timesMoney } from '../../shared/domain/money.ts'
import { optionsAttribute } from '../../shared/domain/options.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import type { CancellationReason, OrderSummary, Shortage } from '../published/orders.ts'
import type { OrderStatus } from './contract.ts'
import type { Return } from './returns/return.ts'
import { taxContained, taxOnTop, taxRateOf } from './tax/domain.ts'

export type Status = z.infer<typeof OrderStatus>

/** What moves an order on: events of other services, a person's wish, or time. */
export type Trigger =
  | { type: 'stock.reserved' }
  | { type: 'stock.rejected'; shortages: readonly Shortage[] }
  | { type: 'payment.authorized' }
  | { type: 'payment.declined'; declineCode: string }
  | { type: 'shipment.dispatched' }
  | { type: 'shipment.delivered' }
  /** Nothing leaves the house any more: what a person wished of a confirmed order. */
  | { type: 'shipment.stopped'; reason: 'by-customer' | 'by-staff'; by?: string | undefined }
  /** Every unit of it is back in the house. */
  | { type: 'return.received' }
  /** `by`: the staff member, where it was one. */
  | { type: 'cancel'; reason: 'by-customer' | 'by-staff'; by?: string | undefined }
  | { type: 'overdue' }

/**
 * Every transition that there is. What stands in no row is ignored: it has been seen before, or comes too late. A
 * delivery can arrive before the dispatch it followed, so it is taken from `confirmed` too. A confirmed order is not
 * cancelled by a wish but by its stopped shipment: whether it is too late for that, only the shipment knows.
 */
export const transitions: Readonly<Record<Status, Partial<Record<Trigger['type'], Status>>>> = {
  placed: {
    'stock.reserved': 'awaiting-payment',
    'stock.rejected': 'cancelled',
    cancel: 'cancelled',
    overdue: 'cancelled',
  },
  'awaiting-payment': {
    'payment.authorized': 'confirmed',
    'payment.declined': 'cancelled',
    cancel: 'cancelled',
    overdue: 'cancelled',
  },
  confirmed: {
    'shipment.dispatched': 'shipped',
    'shipment.delivered': 'delivered',
    'shipment.stopped': 'cancelled',
  },
  shipped: { 'shipment.delivered': 'delivered', 'return.received': 'returned' },
  delivered: { overdue: 'completed', 'return.received': 'returned' },
  completed: { 'return.received': 'returned' },
  cancelled: {},
  returned: {},
}

export type OrderLine = OrderSummary['lines'][number] & { tax: Money }

/** `at`: RFC 3339. */
type Moment = { at: string; status: Status }

/** What its events say when it is confirmed or cancelled, and its status. */
export type Order = Omit<OrderSummary, 'lines'> & {
  id: string
  customerId: string
  status: Status
  reason?: CancellationReason | undefined
  /** The staff member who cancelled it. */
  cancelledBy?: string | undefined
  /** Of which lines there was too little, where that is the reason. */
  shortages?: readonly Shortage[] | undefined
  /** What the payment's provider says, where it declined. */
  declineCode?: string | undefined
  lines: readonly OrderLine[]
  paymentMethod: string
  cartId: string
  cartVersion: number
  /** Hash of the request that placed it, by which a repetition is known from another request with the same key. */
  requestHash?: string | undefined
  /** Every status it had, from its placing on. */
  timeline: readonly [Moment, ...Moment[]]
  /** In the order in which they were requested. */
  returns: readonly Return[]
  /** When time moves the order on, unless something else has: RFC 3339. Absent in states that can wait for ever. */
  deadline?: string | undefined
  /** When time takes up a step whose end is not known, unless something else has: RFC 3339. */
  resumeAt?: string | undefined
  version: number
  sequence: number
}

export const placedAtOf = ({ timeline }: Pick<Order, 'timeline'>): string => timeline[0].at

/** When something of it changed last: its status, or one of its returns. */
export const updatedAtOf = ({ timeline, returns }: Pick<Order, 'timeline' | 'returns'>): string =>
  new Date(
    Math.max(
      ...timeline.map(({ at }) => Date.parse(at)),
      ...returns.map(({ requestedAt, receivedAt, endedAt }) => Date.parse(receivedAt ?? endedAt ?? requestedAt)),
    ),
  ).toISOString()

/**
 * How long an order may hold stock before it is confirmed, how long a delivered one can be complained of, and when time takes up
 * a step that nobody has brought to its end: a function that began it has ended by then.
 */
export const timeouts = { unconfirmedMs: 15 * 60_000, deliveredMs: 30 * 24 * 60 * 60_000, resumeMs: 30_000 } as const

/** An order has one deadline from its placing to its confirmation, and its reservation ends with it. */
const deadlineIn = (order: Order, status: Status, atMs: number): string | undefined => {
  if (status === 'awaiting-payment') return order.deadline
  if (status === 'delivered') return new Date(atMs + timeouts.deliveredMs).toISOString()
  return undefined
}

/** Whether its deadline, if it has one, has passed. */
export const isOverdue = ({ deadline }: Order, atMs: number): boolean =>
  deadline !== undefined && Date.parse(deadline) <= atMs

export type Draft = {
  id: string
  requestHash: string
  customerId: string
  atMs: number
  currency: string
  pricesIncludeTax: boolean
  cart: { id: string; version: number; lines: readonly { sku: string; quantity: number }[] }
  variants: readonly {
    sku: string
    productId: string
    title: string
    options?: Options
    unitPrice: Money
    weightGrams: number
  }[]
  shippingMethod: { id: string; title: string; price: Money }
  shippingAddress: Address
  email?: string | undefined
  paymentMethod: string
}

/** For people to read and say: the day, and the end of the id in two groups. `261121-7KQ2-M8XD`. */
const numberOf = (id: string, at: string): string =>
  `${at.slice(2, 10).replaceAll('-', '')}-${id.slice(-8, -4)}-${id.slice(-4)}`

const linesOf = (draft: Draft, taxOf: (amountMinor: number) => number): OrderLine[] =>
  draft.cart.lines.flatMap(({ sku, quantity }) => {
    const variant = draft.variants.find((known) => known.sku === sku)
    if (!variant) return []
    const total = timesMoney(variant.unitPrice, quantity)
    const { productId, title, unitPrice, weightGrams, options } = variant
    const tax = money(taxOf(total.amount), draft.currency)
    return [{ sku, productId, title, ...optionsAttribute(options), quantity, unitPrice, total, tax, weightGrams }]
  })

/**
 * A new order, its totals computed from the catalogue's prices: total = lines - discount + shipping + tax, or, where
 * prices include it, the same without adding the tax.
 */
export const place = (draft: Draft): Result<Order, 'CART_EMPTY' | 'ITEM_UNAVAILABLE' | 'TOTAL_TOO_LARGE'> => {
  const { currency, pricesIncludeTax, cart } = draft
  if (cart.lines.length === 0) return refused('CART_EMPTY', 'There is nothing in the cart.')
  const missing = cart.lines.filter(({ sku }) => !draft.variants.some((variant) => variant.sku === sku))
  if (missing.length > 0)
    return refused('ITEM_UNAVAILABLE', `No longer sold: ${missing.map(({ sku }) => sku).join(', ')}`.slice(0, 500))
  const at = new Date(draft.atMs).toISOString()
  const basisPoints = taxRateOf(draft.shippingAddress, at)
  const taxOf = (amountMinor: number) =>
    pricesIncludeTax ? taxContained(amountMinor, basisPoints) : taxOnTop(amountMinor, basisPoints)
  const lines = linesOf(draft, taxOf)
  const shipping = draft.shippingMethod.price
  const subtotal = sumMoney(
    lines.map((line) => line.total),
    currency,
  )
  const tax = sumMoney([...lines.map((line) => line.tax), money(taxOf(shipping.amount), currency)], currency)
  const total = money(subtotal.amount + shipping.amount + (pricesIncludeTax ? 0 : tax.amount), currency)
  if (total.amount > maxTotal) return refused('TOTAL_TOO_LARGE', 'The order costs more than the shop can reckon with.')
  return ok({
    id: draft.id,
    number: numberOf(draft.id, at),
    customerId: draft.customerId,
    status: 'placed',
    lines,
    subtotal,
    discount: money(0, currency),
    shipping,
    tax,
    total,
    pricesIncludeTax,
    shippingMethod: { id: draft.shippingMethod.id, title: draft.shippingMethod.title },
    shippingAddress: draft.shippingAddress,
    email: draft.email,
    paymentMethod: draft.paymentMethod,
    cartId: cart.id,
    cartVersion: cart.version,
    requestHash: draft.requestHash,
    timeline: [{ at, status: 'placed' }],
    returns: [],
    deadline: new Date(draft.atMs + timeouts.unconfirmedMs).toISOString(),
    resumeAt: new Date(draft.atMs + timeouts.resumeMs).toISOString(),
    version: 0,
    sequence: 0,
  })
}

const reasonOf = (trigger: Trigger): CancellationReason | undefined => {
  switch (trigger.type) {
    case 'stock.rejected':
      return 'out-of-stock'
    case 'payment.declined':
      return 'declined'
    case 'overdue':
      return 'expired'
    case 'cancel':
    case 'shipment.stopped':
      return trigger.reason
    default:
      return undefined
  }
}

/** Not yet confirmed or cancelled. */
export const isUndecided = ({ status }: Order): boolean => status === 'placed' || status === 'awaiting-payment'

/** Undecided orders that a shopper may have at a time: each keeps stock from others until it is decided. */
export const maxUndecidedOrders = 3

/** What would move an unconfirmed order on after its deadline expires it instead: its stock is no longer kept for it. */
const inTime = (order: Order, trigger: Trigger, atMs: number): Trigger | undefined => {
  if (trigger.type === 'overdue') return isOverdue(order, atMs) ? trigger : undefined
  const goesOn = transitions[order.status][trigger.type] !== 'cancelled'
  return goesOn && isUndecided(order) && isOverdue(order, atMs) ? { type: 'overdue' } : trigger
}

/** @returns the order after the trigger, or undefined when it changes nothing @param atMs milliseconds since the epoch */
export const transition = (order: Order, given: Trigger, atMs: number): Order | undefined => {
  const trigger = transitions[order.status][given.type] && inTime(order, given, atMs)
  const status = trigger && transitions[order.status][trigger.type]
  if (!status) return undefined
  const at = new Date(atMs).toISOString()
  return {
    ...order,
    status,
    ...(status === 'cancelled' ? { reason: reasonOf(trigger) } : {}),
    ...('by' in trigger && trigger.by !== undefined ? { cancelledBy: trigger.by } : {}),
    ...(trigger.type === 'stock.rejected' ? { shortages: trigger.shortages } : {}),
    ...(trigger.type === 'payment.declined' ? { declineCode: trigger.declineCode } : {}),
    timeline: [...order.timeline, { at, status }],
    deadline: deadlineIn(order, status, atMs),
    resumeAt: order.status === 'placed' ? undefined : order.resumeAt,
  }
}

/** As if one trigger had come right after the other, in one change; those that change nothing are left out. */
export const transitionBy = (order: Order, triggers: readonly Trigger[], atMs: number): Order | undefined =>
  triggers.reduce<Order | undefined>((after, trigger) => transition(after ?? order, trigger, atMs) ?? after, undefined)

/**
 * The goods have left. @param settled whether its money and its stock are taken: time sees to what is not
 * @returns undefined when it is known already
 */
export const dispatch = (order: Order, settled: boolean, atMs: number): Order | undefined => {
  const shipped = transition(order, { type: 'shipment.dispatched' }, atMs)
  const resumeAt = settled ? undefined : (order.resumeAt ?? new Date(atMs + timeouts.resumeMs).toISOString())
  return shipped || resumeAt !== order.resumeAt ? { ...(shipped ?? order), resumeAt } : undefined
}

/** Whether the money and the stock of goods that have left are still to be taken. */
export const isUnsettled = (order: Order): boolean => order.resumeAt !== undefined && !isUndecided(order)
