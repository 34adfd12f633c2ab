import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'

export const openStockItems =
  ({ inventory }: { inventory: Pick<InventoryTable, 'openStockItem'> }): Consume<typeof consumers.openStockItems> =>
  async ({ data: { skus } }) => {
    for (const sku of skus) await inventory.openStockItem(sku)
  }

export const handler = consume(consumers.openStockItems, () =>
  openStockItems({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
