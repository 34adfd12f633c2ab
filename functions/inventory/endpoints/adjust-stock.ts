import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'
import { levelsOf } from '../view.ts'

export const adjustStock =
  ({ inventory }: { inventory: Pick<InventoryTable, 'book' | 'getStock'> }): Handle<typeof endpoints.adjustStock> =>
  async ({ params: { sku }, body: { quantity, reason }, caller, once, replayOf }) => {
    const booking = { sku, kind: 'adjustment' as const, quantity, reason, by: caller.id }
    const outcome = replayOf ? 'booked' : await inventory.book(booking, once)
    if (outcome === 'short') return problem('NOT_ENOUGH_STOCK', 'That would leave less than is reserved.')
    const stock = outcome === 'booked' ? await inventory.getStock(sku) : undefined
    if (!stock) return notFound('stock item')
    return { body: levelsOf(stock), version: stock.version, location: `/stock/${sku}` }
  }

export const handler = serveStaff(
  endpoints.adjustStock,
  () => adjustStock({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
  openTable,
)
