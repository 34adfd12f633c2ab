import { notFound, problem } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { levelsOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.adjustStock,
  { table: parts.table, inventory: parts.inventory },
  async function adjustStock(
    { params: { sku }, body: { quantity, reason }, caller, idempotencyKey, replayOf },
    { inventory },
  ) {
    const booking = { sku, kind: 'adjustment' as const, quantity, reason, by: caller.id }
    const outcome = replayOf ? 'booked' : await inventory.book(booking, idempotencyKey)
    if (outcome === 'short') return problem('NOT_ENOUGH_STOCK', 'That would leave less than is reserved.')
    const stock = outcome === 'booked' ? await inventory.getStock(sku) : undefined
    if (!stock) return notFound('stock item')
    return { body: levelsOf(stock), version: stock.version, location: `/stock/${sku}` }
  },
)
