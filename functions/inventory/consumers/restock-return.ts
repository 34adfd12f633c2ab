import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { returnChunks } from '../domain.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'

/** Tries every chunk as if it were new: those that are booked in already are refused by their marks. */
export const restockReturn =
  ({ inventory }: { inventory: Pick<InventoryTable, 'restock'> }): Consume<typeof consumers.restockReturn> =>
  async ({ data: { orderId, returnId, lines } }) => {
    for (const [chunk, part] of returnChunks(lines).entries()) {
      const outcome = await inventory.restock({ orderId, returnId, chunk }, part)
      if (outcome === 'unknown') throw new Error(`goods of ${orderId} came back that the house keeps no stock of`)
    }
  }

export const handler = consume(consumers.restockReturn, () =>
  restockReturn({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
