/**
 * Who may review what. Each of the two events has an item of its own, so they may come in any order and any number of times:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a product that someone bought by an order | `buyer#<customerId>` | `bought#<productId>#<orderId>` |
 * | an order that has arrived | `order#<orderId>` | `delivered` |
 */
import * as z from 'zod/mini'
import type { Table } from '../../shared/runtime/table.ts'

const StoredPurchase = z.object({ orderId: z.string() })

/** Orders of one product by one buyer that are looked at, the newest first: one of so many will have arrived. */
const maxOrders = 100

const purchaseKeyOf = (customerId: string, productId: string, orderId: string) => ({
  pk: `buyer#${customerId}`,
  sk: `bought#${productId}#${orderId}`,
})
const deliveryKeyOf = (orderId: string) => ({ pk: `order#${orderId}`, sk: 'delivered' })

export const purchasesTable = ({ table }: { table: Table }) => ({
  /** @param productIds at most 100, each once */
  async noteBought(customerId: string, orderId: string, productIds: readonly string[]): Promise<void> {
    if (productIds.length === 0) return
    await table.write(
      productIds.map((productId) => ({ put: { ...purchaseKeyOf(customerId, productId, orderId), orderId } })),
    )
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
