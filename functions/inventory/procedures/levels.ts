import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { levels } from '../../published/inventory.ts'
import { inventoryTable } from '../table.ts'

/** One strongly consistent read, whatever the number of SKUs; one that is asked for twice is answered once. */
export const handler = provide(levels, () => {
  const inventory = inventoryTable({ table: openTable(), now, newId })
  return async ({ skus }) => {
    const found = await inventory.getLevels([...new Set(skus)].map((sku) => ({ sku, quantity: 0 })))
    return { levels: found.map(({ sku, available }) => ({ sku, available })) }
  }
})
