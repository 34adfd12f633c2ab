import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

/** A SKU that another product had before has its stock item already: whoever shows its numbers there must hear them once more. */
export const handler = consume(
  consumers.openStockItems,
  { inventory: parts.inventory },
  async function openStockItems({ data: { skus, reopened = [] } }, { inventory }) {
    for (const sku of skus) await inventory.openStockItem(sku)
    for (const sku of reopened) await inventory.publishLevels(sku)
  },
)
