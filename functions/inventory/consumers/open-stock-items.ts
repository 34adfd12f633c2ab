import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'

type Dependencies = { inventory: Pick<InventoryTable, 'openStockItem' | 'tellLevels'> }

/** A SKU that another product had before has its stock item already: whoever shows its numbers there must hear them once more. */
export const openStockItems =
  ({ inventory }: Dependencies): Consume<typeof consumers.openStockItems> =>
  async ({ data: { skus, reopened = [] } }) => {
    for (const sku of skus) await inventory.openStockItem(sku)
    for (const sku of reopened) await inventory.tellLevels(sku)
  }

export const handler = consume(consumers.openStockItems, () =>
  openStockItems({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
