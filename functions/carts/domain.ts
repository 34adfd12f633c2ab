/** What may become of a cart. Pure: no clock, no table. */
import type { Money, Options } from '../../shared/contract/schema.ts'
import { maxTotal, sumMoney, timesMoney } from '../../shared/domain/money.ts'
import { areSameOptions } from '../../shared/domain/options.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { maxLines } from '../published/carts.ts'

export const maxQuantity = 999

/** The quantity of a line rose with this version of the cart; `from`: the units that were there before, and still are. */
export type Rise = { version: number; from: number }

export type Line = {
  sku: string
  title: string
  /** Absent where there are none. */
  options?: Options | undefined
  quantity: number
  unitPrice: Money
  /** Oldest first, fewest units first. Lines of older carts have none: all of their units count as old. */
  rises?: readonly Rise[] | undefined
}

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
  /** The version of that cart which the lines came with. */
  mergedVersion?: number | undefined
  /** The latest orders whose lines were taken out of it, the newest last. */
  ordered?: readonly string[] | undefined
}

/** Of so many orders a cart knows that they were taken out: an event comes again long before there have been as many. */
export const maxOrdered = 100

/** The id of a customer's own cart: the same on every device, without a place where it is looked up. */
export const myCartId = (userId: string): string => `crt_${userId.slice('usr_'.length)}`

/** Whether a cart is its owner's to read and fill: once its lines lie in another, what came into it would be lost. */
export const isOpenTo = (cart: Cart | undefined, ownerId: string): cart is Cart =>
  cart !== undefined && cart.ownerId === ownerId && cart.mergedInto === undefined

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

/** An order is undecided for minutes: whoever raises one line more often than so meanwhile loses the oldest rises only. */
const maxRises = 20

/** The rises of a line as it takes another quantity with the cart's next version. Those below which it falls are undone. */
const risesOf = (before: Line | undefined, quantity: number, version: number): readonly Rise[] => {
  const from = before?.quantity ?? 0
  const kept = (before?.rises ?? []).filter((rise) => rise.from < quantity)
  return (quantity > from ? [...kept, { version, from }] : kept).slice(-maxRises)
}

/** Sets lines, new or known, to these quantities and prices. A SKU that stands twice counts as it stands last. */
export const withLines = (cart: Cart, given: readonly Omit<Line, 'rises'>[]): Result<Cart, Refusal> => {
  const lines = new Map(cart.lines.map((line) => [line.sku, line]))
  for (const line of new Map(given.map((one) => [one.sku, one])).values())
    lines.set(line.sku, { ...line, rises: risesOf(lines.get(line.sku), line.quantity, cart.version + 1) })
  return bounded(cart, [...lines.values()])
}

/** Shows lines at other prices, or by other titles or options. @returns undefined where that is how the cart shows them already */
export const repriced = (
  cart: Cart,
  variants: readonly { sku: string; title: string; options?: Options | undefined; unitPrice: Money }[],
): Cart | undefined => {
  const known = new Map(variants.map((variant) => [variant.sku, variant]))
  const lines = cart.lines.map((line) => {
    const { title, options, unitPrice } = known.get(line.sku) ?? line
    const same =
      title === line.title && unitPrice.amount === line.unitPrice.amount && areSameOptions(options, line.options)
    return same ? line : { ...line, title, options, unitPrice }
  })
  if (lines.every((line, index) => line === cart.lines[index])) return undefined
  const changed = bounded(cart, lines)
  return changed.ok ? changed.value : undefined
}

export const withoutLine = (cart: Cart, sku: string): Cart => ({
  ...cart,
  lines: cart.lines.filter((line) => line.sku !== sku),
})

/** All lines of both carts; what lies in both is added up, to at most 999 of one variant. */
export const merged = (into: Cart, from: Cart): Result<Cart, Refusal> => {
  const added = from.lines.map((line) => {
    const there = into.lines.find(({ sku }) => sku === line.sku)
    const quantity = Math.min(maxQuantity, (there?.quantity ?? 0) + line.quantity)
    return { ...(there ?? line), quantity, rises: risesOf(there, quantity, into.version + 1) }
  })
  const untouched = into.lines.filter(({ sku }) => !from.lines.some((line) => line.sku === sku))
  return bounded(into, [...untouched, ...added])
}

/** An order of a cart, as the cart was at `cartVersion`. */
export type Ordered = { orderId: string; cartVersion: number; lines: readonly { sku: string; quantity: number }[] }

/** Takes units out of a line: of those only that lay there when it was ordered and have stayed since. */
const withoutUnits = (line: Line, quantity: number, cartVersion: number): Line[] => {
  const since = (line.rises ?? []).filter(({ version }) => version > cartVersion)
  const taken = Math.min(quantity, since[0]?.from ?? line.quantity)
  const rises = since.map((rise) => ({ ...rise, from: rise.from - taken }))
  return line.quantity > taken ? [{ ...line, quantity: line.quantity - taken, rises }] : []
}

/**
 * Takes ordered units away, once for each order: what came into the cart after the order was placed stays, also where it
 * is of the same variant, or was put back in place of what was ordered.
 * @returns undefined when this order's were taken out before
 */
export const withoutOrdered = (cart: Cart, { orderId, cartVersion, lines }: Ordered): Cart | undefined => {
  const before = cart.ordered ?? []
  if (before.includes(orderId)) return undefined
  return {
    ...cart,
    lines: cart.lines.flatMap((line) => {
      const ordered = lines.find(({ sku }) => sku === line.sku)
      return ordered ? withoutUnits(line, ordered.quantity, cartVersion) : [line]
    }),
    ordered: [...before, orderId].slice(-maxOrdered),
  }
}
