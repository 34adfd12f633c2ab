/**
 * What holds between things at every step: a version grows by one with each write, an order takes a status only when that is
 * true of its stock, its payment and its goods, and is of what lay in its cart.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../cloud/http.ts'
import type { Write } from '../../cloud/model/model.ts'
import type { RunContext } from '../../world/run-context.ts'
import { brokenTotals, wasSoldAt } from '../expected-totals.ts'
import type { Look } from './postconditions.ts'

type Line = { sku: string; quantity: number; unitPrice?: { amount: number } }
/** A write whose item exists after it, as plain data. */
type Step = { before: Json | undefined; after: Json }

/** What must be so in another service at the moment when an order takes a status. @returns what is not */
const needs = (look: Look, { before, after }: Step): string | undefined => {
  const id = after.id
  const is = (what: string, status: string | undefined, ...allowed: string[]) =>
    status !== undefined && allowed.includes(status) ? undefined : `its ${what} is ${status ?? 'missing'}`
  const stock = () => look('inventory', `reservation#${id}`, 'reservation')?.state
  const payment = () => look('payments', `payment#${id}`, 'payment')?.status
  const goods = () => look('shipping', `shipment#${id}`, 'shipment')?.status
  switch (after.status) {
    case 'shipped':
      return is('shipment', goods(), 'dispatched', 'delivered')
    case 'delivered':
      return is('shipment', goods(), 'delivered')
    case 'cancelled':
      if (before?.status === 'confirmed') return is('shipment', goods(), 'stopped')
      if (after.reason === 'out-of-stock') return is('stock', stock(), 'rejected')
      return after.reason === 'declined' ? is('payment', payment(), 'declined') : undefined
    default:
      return undefined
  }
}

const shipmentFollows: Readonly<Record<string, readonly string[]>> = {
  '': ['pending', 'stopped'],
  pending: ['dispatched', 'stopped'],
  dispatched: ['delivered'],
  delivered: [],
  stopped: [],
}

/** O5: a shipment follows its own table, and leaves only for an order that is confirmed. */
const shipmentHolds = (look: Look, { before, after }: Step): string | undefined => {
  const [from, to] = [before?.status ?? '', after.status]
  if (from === to) return undefined
  if (!shipmentFollows[from]?.includes(to)) return `the shipment of ${after.orderId} went from ${from} to ${to}`
  const status = look('orders', `order#${after.orderId}`, 'order')?.status
  return to === 'dispatched' && status !== 'confirmed' ? `${after.orderId} left while it was ${status}` : undefined
}

/** S3: what is kept for an order is given back only when the order is cancelled. */
const releaseHolds = (look: Look, { before, after }: Step): string | undefined => {
  if (before?.state !== 'reserved' || !['releasing', 'released'].includes(after.state)) return undefined
  const status = look('orders', `order#${after.orderId}`, 'order')?.status
  return status === 'cancelled' ? undefined : `the stock of ${after.orderId} was given back while it was ${status}`
}

/** O6: nothing is kept, asked for or sent for an order that is not written down. */
const orderIsWritten = (look: Look, orderId: string, what: string): string | undefined =>
  look('orders', `order#${orderId}`, 'order') ? undefined : `there is ${what} of ${orderId}, which is not written down`

/** M4: nothing lies in a cart at a price at which it was never sold. */
const pricesHold = ({ after }: Step): string | undefined => {
  const wrong = after.lines.find(({ sku, unitPrice }: Json) => !wasSoldAt(sku, unitPrice.amount))
  return wrong && `${wrong.sku} lies in ${after.id} at ${wrong.unitPrice.amount}`
}

const quantityOf = (lines: readonly Line[], sku: string): number =>
  lines.reduce((units, line) => units + (line.sku === sku ? line.quantity : 0), 0)

/**
 * C1: of what was ordered, clearing takes what has lain in the cart from the ordering on, and nothing else.
 * @param since the cart's lines in each of its versions, from the one that was ordered on
 */
const clearingBroken = (
  order: Json,
  { before, after }: Step,
  since: readonly (readonly Line[])[],
): string | undefined => {
  const all: string[] = before.lines.map(({ sku }: Line) => sku)
  return all.flatMap((sku) => {
    const taken = quantityOf(before.lines, sku) - quantityOf(after.lines, sku)
    const stayed = Math.min(...[before.lines, ...since].map((lines) => quantityOf(lines, sku)))
    const ordered = quantityOf(order.order.lines, sku)
    const isOwn = order.cartId === after.id
    // What was ordered from a cart that has become one with this may have changed there before.
    const isRight = isOwn ? taken === Math.min(ordered, stayed) : taken >= 0 && taken <= Math.min(ordered, stayed)
    if (isRight) return []
    return [
      `${taken} of ${sku} went from ${after.id}, of which ${order.id} had ordered ${ordered} and ${stayed} had stayed`,
    ]
  })[0]
}

/** What there is of what, and at which price: the same for the same lines. */
const textOf = (lines: readonly Line[]): string =>
  lines
    .map(({ sku, quantity, unitPrice }) => `${quantity} ${sku} at ${unitPrice?.amount}`)
    .sort()
    .join(', ')

