import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeAndAdvance, type Reservations } from '../advance.ts'
import { consumers } from '../contract.ts'
import { dispatched } from '../domain.ts'
import { inventoryTable } from '../table.ts'

/** Goods that left without a reservation are a fault for people to look at: the message ends as a dead letter. */
export const commitStock =
  ({ inventory }: { inventory: Reservations }): Consume<typeof consumers.commitStock> =>
  async ({ data: { orderId } }) => {
    const known = await changeAndAdvance(inventory)(orderId, dispatched)
    if (!known) throw new Error(`goods of ${orderId} have left, but nothing was reserved for it`)
  }

export const handler = consume(consumers.commitStock, () =>
  commitStock({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
