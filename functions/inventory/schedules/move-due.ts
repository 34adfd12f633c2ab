import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { forEachId } from '../../../shared/runtime/for-each-id.ts'
import { schedules } from '../contract.ts'
import { cancelReservation, claimReservation, isHoldExpired, type Reservation } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateReservation } from '../update-reservation.ts'

/** Reservations of each of the four partitions in one run; the next run comes a minute later. */
const reservationsPerPartition = 25

/**
 * Carries on what is stuck on its way, and asks the orders whose holding time is over: only the order knows whether it
 * was confirmed in time. What it does not need is released, the rest is its own from then on.
 */
export const handler = onSchedule(
  schedules.moveDue,
  { inventory: parts.inventory, settleExpired: parts.settleExpired },
  async function moveDue({ inventory, settleExpired }) {
    const at = isoTime(now())
    const expired: string[] = []
    const isExpired = (reservation: Reservation) => reservation.state === 'reserved' && isHoldExpired(reservation, at)
    await forEachId(await inventory.listDue(reservationsPerPartition), async (orderId) => {
      await updateReservation(inventory, orderId, (reservation) => {
        if (isExpired(reservation)) expired.push(orderId)
        return undefined
      })
    })
    if (expired.length === 0) return
    const { needed } = await settleExpired({ orderIds: expired })
    await forEachId(expired, async (orderId) => {
      const move = needed.includes(orderId) ? claimReservation : cancelReservation
      await updateReservation(inventory, orderId, (reservation) =>
        isExpired(reservation) ? move(reservation) : undefined,
      )
    })
  },
)
