import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { commitReservation } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateReservation } from '../update-reservation.ts'

/** Goods that left without a reservation are a fault for people to look at: the message ends as a dead letter. */
export const handler = consume(
  consumers.commitStock,
  { inventory: parts.inventory },
  async function commitStock({ data: { orderId } }, { inventory }) {
    const known = await updateReservation(inventory, orderId, commitReservation)
    if (!known) throw new Error(`goods of ${orderId} have left, but nothing was reserved for it`)
  },
)
