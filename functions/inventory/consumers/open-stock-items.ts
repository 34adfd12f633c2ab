import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

/** Publishes the levels of a SKU again that another product had before: its new page has no numbers yet. */
export const handler = consume(
  consumers.openStockItems,
  { inventory: parts.inventory },
  async function openStockItems({ data: { skus, reopened = [] } }, { inventory }) {
    for (const sku of skus) await inventory.openStockItem(sku)
    for (const sku of reopened) await inventory.publishLevels(sku)
  },
)
