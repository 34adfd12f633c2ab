import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { expireReservation, isHoldExpired, newReservation } from '../domain.ts'
import * as parts from '../parts.ts'
import { completeReservation, updateOrPreventReservation } from '../update-reservation.ts'

/**
 * Tries as if the order were new; where it is not, the write is refused and the reservation that is there goes on. An
 * order that is delivered when its time is up gets nothing: a released reservation is its outcome.
 */
export const handler = consume(
  consumers.reserveStock,
  { inventory: parts.inventory },
  async function reserveStock({ data: { orderId, lines, expiresAt } }, { inventory }) {
    const wanted = newReservation(orderId, lines, expiresAt)
    if (isHoldExpired(wanted, isoTime(now()))) await updateOrPreventReservation(inventory, orderId, expireReservation)
    else await completeReservation(inventory, wanted)
  },
)
