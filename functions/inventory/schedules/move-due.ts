import { type Call, call } from '../../../shared/runtime/call.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../shared/runtime/consume.ts'
import { eachOf } from '../../../shared/runtime/each.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { settleExpired } from '../../published/orders.ts'
import { changeAndAdvance, type Reservations } from '../advance.ts'
import { schedules } from '../contract.ts'
import { cancelled, claimed, isPastHolding, type Reservation } from '../domain.ts'
import { type InventoryTable, inventoryTable } from '../table.ts'

/** Reservations of each of the four partitions in one run; the next run comes a minute later. */
const reservationsPerPartition = 25

type Dependencies = {
  inventory: Reservations & Pick<InventoryTable, 'listDue'>
  settleExpired: Call<typeof settleExpired>
  now: Now
}

/**
 * Carries on what is stuck on its way, and asks the orders whose holding time is over: only the order knows whether it
 * was confirmed in time. What it does not need is released, the rest is its own from then on.
 */
export const moveDue =
  ({ inventory, settleExpired, now }: Dependencies) =>
  async (): Promise<void> => {
    const change = changeAndAdvance(inventory)
    const at = isoTime(now())
    const expired: string[] = []
    const isExpired = (reservation: Reservation) => reservation.state === 'reserved' && isPastHolding(reservation, at)
    await eachOf(await inventory.listDue(reservationsPerPartition), async (orderId) => {
      await change(orderId, (reservation) => {
        if (isExpired(reservation)) expired.push(orderId)
        return undefined
      })
    })
    if (expired.length === 0) return
    const { needed } = await settleExpired({ orderIds: expired })
    await eachOf(expired, async (orderId) => {
      const move = needed.includes(orderId) ? claimed : cancelled
      await change(orderId, (reservation) => (isExpired(reservation) ? move(reservation) : undefined))
    })
  }

export const handler = onSchedule(schedules.moveDue, () =>
  moveDue({
    inventory: inventoryTable({ table: openTable(), now, newId }),
    settleExpired: call(settleExpired),
    now,
  }),
)
