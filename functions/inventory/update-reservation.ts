/** Updates a reservation until it rests: the one path on which stock is reserved, released and committed. */
import { count } from '../../shared/runtime/observability.ts'
import { type NewEvent, newEvent } from '../../shared/runtime/outbox.ts'
import { stockCommitted, stockRejected, stockReleased, stockReserved } from '../published/inventory.ts'
import { metrics } from './contract.ts'
import { type Chunk, dueChunk, neverReserved, type Reservation, rejectReservation, shortagesOf } from './domain.ts'
import type { InventoryTable } from './table.ts'

export type Reservations = Pick<InventoryTable, 'getReservation' | 'saveReservation' | 'move' | 'getLevels'>

/** Far more than chunks and lost races can need. */
const maxRounds = 40

/** Lists the events of a reservation that has come to rest. */
const eventsFor = ({ orderId, state, lines, shortages }: Reservation): NewEvent[] => {
  switch (state) {
    case 'reserved':
      return [newEvent(stockReserved, { orderId })]
    case 'rejected':
      return [newEvent(stockRejected, { orderId, shortages: [...shortages] })]
    case 'released':
      return [newEvent(stockReleased, { orderId })]
    case 'committed':
      return [newEvent(stockCommitted, { orderId, lines: [...lines] })]
    default:
      return []
  }
}

/**
 * A line lacked stock at that moment: the refusal is written with what lacks. If there is enough by now, it is tried
 * again instead.
 */
const refuse = async (
  reservations: Reservations,
  reservation: Reservation,
  chunk: Chunk,
): Promise<Reservation | undefined> => {
  const shortages = shortagesOf(chunk.lines, await reservations.getLevels(chunk.lines))
  if (shortages.length === 0) return reservation
  const after = rejectReservation(reservation, shortages)
  const saved = await reservations.saveReservation(after, eventsFor(after))
  if (saved) count(metrics.outOfStock)
  return saved
}

const step = async (
  reservations: Reservations,
  reservation: Reservation,
  chunk: Chunk,
): Promise<Reservation | undefined> => {
  const outcome = await reservations.move(chunk, eventsFor(chunk.after))
  if (outcome === 'raced') return undefined
  if (outcome !== 'short') return outcome
  if (chunk.movement !== 'reserve') throw new Error(`less is reserved than ${reservation.orderId} holds`)
  return refuse(reservations, reservation, chunk)
}

/** @param reservation as it was last read or written; version 0 is one that is not written yet */
export const completeReservation = async (
  reservations: Reservations,
  reservation: Reservation,
): Promise<Reservation> => {
  let current = reservation
  for (let round = 0; round < maxRounds; round += 1) {
    const chunk = dueChunk(current)
    if (!chunk) return current
    const after = (await step(reservations, current, chunk)) ?? (await reservations.getReservation(current.orderId))
    if (!after) throw new Error(`the reservation of ${current.orderId} is gone`)
    current = after
  }
  throw new Error(`the reservation of ${reservation.orderId} does not come to rest`)
}

/**
 * Writes a decision together with the first chunk of what follows from it, which is all of it but for the largest orders.
 * @returns undefined when another change came first: then it must be decided again
 */
const begin = (reservations: Reservations, changed: Reservation): Promise<Reservation | undefined> => {
  const chunk = dueChunk(changed)
  return chunk ? step(reservations, changed, chunk) : reservations.saveReservation(changed, eventsFor(changed))
}

/** Reads the reservation, changes it by a pure rule, and carries it on. @returns it as it rests; undefined when there is none */
export const updateReservation = async (
  reservations: Reservations,
  orderId: string,
  change: (reservation: Reservation) => Reservation | undefined,
): Promise<Reservation | undefined> => {
  for (let round = 0; round < maxRounds; round += 1) {
    const reservation = await reservations.getReservation(orderId)
    if (!reservation) return undefined
    const changed = change(reservation)
    const written = changed ? await begin(reservations, changed) : reservation
    if (!written) continue
    return completeReservation(reservations, written)
  }
  throw new Error(`the reservation of ${orderId} keeps changing`)
}

/**
 * The same for an order that is not to have stock. Where nothing was reserved yet, a released reservation is left behind,
 * so that a call that comes later reserves nothing.
 */
export const updateOrPreventReservation = async (
  reservations: Reservations,
  orderId: string,
  change: (reservation: Reservation) => Reservation | undefined,
): Promise<Reservation> => {
  const known = await updateReservation(reservations, orderId, change)
  const left = known ?? (await reservations.saveReservation(neverReserved(orderId)))
  const reservation = left ?? (await updateReservation(reservations, orderId, change))
  if (!reservation) throw new Error(`the reservation of ${orderId} is gone`)
  return reservation
}
