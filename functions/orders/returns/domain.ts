/** Returns of goods: what may come back, what is given back for it, and when an order is wholly back. Pure. */
import { type Money, money, shareOfUnits } from '../../../shared/domain/money.ts'
import { ok, type Result, refused } from '../../../shared/domain/result.ts'
import { type Order, type OrderLine, transition } from '../domain.ts'
import type { Return, ReturnLine } from './return.ts'

/** Of 100 lines each, beside the order's own, they stay far below DynamoDB's 400 KB an item. */
export const maxReturns = 20

/** Of those that came to nothing, the latest are kept beside the others. */
const maxEnded = 20

export const isEnded = ({ status }: Pick<Return, 'status'>): boolean => status === 'withdrawn' || status === 'closed'

const unitsIn = (returns: readonly Return[], sku: string): number =>
  returns.reduce(
    (sum, { lines }) => sum + lines.reduce((units, line) => units + (line.sku === sku ? line.quantity : 0), 0),
    0,
  )

const isReceived = ({ status }: Return): boolean => status === 'received'
const isLive = (one: Return): boolean => !isEnded(one)

/** Minor units for a line: its total, and its tax where that came on top. */
export const paidMinor = ({ total, tax }: OrderLine, pricesIncludeTax: boolean): number =>
  total.amount + (pricesIncludeTax ? 0 : tax.amount)

/**
 * What was paid for the units, without the shipping. The units before them are counted along, so that what returns of a
 * line give back, however it is split, adds up to exactly what the line cost.
 * @param before the returns before it
 */
const refundOf = (order: Order, lines: readonly ReturnLine[], before: readonly Return[]): Money => {
  const amounts = lines.map(({ sku, quantity }) => {
    const line = order.lines.find((bought) => bought.sku === sku)
    if (!line) return 0
    const paid = paidMinor(line, order.pricesIncludeTax)
    const units = unitsIn(before, sku)
    return shareOfUnits(paid, units + quantity, line.quantity) - shareOfUnits(paid, units, line.quantity)
  })
  return money(
    amounts.reduce((sum, amount) => sum + amount, 0),
    order.total.currency,
  )
}

type Refusal = 'NOT_RETURNABLE' | 'TOO_MANY_RETURNS' | 'RETURN_TOO_LARGE'

type Request = {
  id: string
  lines: readonly ReturnLine[]
  reason?: string | undefined
  by?: string | undefined
  atMs: number
}

/** Never more of a line than was bought, less what other returns name. @param atMs milliseconds since the epoch */
export const addReturn = (order: Order, request: Request): Result<{ order: Order; returned: Return }, Refusal> => {
  if (order.status !== 'shipped' && order.status !== 'delivered')
    return refused('NOT_RETURNABLE', `The order is ${order.status}; goods are sent back after they were sent.`)
  if (order.returns.filter(isLive).length >= maxReturns)
    return refused('TOO_MANY_RETURNS', `An order takes at most ${maxReturns} returns.`)
  const excess = request.lines.flatMap(({ sku, quantity }) => {
    const bought = order.lines.find((line) => line.sku === sku)?.quantity ?? 0
    const left = bought - unitsIn(order.returns.filter(isLive), sku)
    return quantity > left ? [`${left} of ${sku}`] : []
  })
  if (excess.length > 0)
    return refused('RETURN_TOO_LARGE', `No more can come back than ${excess.join(', ')}.`.slice(0, 500))
  const returned: Return = {
    id: request.id,
    status: 'requested',
    lines: request.lines,
    refund: refundOf(order, request.lines, order.returns.filter(isLive)),
    reason: request.reason,
    requestedAt: new Date(request.atMs).toISOString(),
    by: request.by,
    version: 1,
  }
  const ended = order.returns.filter(isEnded)
  const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - maxEnded)).map(({ id }) => id))
  const kept = order.returns.filter(({ id }) => !forgotten.has(id))
  return ok({ order: { ...order, returns: [...kept, returned] }, returned })
}

const isWhollyBack = ({ lines, returns }: Order): boolean =>
  lines.every(({ sku, quantity }) => unitsIn(returns.filter(isReceived), sku) === quantity)

