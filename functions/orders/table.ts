/**
 * | item or index | pk | sk | answers |
 * |---|---|---|---|
 * | an order | `order#<orderId>` | `order` | read, move on |
 * | staff's notes on it | `order#<orderId>` | `note#<noteId>` | list, newest first (notes/table.ts) |
 * | a shopper's open orders | `shopper#<customerId>` | `open-orders` | before placing another (placing/open-orders-table.ts) |
 * | what guests of a network ordered | `network#<hash>#<window>` | `guest-units` | counted only (placing/guest-units-table.ts) |
 * | whose return it is | `return#<returnId>` | `return` | find the order that holds the return |
 * | gsi1, keys only | `customer#<customerId>` | `<placedAt>#<orderId>` | a customer's orders, newest first |
 * | gsi2, keys only | `month#2026-11` | `<placedAt>#<orderId>` | everyone's orders, newest first |
 * | gsi3, keys only | `deadline#<0..3>` | `<deadline>#<orderId>` | orders that time must look at; others are not in it |
 *
 * gsi1 and gsi2 change only when an order is placed (gsi1 once more when its person is erased), so a partition of gsi2 takes a
 * thousand orders a second. How an order's item looks: stored.ts.
 */
import * as z from 'zod/mini'
import { erasedUserId } from '../../shared/domain/erased-user.ts'
import { now } from '../../shared/runtime/clock.ts'
import { dueKeys, listDueWithTime } from '../../shared/runtime/due-index.ts'
import { notErased } from '../../shared/runtime/erasure.ts'
import { after } from '../../shared/runtime/export.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { type Item, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Order, placedAtOf } from './domain.ts'
import { attributesOf, type OrderAttribute, orderOf } from './stored.ts'

const StoredReturnKey = z.object({ orderId: z.string() })

export const keyOf = (orderId: string) => ({ pk: `order#${orderId}`, sk: 'order' })
const returnKeyOf = (returnId: string) => ({ pk: `return#${returnId}`, sk: 'return' })

const positionOf = (order: Order): string => `${placedAtOf(order)}#${order.id}`

/** Where a customer's orders stand, for the cursors of their list. */
export const customerPartition = (customerId: string) => ({ gsi1pk: `customer#${customerId}` })

const indexKeysOf = (order: Order) => ({
  ...(order.customerId === erasedUserId ? {} : { ...customerPartition(order.customerId), gsi1sk: positionOf(order) }),
  gsi2pk: `month#${placedAtOf(order).slice(0, 7)}`,
  gsi2sk: positionOf(order),
  ...dueKeys('gsi3', 'deadline', order.id, order.resumeAt ?? order.deadline),
})

/** An index may still show what no longer belongs to a person: an order of nobody is nobody's to see. */
const ofCustomer = (orders: readonly Order[], customerId: string): Order[] =>
  orders.filter((order) => order.customerId === customerId)

/** A page of orders and the key to go on from. */
export type OrderPage = { orders: Order[]; lastKey: Item | undefined }

/** No order of this software is older. */
const firstMonth = '2026-01'
const monthsPerPage = 12

const monthBefore = (month: string): string => {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))]
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

