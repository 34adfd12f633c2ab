/**
 * | item | pk | sk |
 * |---|---|---|
 * | a shopper's latest orders | `shopper#<customerId>` | `open-orders` |
 *
 * It is read consistently before an order is placed, and written with it under its version: so two orders placed at the same
 * moment see one another. What became of the orders it names is not kept here, but looked up where it matters: the steps
 * of an order need not touch it.
 */
import * as z from 'zod/mini'
import { now } from '../../../shared/runtime/clock.ts'
import { type Change, notThere, type Table, versionIs } from '../../../shared/runtime/table.ts'
import type { OpenOrder, OpenOrders } from './open-orders.ts'

const StoredOpenOrders = z.object({
  orders: z.array(z.object({ orderId: z.string(), cartId: z.string(), until: z.string() })),
  version: z.int(),
})

/** As long as a cart can lie untouched, and more: after that no line of it can be left that was ordered. */
const keptSeconds = 60 * 24 * 60 * 60

const keyOf = (customerId: string) => ({ pk: `shopper#${customerId}`, sk: 'open-orders' })

export const openOrdersTable = (table: Table) => ({
  async get(customerId: string): Promise<OpenOrders> {
    const item = await table.get(keyOf(customerId))
    return item ? StoredOpenOrders.parse(item) : { orders: [], version: 0 }
  },

  /** The change that puts these orders in place of those that were read. */
  put(customerId: string, before: OpenOrders, orders: readonly OpenOrder[]): Change<'raced'> {
    const expiresAt = Math.floor(now() / 1000) + keptSeconds
    return {
      put: { ...keyOf(customerId), orders, version: before.version + 1, expiresAt },
      when: before.version === 0 ? notThere : versionIs(before.version),
      else: 'raced',
    }
  },

  /** Who is erased orders no more. */
  async remove(customerId: string): Promise<void> {
    await table.write([{ delete: keyOf(customerId) }])
  },
})

export type OpenOrdersTable = ReturnType<typeof openOrdersTable>
