import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { advance, changeOrLeave } from '../advance.ts'
import { consumers } from '../contract.ts'
import { isPastHolding, newReservation, tooLate } from '../domain.ts'
import * as parts from '../parts.ts'

/**
 * Tries as if the order were new; where it is not, the write is refused and the reservation that is there goes on. An
 * order that is heard of when its time is up gets nothing: a released reservation is its outcome.
 */
export const handler = consume(
  consumers.reserveStock,
  { inventory: parts.inventory },
  async function reserveStock({ data: { orderId, lines, expiresAt } }, { inventory }) {
    const wanted = newReservation(orderId, lines, expiresAt)
    if (isPastHolding(wanted, isoTime(now()))) await changeOrLeave(inventory, orderId, tooLate)
    else await advance(inventory, wanted)
  },
)
