import { provide } from '../../../shared/runtime/call.ts'
import { isoTime, now } from '../../../shared/runtime/clock.ts'
import * as published from '../../published/inventory.ts'
import { expireReservation, isHoldExpired, newReservation, outcomeOf, type Reservation } from '../domain.ts'
import * as parts from '../parts.ts'
import type { InventoryTable } from '../table.ts'
import { completeReservation, updateOrPreventReservation } from '../update-reservation.ts'

/** An order that asks when its time is up gets nothing: a released reservation is its outcome. */
const reserveUnlessLate = async (inventory: InventoryTable, wanted: Reservation): Promise<Reservation> =>
  isHoldExpired(wanted, isoTime(now()))
    ? updateOrPreventReservation(inventory, wanted.orderId, expireReservation)
    : completeReservation(inventory, wanted)

/** Tries as if the order were new; where it is not, the write is refused and the reservation that is there goes on. */
export const handler = provide(
  published.reserve,
  { inventory: parts.inventory },
  async function reserve({ orderId, lines, expiresAt }, { inventory }) {
    const reservation = await reserveUnlessLate(inventory, newReservation(orderId, lines, expiresAt))
    return { state: outcomeOf(reservation), shortages: [...reservation.shortages] }
  },
)
