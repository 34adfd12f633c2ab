/**
 * Who may review what. Each of the two events has an item of its own, so they may come in any order and any number of times:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a product that someone bought by an order | `buyer#<customerId>` | `bought#<productId>#<orderId>` |
 * | an order that has arrived | `order#<orderId>` | `delivered` |
 */
import * as z from 'zod/mini'
import { notErased } from '../../shared/runtime/erasure.ts'
import { after } from '../../shared/runtime/export.ts'
import type { Item, Table } from '../../shared/runtime/table.ts'

const StoredPurchase = z.object({ pk: z.string(), sk: z.string(), orderId: z.string(), productId: z.string() })
export type Purchase = z.infer<typeof StoredPurchase>

/** Of a transaction's 100 items, one looks whether the buyer was erased. */
const maxPerWrite = 99

/** Orders of one product by one buyer that are looked at, the newest first: one of so many will have arrived. */
const maxOrders = 100

const purchaseKeyOf = (customerId: string, productId: string, orderId: string) => ({
  pk: `buyer#${customerId}`,
  sk: `bought#${productId}#${orderId}`,
})
const deliveryKeyOf = (orderId: string) => ({ pk: `order#${orderId}`, sk: 'delivered' })

export const purchasesTable = ({ table }: { table: Table }) => ({
  /** Of a buyer who was erased nothing is noted. @param productIds each once */
  async noteBought(customerId: string, orderId: string, productIds: readonly string[]): Promise<void> {
    const puts = productIds.map((productId) => ({
      put: { ...purchaseKeyOf(customerId, productId, orderId), orderId, productId },
    }))
    for (let from = 0; from < puts.length; from += maxPerWrite)
      await table.write([...puts.slice(from, from + maxPerWrite), notErased(customerId)])
  },

  /** What someone has bought, by product. */
  async listOfBuyer(customerId: string, limit: number, startKey: Item | undefined) {
    const page = await table.query({ pk: `buyer#${customerId}`, limit, startKey })
    return { found: page.items.map((item) => StoredPurchase.parse(item)), lastKey: page.lastKey }
  },

  /** The same for an export. @param position where the page before ended */
  async pageOfPerson(customerId: string, position: string | undefined, limit: number) {
    const page = await table.query({ pk: `buyer#${customerId}`, sk: after(position), limit })
    return { purchases: page.items.map((item) => StoredPurchase.parse(item)), more: page.lastKey !== undefined }
  },

  async remove({ pk, sk }: Purchase): Promise<void> {
    await table.write([{ delete: { pk, sk } }])
  },

  async noteDelivered(orderId: string): Promise<void> {
    await table.write([{ put: deliveryKeyOf(orderId) }])
  },

  /** Whether an order of theirs with this product has arrived. */
  async hasReceived(customerId: string, productId: string): Promise<boolean> {
    const { items } = await table.query({
      pk: `buyer#${customerId}`,
      sk: { beginsWith: `bought#${productId}#` },
      backward: true,
      limit: maxOrders,
    })
    if (items.length === 0) return false
    const orderIds = items.map((item) => StoredPurchase.parse(item).orderId)
    return (await table.batchGet(orderIds.map(deliveryKeyOf))).length > 0
  },
})

export type PurchasesTable = ReturnType<typeof purchasesTable>