/** C1: of two carts that become one, the one has all lines of both. */
const mergingBroken = (from: Json, into: Step): string | undefined =>
  [...from.lines, ...(into.before?.lines ?? [])].flatMap(({ sku }: Line) => {
    const [should, is] = [
      Math.min(999, quantityOf(from.lines, sku) + quantityOf(into.before?.lines ?? [], sku)),
      quantityOf(into.after.lines, sku),
    ]
    return is === should ? [] : [`${into.after.id} has ${is} of ${sku} after a merge, and should have ${should}`]
  })[0]

/** What others show beside an item without being a version of it: set by what they know, newest last. */
const besideVersions: Readonly<Record<string, readonly string[]>> = {
  'catalog product': ['availability', 'rating', 'outbox', 'outboxVersion'],
}

/** V1: whoever writes an item has seen its latest version, or changes only what stands beside its versions. */
const versionsBroken = ({ table, key, before, after }: Write): string | undefined => {
  const [from, to] = [before?.version?.N, after?.version?.N]
  if (!before || !after || from === undefined || to === undefined || Number(to) === Number(from) + 1) return undefined
  const beside = besideVersions[`${table} ${key.sk}`] ?? []
  const isBeside = [...new Set([...Object.keys(before), ...Object.keys(after)])].every(
    (name) => beside.includes(name) || isDeepStrictEqual(before[name], after[name]),
  )
  return beside.length > 0 && isBeside ? undefined : `${table} ${key.pk} ${key.sk} went from version ${from} to ${to}`
}

/** What exists only for an order, each under the order's id. */
const stepsOfOrders: Readonly<Record<string, string>> = {
  'inventory reservation': 'a reservation',
  'payments payment': 'a payment',
  'payments intent': 'a request to the provider',
  'shipping shipment': 'a shipment',
}

export const createSteps = (run: RunContext, look: Look) => {
  /** What lay in each cart, by id and version. */
  const carts = new Map<string, readonly Line[]>()
  let cartsOfCall: Step[] = []
  /** Ids of orders, by their carts. */
  const placed = new Map<string, readonly string[]>()
  /** Orders that were taken out of their carts. */
  const cleared = new Set<string>()

  const say = (invariant: string, broken: string | undefined): void => {
    if (broken) run.violate(invariant, broken)
  }
  const onOrder = (step: Step): void => {
    const { before, after } = step
    if (before?.status === after.status) return
    const missing = needs(look, step)
    if (missing) say('O4', `${after.id} became ${after.status}, but ${missing}`)
    if (before) return
    say('M4', brokenTotals(after.order))
    const lay = carts.get(`${after.cartId} ${after.cartVersion}`) ?? []
    if (textOf(lay) !== textOf(after.order.lines))
      say('T1', `${after.id} is of ${textOf(after.order.lines)}, its cart showed ${textOf(lay)}`)
    const others = placed.get(after.cartId) ?? []
    const twice = others.find(
      (other) => !cleared.has(other) && look('orders', `order#${other}`, 'order')?.status !== 'cancelled',
    )
    if (twice) say('C3', `${after.id} is of a cart that was ordered as ${twice}`)
    placed.set(after.cartId, [...others, after.id])
  }
  const onCart = (step: Step): void => {
    const { before, after } = step
    carts.set(`${after.id} ${after.version}`, after.lines)
    say('M4', pricesHold(step))
    cartsOfCall.push(step)
    for (const orderId of after.ordered ?? []) {
      if (cleared.has(orderId)) continue
      cleared.add(orderId)
      const order = look('orders', `order#${orderId}`, 'order')
      if (!order || !before) continue
      const { mergedVersion } = look('carts', `cart#${order.cartId}`, 'cart') ?? {}
      const from = order.cartId === after.id ? order.cartVersion : (mergedVersion ?? before.version)
      const versions = Array.from({ length: before.version - from }, (_, index) => from + index)
      const since = versions.flatMap((version) => [carts.get(`${after.id} ${version}`) ?? []])
      say('C1', clearingBroken(order, step, since))
    }
  }
  return {
    cleared: cleared as ReadonlySet<string>,
    /** To be told of a write before what `look` shows has changed. @param plain gives an item's plain data */
    onWrite(write: Write, plain: (item: NonNullable<Write['after']>) => Json): void {
      say('V1', versionsBroken(write))
      const { table, key, before, after } = write
      if (!after) return
      const step = (): Step => ({ before: before && plain(before), after: plain(after) })
      if (table === 'orders' && key.sk === 'order') onOrder(step())
      if (table === 'shipping' && key.sk === 'shipment') say('O5', shipmentHolds(look, step()))
      if (table === 'inventory' && key.sk === 'reservation') say('S3', releaseHolds(look, step()))
      if (table === 'carts' && key.sk === 'cart') onCart(step())
      const what = before === undefined && stepsOfOrders[`${table} ${key.sk}`]
      if (what) say('O6', orderIsWritten(look, key.pk.slice(key.pk.indexOf('#') + 1), what))
    },
    afterCall(): void {
      for (const { before, after } of cartsOfCall) {
        const into = cartsOfCall.find((other) => other.after.id === after.mergedInto)
        if (before && !before.mergedInto && after.mergedInto)
          say('C1', into ? mergingBroken(before, into) : `${after.id} was merged into nothing`)
      }
      cartsOfCall = []
    },
  }
}
