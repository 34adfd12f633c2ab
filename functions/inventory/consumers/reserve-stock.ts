import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { advance, changeOrLeave, type Reservations } from '../advance.ts'
import { consumers } from '../contract.ts'
import { isPastHolding, newReservation, tooLate } from '../domain.ts'
import { inventoryTable } from '../table.ts'

/**
 * Tries as if the order were new; where it is not, the write is refused and the reservation that is there goes on. An
 * order that is heard of when its time is up gets nothing: a released reservation is its outcome.
 */
export const reserveStock =
  ({ inventory, now }: { inventory: Reservations; now: Now }): Consume<typeof consumers.reserveStock> =>
  async ({ data: { orderId, lines, expiresAt } }) => {
    const wanted = newReservation(orderId, lines, expiresAt)
    if (isPastHolding(wanted, isoTime(now()))) await changeOrLeave(inventory)(orderId, tooLate)
    else await advance(inventory)(wanted)
  }

export const handler = consume(consumers.reserveStock, () =>
  reserveStock({ inventory: inventoryTable({ table: openTable(), now, newId }), now }),
)
