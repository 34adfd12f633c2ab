import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/inventory.ts'
import { commitReservation } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateReservation } from '../update-reservation.ts'

/** Goods that left without a reservation are a fault for people to look at: the order stays among those that wait. */
export const handler = provide(
  published.commit,
  { inventory: parts.inventory },
  async function commit({ orderId }, { inventory }) {
    const known = await updateReservation(inventory, orderId, commitReservation)
    if (!known) throw new Error(`goods of ${orderId} have left, but nothing was reserved for it`)
    return {}
  },
)
