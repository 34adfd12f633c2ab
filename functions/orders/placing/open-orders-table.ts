/**
 * | item | pk | sk |
 * |---|---|---|
 * | a shopper's latest orders | `shopper#<customerId>` | `open-orders` |
 *
 * It is read consistently before an order is placed, and names it, under its version, right before the order is written: so two
 * orders placed at the same moment see one another. What became of the orders it names is not kept here, but looked up where it
 * matters: the steps of an order need not touch it.
 */
import * as z from 'zod/mini'
import { now } from '../../../shared/runtime/clock.ts'
import { eraseMarkKey, erasureIdIn } from '../../../shared/runtime/erasure.ts'
import { notThere, type Table, versionIs } from '../../../shared/runtime/table.ts'
import type { Order } from '../domain.ts'
import { orderOf } from '../stored.ts'
import { keyOf as orderKeyOf } from '../table.ts'
import type { OpenOrder, OpenOrders } from './open-orders.ts'

const StoredOpenOrders = z.object({
  orders: z.array(z.object({ orderId: z.string(), cartId: z.string(), until: z.string() })),
  version: z.int(),
})

/** As long as a cart can lie untouched, and more: after that no line of it can be left that was ordered. */
const keptSeconds = 60 * 24 * 60 * 60

const keyOf = (customerId: string) => ({ pk: `shopper#${customerId}`, sk: 'open-orders' })

/** What is to be known before an order is placed. `earlier`: the order that this id has already. */
export type BeforePlacing = { earlier: Order | undefined; open: OpenOrders; isErased: boolean }

export const openOrdersTable = (table: Table) => ({
  /** One consistent read. */
  async readBefore(customerId: string, orderId: string): Promise<BeforePlacing> {
    const items = await table.batchGet([orderKeyOf(orderId), keyOf(customerId), eraseMarkKey(customerId)])
    const earlier = items.find(({ sk }) => sk === orderKeyOf(orderId).sk)
    const open = items.find(({ sk }) => sk === keyOf(customerId).sk)
    return {
      earlier: earlier && orderOf(earlier),
      open: open ? StoredOpenOrders.parse(open) : { orders: [], version: 0 },
      isErased: erasureIdIn(items) !== undefined,
    }
  },

  /** Puts these orders in place of those that were read. @returns whether nothing came in between */
  async replace(customerId: string, before: OpenOrders, orders: readonly OpenOrder[]): Promise<boolean> {
    const expiresAt = Math.floor(now() / 1000) + keptSeconds
    const { ok } = await table.write([
      {
        put: { ...keyOf(customerId), orders, version: before.version + 1, expiresAt },
        when: before.version === 0 ? notThere : versionIs(before.version),
        else: 'raced',
      },
    ])
    return ok
  },

  /** Who is erased orders no more. */
  async remove(customerId: string): Promise<void> {
    await table.write([{ delete: keyOf(customerId) }])
  },
})

export type OpenOrdersTable = ReturnType<typeof openOrdersTable>
