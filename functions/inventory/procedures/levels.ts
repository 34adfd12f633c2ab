import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/inventory.ts'
import * as parts from '../parts.ts'

/** One strongly consistent read, whatever the number of SKUs; one that is asked for twice is answered once. */
export const handler = provide(
  published.levels,
  { inventory: parts.inventory },
  async function levels({ skus }, { inventory }) {
    const found = await inventory.getLevels([...new Set(skus)].map((sku) => ({ sku, quantity: 0 })))
    return { levels: found.map(({ sku, available }) => ({ sku, available })) }
  },
)
