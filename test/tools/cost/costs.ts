/** What people compare, in dollars: an order until it is over, a visit that ends with one, a month of them. */
import type { Actions } from './actions.ts'
import { assumptions } from './prices.ts'
import {
  type Billed,
  billed,
  busy,
  coldShareAt,
  dollars,
  type Level,
  type Measured,
  together,
  tracedShareAt,
  unused,
} from './usage.ts'

const secondsPerMonth = 30 * 24 * 3_600

/** What comes of an order a month after its delivery. */
const completion: Measured = { ...unused, ...assumptions.completion }

/** Dollars a million: an order from checkout until it is delivered, paid and completed. */
export const orderOf = (actions: Actions, level: Level = busy): Billed =>
  together([
    [1, dollars(billed(actions.order, level))],
    [1, dollars(billed(actions.sending, level))],
    [1, dollars(billed(completion, level))],
  ])

/** What `Prefer: wait` adds to a million orders that are not decided at once: the function waits, and looks after them. */
export const waitingForOrder = (): Billed =>
  dollars(billed({ ...unused, waitMs: assumptions.waiting.ms, readUnits: assumptions.waiting.readUnits }))

/** How busy the functions are that an action meets so many times a month; X-Ray records only where the stage lets it. */
export const levelAt = (timesAMonth: number, tracing: 'active' | 'pass-through'): Level => {
  const perSecond = timesAMonth / secondsPerMonth
  return { tracedShare: tracing === 'active' ? tracedShareAt(perSecond) : 0, coldShare: coldShareAt(perSecond) }
}

/** Dollars a million visits that end with an order, so many product pages looked at before, in a month of so many. */
export const visitOf =
  (actions: Actions, views: number) =>
  (orders: number, tracing: 'active' | 'pass-through' = 'pass-through'): Billed => {
    const level = levelAt(orders, tracing)
    return together([
      [views, dollars(billed(actions['page view'], levelAt(views * orders, tracing)))],
      [1, dollars(billed(actions['guest and cart'], level))],
      [1, dollars(billed(actions['cart change'], level))],
      [1, orderOf(actions, level)],
    ])
  }
