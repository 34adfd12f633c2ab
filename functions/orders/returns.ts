/** Returns of goods: what may come back, what is given back for it, and when an order is wholly back. Pure. */
import { type Money, money } from '../../shared/domain/money.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { type Order, type OrderLine, transition } from './domain.ts'

export type ReturnLine = { sku: string; quantity: number }

/** Stands in its order, so that one condition bounds all of an order's returns. Each SKU once. */
export type Return = {
  id: string
  status: 'requested' | 'received'
  lines: readonly ReturnLine[]
  refund: Money
  reason?: string | undefined
  requestedAt: string
  receivedAt?: string | undefined
  /** Its own, not the order's: 1 when requested, 2 when received. */
  version: number
}

/** Of 100 lines each, beside the order's own, they stay far below DynamoDB's 400 KB an item. */
export const maxReturns = 20

const unitsIn = (returns: readonly Return[], sku: string): number =>
  returns.reduce(
    (sum, { lines }) => sum + lines.reduce((units, line) => units + (line.sku === sku ? line.quantity : 0), 0),
    0,
  )

/** What the first so many units of a line were paid with: rounded down, all of them exactly the line's amount. */
const shareOf = (paidMinor: number, units: number, quantity: number): number =>
  Number((BigInt(paidMinor) * BigInt(units)) / BigInt(quantity))

/** Minor units for a line: its total, and its tax where that came on top. */
const paidMinor = ({ total, tax }: OrderLine, pricesIncludeTax: boolean): number =>
  total.amount + (pricesIncludeTax ? 0 : tax.amount)

/**
 * What was paid for the units, without the shipping. The units before them are counted along, so that what returns of a
 * line give back, however it is split, adds up to exactly what the line cost.
 */
const refundOf = (order: Order, lines: readonly ReturnLine[]): Money => {
  const amounts = lines.map(({ sku, quantity }) => {
    const line = order.lines.find((bought) => bought.sku === sku)
    if (!line) return 0
    const paid = paidMinor(line, order.pricesIncludeTax)
    const before = unitsIn(order.returns, sku)
    return shareOf(paid, before + quantity, line.quantity) - shareOf(paid, before, line.quantity)
  })
  return money(
    amounts.reduce((sum, amount) => sum + amount, 0),
    order.total.currency,
  )
}

type Refusal = 'NOT_RETURNABLE' | 'TOO_MANY_RETURNS' | 'RETURN_TOO_LARGE'

/** Never more of a line than was bought, less what other returns name. @param atMs milliseconds since the epoch */
export const requestReturn = (
  order: Order,
  request: { id: string; lines: readonly ReturnLine[]; reason?: string | undefined; atMs: number },
): Result<{ order: Order; returned: Return }, Refusal> => {
  if (order.status !== 'shipped' && order.status !== 'delivered')
    return refused('NOT_RETURNABLE', `The order is ${order.status}; goods are sent back after they were sent.`)
  if (order.returns.length >= maxReturns)
    return refused('TOO_MANY_RETURNS', `An order takes at most ${maxReturns} returns.`)
  const excess = request.lines.flatMap(({ sku, quantity }) => {
    const bought = order.lines.find((line) => line.sku === sku)?.quantity ?? 0
    const left = bought - unitsIn(order.returns, sku)
    return quantity > left ? [`${left} of ${sku}`] : []
  })
  if (excess.length > 0)
    return refused('RETURN_TOO_LARGE', `No more can come back than ${excess.join(', ')}.`.slice(0, 500))
  const requestedAt = new Date(request.atMs).toISOString()
  const returned: Return = {
    id: request.id,
    status: 'requested',
    lines: request.lines,
    refund: refundOf(order, request.lines),
    reason: request.reason,
    requestedAt,
    version: 1,
  }
  return ok({ order: { ...order, returns: [...order.returns, returned] }, returned })
}

const isWhollyBack = ({ lines, returns }: Order): boolean => {
  const received = returns.filter(({ status }) => status === 'received')
  return lines.every(({ sku, quantity }) => unitsIn(received, sku) === quantity)
}

/**
 * The goods are back; with the last of them the order is `returned`.
 * @returns undefined when that is known already @param atMs milliseconds since the epoch
 */
export const receiveReturn = (
  order: Order,
  before: Return,
  atMs: number,
): { order: Order; returned: Return } | undefined => {
  if (before.status === 'received') return undefined
  const at = new Date(atMs).toISOString()
  const returned: Return = { ...before, status: 'received', receivedAt: at, version: before.version + 1 }
  const after: Order = {
    ...order,
    returns: order.returns.map((one) => (one.id === before.id ? returned : one)),
  }
  const whole = isWhollyBack(after) ? transition(after, { type: 'return.received' }, atMs) : undefined
  return { order: whole ?? after, returned }
}
