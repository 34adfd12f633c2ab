/** Updates one order: the one path on which an order changes after it was placed. */
import { now } from '../../shared/runtime/clock.ts'
import { count, countMoney } from '../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { metrics } from './contract.ts'
import { type Order, type Trigger, transitionBy } from './domain.ts'
import { eventsFor } from './events-of.ts'
import type { OrdersTable } from './table.ts'

export type Orders = Pick<OrdersTable, 'get' | 'replace'>

/** After the write that confirms it, which happens once. */
const countConfirmed = ({ total }: Order): void => {
  count(metrics.ordersConfirmed)
  countMoney(metrics.revenue, total)
}

/**
 * Reads, decides by a pure rule, writes the new state with the events of a new status; again if another change came first.
 * @param known as it was last read or written, where that was just now: then it is not read again
 * @returns the order as it stands then, unchanged where the rule changes nothing; undefined where there is none
 */
export const changeOrder = (
  orders: Orders,
  orderId: string,
  change: (order: Order, atMs: number) => Order | undefined,
  known?: Order,
): Promise<{ order: Order | undefined }> => {
  let latest = known
  return retryOnConflict(async () => {
    const order = latest ?? (await orders.get(orderId))
    latest = undefined
    const next = order && change(order, now())
    if (!next) return { order }
    const written = await orders.replace(next, next.status === order.status ? [] : eventsFor(next))
    if (written?.status === 'confirmed') countConfirmed(written)
    return written && { order: written }
  })
}

/** The same, by the transition table. */
export const updateOrder = (orders: Orders, orderId: string, ...triggers: readonly Trigger[]) =>
  changeOrder(orders, orderId, (order, atMs) => transitionBy(order, triggers, atMs))