export const ordersTable = (table: Table) => {
  const itemOf = (order: Order, newEvents: readonly NewEvent<OrderAttribute>[]) => ({
    ...keyOf(order.id),
    ...attributesOf(order),
    ...indexKeysOf(order),
    ...nextVersion(order.id, order, newEvents),
  })

  /** Index entries hold keys only; the orders come in one batch. */
  const fetchAll = async (keys: readonly Item[]): Promise<Order[]> => {
    if (keys.length === 0) return []
    const items = await table.batchGet(keys.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })))
    const found = new Map(items.map((item) => [String(item.pk), orderOf(item)]))
    return keys.flatMap(({ pk }) => found.get(String(pk)) ?? [])
  }

  return {
    async get(orderId: string): Promise<Order | undefined> {
      const item = await table.get(keyOf(orderId))
      return item && orderOf(item)
    },

    /**
     * Writes a new order, unless its customer has asked to be erased meanwhile. Its id is that of its idempotency key, so this one
     * write is both.
     * @returns `there` when a request with this key has placed it before, `erased` when nobody is there to order
     */
    async insert(order: Order): Promise<Order | 'there' | 'erased'> {
      const item = itemOf(order, [])
      const written = await table.write([{ put: item, when: notThere, else: 'there' }, notErased(order.customerId)])
      return written.ok ? { ...order, version: item.version, sequence: item.sequence } : written.failed
    },

    /** Orders by their ids, in any order, those that exist. One consistent read. */
    async getAll(orderIds: readonly string[]): Promise<Order[]> {
      return orderIds.length > 0 ? (await table.batchGet(orderIds.map(keyOf))).map(orderOf) : []
    },

    /** @returns the order with its new version, or undefined when another change came first */
    async replace(order: Order, newEvents: readonly NewEvent<OrderAttribute>[]): Promise<Order | undefined> {
      const item = itemOf(order, newEvents)
      const written = await table.write([{ put: item, when: versionIs(order.version), else: 'raced' }])
      return written.ok ? { ...order, version: item.version, sequence: item.sequence } : undefined
    },

    /**
     * Writes the order with a new return, the way to find it, and the idempotency key in one transaction.
     * @returns the order with its new version, or undefined when another change came first @throws AlreadyDoneError
     */
    async addReturn(
      order: Order,
      returnId: string,
      newEvents: readonly NewEvent<OrderAttribute>[],
      idempotencyKey: IdempotencyKey | undefined,
    ): Promise<Order | undefined> {
      const item = itemOf(order, newEvents)
      const written = await table.write(
        [
          { put: item, when: versionIs(order.version), else: 'raced' },
          { put: { ...returnKeyOf(returnId), orderId: order.id }, when: notThere, else: 'raced' },
        ],
        { idempotencyKey, resource: returnId },
      )
      return written.ok ? { ...order, version: item.version, sequence: item.sequence } : undefined
    },

    /** @returns the id of the order that the return is of */
    async orderOfReturn(returnId: string): Promise<string | undefined> {
      const item = await table.get(returnKeyOf(returnId))
      return item && StoredReturnKey.parse(item).orderId
    },

    async listOfCustomer(customerId: string, limit: number, startKey: Item | undefined): Promise<OrderPage> {
      const page = await table.query({ index: 'gsi1', pk: `customer#${customerId}`, backward: true, limit, startKey })
      return { orders: ofCustomer(await fetchAll(page.items), customerId), lastKey: page.lastKey }
    },

    /** A page of a customer's orders, oldest first, each with its position. @param position where the page before ended */
    async pageOfPerson(customerId: string, position: string | undefined, limit: number) {
      const page = await table.query({ index: 'gsi1', pk: `customer#${customerId}`, sk: after(position), limit })
      const orders = ofCustomer(await fetchAll(page.items), customerId)
      return { orders: orders.map((order) => ({ at: positionOf(order), order })), more: page.lastKey !== undefined }
    },

    /** Goes back month by month, at most twelve months a page; a page may be short though there is more. */
    async listAll(limit: number, startKey: Item | undefined): Promise<OrderPage> {
      const entries: Item[] = []
      let month = String(startKey?.gsi2pk ?? `month#${new Date(now()).toISOString()}`).slice(
        'month#'.length,
        'month#'.length + 7,
      )
      let from = startKey?.pk === undefined ? undefined : startKey
      for (let months = 0; month >= firstMonth && months < monthsPerPage; months += 1) {
        const wanted = limit - entries.length
        const page = await table.query({
          index: 'gsi2',
          pk: `month#${month}`,
          backward: true,
          limit: wanted,
          startKey: from,
        })
        for (const item of page.items) entries.push(item)
        if (page.lastKey) return { orders: await fetchAll(entries), lastKey: page.lastKey }
        from = undefined
        month = monthBefore(month)
        if (entries.length === limit) break
      }
      return { orders: await fetchAll(entries), lastKey: month < firstMonth ? undefined : { gsi2pk: `month#${month}` } }
    },

    /** Orders whose deadline has passed, and when it did, at most `limit` of each partition. */
    listOverdue: listDueWithTime(table, 'gsi3', 'deadline'),
  }
}

export type OrdersTable = ReturnType<typeof ordersTable>
