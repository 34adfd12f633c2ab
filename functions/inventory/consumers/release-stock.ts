import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeAndAdvance, type Reservations } from '../advance.ts'
import { consumers } from '../contract.ts'
import { cancelled, neverReserved } from '../domain.ts'
import { inventoryTable } from '../table.ts'

/** Where nothing was reserved yet, a released reservation is left behind, so that a late order.placed reserves nothing. */
export const releaseStock = ({ inventory }: { inventory: Reservations }): Consume<typeof consumers.releaseStock> => {
  const change = changeAndAdvance(inventory)
  return async ({ data: { orderId } }) => {
    if (await change(orderId, cancelled)) return
    const left = await inventory.saveReservation(neverReserved(orderId))
    if (!left) await change(orderId, cancelled)
  }
}

export const handler = consume(consumers.releaseStock, () =>
  releaseStock({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
