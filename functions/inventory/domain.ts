/**
 * The reservation of one order: all lines or none, one outcome for ever, released or committed once. Pure.
 *
 * A transaction changes at most 100 items, an order may name 100 variants: so the work goes in chunks, and the
 * reservation keeps how far it has come. Almost every order is one chunk.
 */
import { slicesOf } from '../../shared/domain/slices.ts'
import { chunkSizes } from './chunk-sizes.ts'

export type Line = { sku: string; quantity: number }

export const states = [
  'reserving',
  'reserved',
  'rejecting',
  'rejected',
  'releasing',
  'released',
  'committing',
  'committed',
] as const
export type State = (typeof states)[number]

export type Reservation = {
  orderId: string
  state: State
  /** Each SKU once. */
  lines: readonly Line[]
  /** The first so many lines are reserved at this moment. */
  held: number
  /**
   * Until when it is held without a question: RFC 3339. After that the order is asked whether it still needs its stock.
   * Absent once it does for certain, and in reservations of older orders.
   */
  heldUntil?: string | undefined
  /** What lacked, once it is refused: published when the last of what was held is given back. */
  shortages: readonly Shortage[]
  version: number
  sequence: number
}

export type StockLevel = { sku: string; onHand: number; reserved: number; available: number }

export type Shortage = { sku: string; wanted: number; available: number }

/** What the stock items of a chunk go through. */
export type Movement = 'reserve' | 'release' | 'commit'

/** A chunk of work and the reservation after it. */
export type Chunk = { movement: Movement; lines: readonly Line[]; after: Reservation }

/** The lines of a return in the chunks in which they are booked in: the same at each delivery of the event. */
export const returnChunks = (lines: readonly Line[]): Line[][] => slicesOf(addedUp(lines), chunkSizes.return)

/** Lines that share a SKU are one: checked apart, they could oversell together. */
export const addedUp = (lines: readonly Line[]): Line[] => {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }))
}

export const newReservation = (orderId: string, lines: readonly Line[], heldUntil?: string): Reservation => ({
  orderId,
  state: 'reserving',
  lines: addedUp(lines),
  held: 0,
  heldUntil,
  shortages: [],
  version: 0,
  sequence: 0,
})

/** Stands for an order whose cancellation was delivered before it: nothing will ever be reserved for it. */
export const neverReserved = (orderId: string): Reservation => ({ ...newReservation(orderId, []), state: 'released' })

const rest: Partial<Record<State, State>> = { rejecting: 'rejected', releasing: 'released', committing: 'committed' }

/** @returns the next chunk of work, or undefined when the reservation rests */
export const dueChunk = (reservation: Reservation): Chunk | undefined => {
  const { state, lines, held } = reservation
  if (state === 'reserving') {
    const chunk = lines.slice(held, held + chunkSizes.reserve)
    const reached = held + chunk.length
    const after = { ...reservation, held: reached, state: reached === lines.length ? ('reserved' as const) : state }
    return { movement: 'reserve', lines: chunk, after }
  }
  const end = rest[state]
  if (!end) return undefined
  const movement = state === 'committing' ? 'commit' : 'release'
  const from = Math.max(0, held - chunkSizes[movement])
  const after = { ...reservation, held: from, state: from === 0 ? end : state }
  return { movement, lines: lines.slice(from, held), after }
}

/** Some line lacks stock: gives back what is held so far, if anything. */
export const rejectReservation = (reservation: Reservation, shortages: readonly Shortage[]): Reservation => ({
  ...reservation,
  shortages,
  state: reservation.held === 0 ? 'rejected' : 'rejecting',
})

/** The order was cancelled. @returns undefined when there is nothing to give back, or it is being given back already */
export const cancelReservation = (reservation: Reservation): Reservation | undefined => {
  if (reservation.state === 'reserving' && reservation.held === 0) return { ...reservation, state: 'released' }
  if (reservation.state === 'reserving' || reservation.state === 'reserved')
    return { ...reservation, state: 'releasing' }
  return undefined
}

/** Not reserved in time. @returns undefined when it was reserved after all, or has ended: that stays */
export const expireReservation = (reservation: Reservation): Reservation | undefined =>
  reservation.state === 'reserving' ? cancelReservation(reservation) : undefined

/** Whether the time it is held for without a question is over. @param at RFC 3339, UTC */
export const isHoldExpired = ({ heldUntil }: Pick<Reservation, 'heldUntil'>, at: string): boolean =>
  heldUntil !== undefined && heldUntil <= at

/** The order was asked and needs its stock: from now on only the order's own end releases or commits it. */
export const claimReservation = (reservation: Reservation): Reservation | undefined =>
  reservation.heldUntil === undefined ? undefined : { ...reservation, heldUntil: undefined }

/** The goods have left. @returns undefined when they are booked out, or being booked out, already */
export const commitReservation = (reservation: Reservation): Reservation | undefined => {
  if (reservation.state === 'committing' || reservation.state === 'committed') return undefined
  if (reservation.state !== 'reserved')
    throw new Error(`goods of ${reservation.orderId} have left, but its reservation is ${reservation.state}`)
  return { ...reservation, state: 'committing' }
}

/** The lines for which there is too little. A SKU without a stock item has none. */
export const shortagesOf = (lines: readonly Line[], levels: readonly StockLevel[]): Shortage[] =>
  lines.flatMap(({ sku, quantity }) => {
    const available = levels.find((level) => level.sku === sku)?.available ?? 0
    return available < quantity ? [{ sku, wanted: quantity, available }] : []
  })

/** What whoever asked for the stock is to know. */
export const outcomeOf = ({ state }: Reservation): 'reserved' | 'rejected' | 'released' => {
  switch (state) {
    case 'rejecting':
    case 'rejected':
      return 'rejected'
    case 'releasing':
    case 'released':
      return 'released'
    case 'reserving':
    case 'reserved':
    case 'committing':
    case 'committed':
      return 'reserved'
  }
}
