import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { quote } from '../../published/catalog.ts'
import { endpoints } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'
import { levelsOf } from '../view.ts'

type Dependencies = {
  inventory: Pick<InventoryTable, 'book' | 'openStockItem' | 'getStock'>
  quote: Call<typeof quote>
}

/**
 * A product that was made a moment ago may not have its stock items yet: the catalogue is asked whether there is such a
 * variant, and the item is made then and there.
 */
export const receiveStock =
  ({ inventory, quote }: Dependencies): Handle<typeof endpoints.receiveStock> =>
  async ({ params: { sku }, body: { quantity }, caller, once, replayOf }) => {
    const book = () => inventory.book({ sku, kind: 'receipt', quantity, by: caller.id }, once)
    if (!replayOf && (await book()) !== 'booked') {
      const { variants } = await quote({ skus: [sku] })
      if (variants.length === 0) return notFound('variant')
      await inventory.openStockItem(sku)
      await book()
    }
    const stock = await inventory.getStock(sku)
    if (!stock) throw new Error('a stock item that was just booked on is gone')
    return { body: levelsOf(stock), version: stock.version, location: `/stock/${sku}` }
  }

export const handler = serveStaff(
  endpoints.receiveStock,
  () => receiveStock({ inventory: inventoryTable({ table: openTable(), now, newId }), quote: call(quote) }),
  openTable,
)