/**
 * The order with a return that has changed. Those that are still to come are worth what is left after the received ones: it can
 * differ by a minor unit from before, where they arrive in another order than they were asked for, or one is withdrawn.
 */
const withReturn = (order: Order, returned: Return): Order => {
  const changed = order.returns.map((one) => (one.id === returned.id ? returned : one))
  const before = changed.filter(isReceived)
  const returns = changed.map((one): Return => {
    if (one.status !== 'requested') return one
    const refund = refundOf(order, one.lines, before)
    before.push(one)
    return refund.amount === one.refund.amount ? one : { ...one, refund, version: one.version + 1 }
  })
  return { ...order, returns }
}

type Receipt = {
  /** What arrived, where that is less than was announced; more, or anything else, is another return. */
  lines?: readonly ReturnLine[] | undefined
  by: string
  /** Milliseconds since the epoch. */
  atMs: number
}

const isSame = (one: readonly ReturnLine[], other: readonly ReturnLine[]): boolean =>
  one.length === other.length &&
  one.every(({ sku, quantity }) => other.some((line) => line.sku === sku && line.quantity === quantity))

/**
 * The goods are back, or some of them: what arrived is given back, and the rest can be announced anew. With the last unit the
 * order is `returned`.
 * @returns no change when that is known already
 */
export const markReceived = (
  order: Order,
  before: Return,
  { lines = before.lines, by, atMs }: Receipt,
): Result<{ order: Order; returned: Return } | undefined, 'RETURN_ENDED' | 'NOT_ANNOUNCED'> => {
  if (isEnded(before)) return refused('RETURN_ENDED', `The return is ${before.status}; ask for another one.`)
  if (before.status === 'received')
    return isSame(lines, before.lines)
      ? ok(undefined)
      : refused('RETURN_ENDED', 'The return was received already, with other goods; what came later is another one.')
  const isAnnounced = ({ sku, quantity }: ReturnLine) =>
    before.lines.some((line) => line.sku === sku && line.quantity >= quantity)
  const others = lines.filter((line) => !isAnnounced(line)).map(({ sku, quantity }) => `${quantity} of ${sku}`)
  if (others.length > 0)
    return refused('NOT_ANNOUNCED', `The return does not have ${others.join(', ')}; ask for another one.`.slice(0, 500))
  const returned: Return = {
    ...before,
    status: 'received',
    lines,
    ...(isSame(lines, before.lines) ? {} : { announced: before.lines }),
    refund: refundOf(order, lines, order.returns.filter(isReceived)),
    receivedAt: new Date(atMs).toISOString(),
    by,
    version: before.version + 1,
  }
  const after = withReturn(order, returned)
  const whole = isWhollyBack(after) ? transition(after, { type: 'return.received' }, atMs) : undefined
  return ok({ order: whole ?? after, returned })
}

/**
 * The goods will not come: their units can be returned by another return, or stay. Again, it changes nothing.
 * @param by the staff member, where it was one @param atMs milliseconds since the epoch
 */
export const endReturn = (
  order: Order,
  before: Return,
  { status, by, atMs }: { status: 'withdrawn' | 'closed'; by?: string | undefined; atMs: number },
): Result<{ order: Order; returned: Return } | undefined, 'RETURN_RECEIVED'> => {
  if (before.status === 'received') return refused('RETURN_RECEIVED', 'Its goods are back already.')
  if (isEnded(before)) return ok(undefined)
  const endedAt = new Date(atMs).toISOString()
  const returned: Return = { ...before, status, endedAt, by, version: before.version + 1 }
  return ok({ order: withReturn(order, returned), returned })
}

/** The lines that units have come back of by now, with what was paid for them: what refunds are reckoned from. */
export const returnedLines = ({ lines, returns, total, pricesIncludeTax }: Order) =>
  lines.flatMap((line) => {
    const returned = unitsIn(returns.filter(isReceived), line.sku)
    const paid = money(paidMinor(line, pricesIncludeTax), total.currency)
    return returned > 0 ? [{ sku: line.sku, bought: line.quantity, returned, paid }] : []
  })
