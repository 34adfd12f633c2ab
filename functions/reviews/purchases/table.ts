/**
 * Who may review what:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a product that someone has bought and that has arrived | `buyer#<customerId>` | `received#<productId>` |
 *
 * It is written when the goods arrive, says nothing of the order, and stays the same however often the product is bought.
 */
import * as z from 'zod/mini'
import { isErased } from '../../../shared/runtime/erasure.ts'
import { after } from '../../../shared/runtime/export.ts'
import type { Item, Table } from '../../../shared/runtime/table.ts'

const StoredPurchase = z.object({ pk: z.string(), sk: z.string(), productId: z.string() })
export type Purchase = z.infer<typeof StoredPurchase>

const keyOf = (customerId: string, productId: string) => ({ pk: `buyer#${customerId}`, sk: `received#${productId}` })

export const purchasesTable = (table: Table) => ({
  /** Whether this person was erased, and nothing is to be noted of them any more. */
  isErased: (customerId: string) => isErased(table, customerId),

  /** A write for each product, one after the other: none is still under way when one fails. @param productIds each once */
  async noteReceived(customerId: string, productIds: readonly string[]): Promise<void> {
    for (const productId of productIds) await table.write([{ put: { ...keyOf(customerId, productId), productId } }])
  },

  /** What someone has received, by product. */
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

  /** Whether an order of theirs with this product has arrived. */
  async hasReceived(customerId: string, productId: string): Promise<boolean> {
    return (await table.get(keyOf(customerId, productId))) !== undefined
  },
})

export type PurchasesTable = ReturnType<typeof purchasesTable>
