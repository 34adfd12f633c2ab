import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { cancelReservation } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateOrPreventReservation } from '../update-reservation.ts'

export const handler = consume(
  consumers.releaseStock,
  { inventory: parts.inventory },
  async function releaseStock({ data: { orderId } }, { inventory }) {
    await updateOrPreventReservation(inventory, orderId, cancelReservation)
  },
)
