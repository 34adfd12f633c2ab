import { notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { levelsOf } from '../view.ts'

/**
 * A product that was made a moment ago may not have its stock items yet: the catalogue is asked whether there is such a
 * variant, and the item is made then and there.
 */
export const handler = serveStaff(
  endpoints.receiveStock,
  { table: parts.table, inventory: parts.inventory, quote: parts.quote },
  async function receiveStock(
    { params: { sku }, body: { quantity }, caller, idempotencyKey, replayOf },
    { inventory, quote },
  ) {
    const book = () => inventory.book({ sku, kind: 'receipt', quantity, by: caller.id }, idempotencyKey)
    if (!replayOf && (await book()) !== 'booked') {
      const { variants } = await quote({ skus: [sku] })
      if (variants.length === 0) return notFound('variant')
      await inventory.openStockItem(sku)
      await book()
    }
    const stock = await inventory.getStock(sku)
    if (!stock) throw new Error('a stock item that was just booked on is gone')
    return { body: levelsOf(stock), version: stock.version, location: `/stock/${sku}` }
  },
)
