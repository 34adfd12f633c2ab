/** What may become of a cart. Pure: no clock, no table. */
import type { Money } from '../../shared/contract/schema.ts'
import { maxTotal, sumMoney, timesMoney } from '../../shared/domain/money.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { maxLines } from './procedures.ts'

export const maxQuantity = 999

export type Line = { sku: string; title: string; quantity: number; unitPrice: Money }

export type Cart = {
  id: string
  /** The guest or customer whose cart it is. */
  ownerId: string
  currency: string
  lines: readonly Line[]
  version: number
  /** Seconds since the epoch; moved on by each change. */
  expiresAt: number
  /** The cart that took this one's lines; from then on this one is gone for everybody. */
  mergedInto?: string | undefined
  /** The latest orders whose lines were taken out of it, the newest last. */
  ordered?: readonly string[] | undefined
}

/** Of so many orders a cart knows that they were taken out: an event comes again long before there have been as many. */
export const maxOrdered = 100

export const lifetimeSeconds = 30 * 24 * 60 * 60

export const subtotalOf = (cart: Pick<Cart, 'lines' | 'currency'>): Money =>
  sumMoney(
    cart.lines.map(({ unitPrice, quantity }) => timesMoney(unitPrice, quantity)),
    cart.currency,
  )

export type Refusal = 'CART_FULL' | 'TOTAL_TOO_LARGE'

const bounded = (cart: Cart, lines: readonly Line[]): Result<Cart, Refusal> => {
  if (lines.length > maxLines) return refused('CART_FULL', `A cart holds at most ${maxLines} lines.`)
  const changed = { ...cart, lines }
  if (subtotalOf(changed).amount > maxTotal)
    return refused('TOTAL_TOO_LARGE', 'The cart would cost more than the shop can reckon with.')
  return ok(changed)
}

/** Sets lines, new or known, to these quantities and prices. A SKU that stands twice counts as it stands last. */
export const withLines = (cart: Cart, given: readonly Line[]): Result<Cart, Refusal> => {
  const lines = new Map([...cart.lines, ...given].map((line) => [line.sku, line]))
  return bounded(cart, [...lines.values()])
}

export const withoutLine = (cart: Cart, sku: string): Cart => ({
  ...cart,
  lines: cart.lines.filter((line) => line.sku !== sku),
})

/** All lines of both carts; what lies in both is added up, to at most 999 of one variant. */
export const merged = (into: Cart, from: Cart): Result<Cart, Refusal> => {
  const added = from.lines.map((line) => {
    const there = into.lines.find(({ sku }) => sku === line.sku)
    return there ? { ...there, quantity: Math.min(maxQuantity, there.quantity + line.quantity) } : line
  })
  const untouched = into.lines.filter(({ sku }) => !from.lines.some((line) => line.sku === sku))
  return bounded(into, [...untouched, ...added])
}

type Ordered = { orderId: string; lines: readonly { sku: string; quantity: number }[] }

/**
 * Takes ordered quantities away, once for each order: what the shopper added after ordering stays.
 * @returns undefined when this order's were taken out before
 */
export const withoutOrdered = (cart: Cart, { orderId, lines }: Ordered): Cart | undefined => {
  const before = cart.ordered ?? []
  if (before.includes(orderId)) return undefined
  return {
    ...cart,
    lines: cart.lines.flatMap((line) => {
      const taken = lines.find(({ sku }) => sku === line.sku)?.quantity ?? 0
      return line.quantity > taken ? [{ ...line, quantity: line.quantity - taken }] : []
    }),
    ordered: [...before, orderId].slice(-maxOrdered),
  }
}
