/** Updates one order: the one path on which an order changes after it was placed. */
import { now } from '../../shared/runtime/clock.ts'
import { count, countMoney } from '../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { metrics } from './contract.ts'
import { type Order, type Trigger, transition } from './domain.ts'
import { eventsFor } from './events-of.ts'
import type { OrdersTable } from './table.ts'

/** After the write that confirms it, which happens once. */
const countConfirmed = ({ total }: Order): void => {
  count(metrics.ordersConfirmed)
  countMoney(metrics.revenue, total)
}

/**
 * Reads, decides by the transition table, writes the new state with its events; again if another change came first.
 * An order that does not exist, or that the trigger does not change, is given back as it is.
 */
export const updateOrder = (
  orders: Pick<OrdersTable, 'get' | 'replace'>,
  orderId: string,
  trigger: Trigger,
): Promise<{ order: Order | undefined; changed: boolean }> =>
  retryOnConflict(async () => {
    const order = await orders.get(orderId)
    const next = order && transition(order, trigger, now())
    if (!next) return { order, changed: false }
    const written = await orders.replace(next, eventsFor(next))
    if (written?.status === 'confirmed') countConfirmed(written)
    return written && { order: written, changed: true }
  })
