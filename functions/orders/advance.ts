/** Moves one order on, whoever asks: the one path on which an order changes after it was placed. */
import type { Now } from '../../shared/runtime/clock.ts'
import { repeated } from '../../shared/runtime/repeated.ts'
import { type Order, type Trigger, transition } from './domain.ts'
import { factsOf } from './outcomes.ts'
import type { OrdersTable } from './table.ts'

export type Advance = (orderId: string, trigger: Trigger) => Promise<{ order: Order | undefined; changed: boolean }>

/**
 * Reads, decides by the transition table, writes the new state with its events; again if another change came first.
 * An order that does not exist, or that the trigger does not change, is given back as it is.
 */
export const advance =
  ({ orders, now }: { orders: Pick<OrdersTable, 'get' | 'replace'>; now: Now }): Advance =>
  (orderId, trigger) =>
    repeated(async () => {
      const order = await orders.get(orderId)
      const next = order && transition(order, trigger, now())
      if (!next) return { order, changed: false }
      const written = await orders.replace(next, factsOf(next))
      return written && { order: written, changed: true }
    })
