import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { advance, type Reservations } from '../advance.ts'
import { consumers } from '../contract.ts'
import { newReservation } from '../domain.ts'
import { inventoryTable } from '../table.ts'

/** Tries as if the order were new; where it is not, the write is refused and the reservation that is there goes on. */
export const reserveStock =
  ({ inventory }: { inventory: Reservations }): Consume<typeof consumers.reserveStock> =>
  ({ data: { orderId, lines } }) =>
    advance(inventory)(newReservation(orderId, lines))

export const handler = consume(consumers.reserveStock, () =>
  reserveStock({ inventory: inventoryTable({ table: openTable(), now, newId }) }),
)
