import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  addedUp,
  cancelled,
  dispatched,
  dueChunk,
  type Line,
  neverReserved,
  newReservation,
  type Reservation,
  rejected,
} from '../../../functions/inventory/domain.ts'

type Stock = Map<string, { onHand: number; reserved: number }>
type Delivery = 'placed' | 'cancelled' | 'dispatched'

const item = (stock: Stock, sku: string) => {
  const found = stock.get(sku)
  if (!found) throw new Error(`no ${sku}`)
  return found
}

/** Does what the table does in one transaction, or nothing. */
const moved = (stock: Stock, movement: 'reserve' | 'release' | 'commit', lines: readonly Line[]): boolean => {
  const enough = lines.every(({ sku, quantity }) => {
    const { onHand, reserved } = item(stock, sku)
    return movement === 'reserve' ? onHand - reserved >= quantity : reserved >= quantity
  })
  if (!enough) return false
  for (const { sku, quantity } of lines) {
    const level = item(stock, sku)
    level.reserved += movement === 'reserve' ? quantity : -quantity
    if (movement === 'commit') level.onHand -= quantity
  }
  return true
}

/** Carries a reservation on; `steps` bounds the work, as a crash would. */
const carried = (stock: Stock, reservation: Reservation, steps: number): Reservation => {
  let current = reservation
  for (let step = 0; step < steps; step += 1) {
    const chunk = dueChunk(current)
    if (!chunk) return current
    current = moved(stock, chunk.movement, chunk.lines) ? chunk.after : rejected(current)
  }
  return current
}

const deliver = (
  stock: Stock,
  held: Reservation | undefined,
  delivery: Delivery,
  lines: Line[],
  steps: number,
): Reservation | undefined => {
  if (delivery === 'placed') return carried(stock, held ?? newReservation('ord', lines), steps)
  if (!held) return delivery === 'cancelled' ? neverReserved('ord') : undefined
  if (delivery === 'dispatched' && !['reserved', 'committing', 'committed'].includes(held.state)) return held
  return carried(stock, (delivery === 'cancelled' ? cancelled(held) : dispatched(held)) ?? held, steps)
}

describe('a reservation', () => {
  test('S1, S2, S3 under any order of deliveries, repeated, with crashes at any step', () => {
    const line = fc.record({
      sku: fc.constantFrom(...Array.from({ length: 130 }, (_, index) => `s${index}`)),
      quantity: fc.integer({ min: 1, max: 3 }),
    })
    const deliveries = fc.array(
      fc.record({
        delivery: fc.constantFrom<Delivery>('placed', 'cancelled', 'dispatched'),
        steps: fc.integer({ min: 0, max: 6 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 130 }),
        deliveries,
        fc.integer({ min: 0, max: 6 }),
        (lines, events, onHand) => {
          const stock: Stock = new Map(lines.map(({ sku }) => [sku, { onHand, reserved: 0 }]))
          let held: Reservation | undefined
          const outcomes: string[] = []
          for (const { delivery, steps } of [...events, { delivery: 'placed' as const, steps: 50 }]) {
            held = deliver(stock, held, delivery, lines, steps)
            if (held && outcomes.at(-1) !== held.state) outcomes.push(held.state)
            for (const level of stock.values())
              assert.ok(level.reserved >= 0 && level.onHand - level.reserved >= 0, 'S1')
          }
          const last = held
          assert.ok(last && !dueChunk(last), 'it comes to rest')
          const live = new Map(
            addedUp(lines).map(({ sku, quantity }) => [sku, last.state === 'reserved' ? quantity : 0]),
          )
          for (const [sku, level] of stock) {
            assert.equal(level.reserved, live.get(sku), 'S2: reserved is the sum of live reservations')
            const sold: number =
              last.state === 'committed' ? (addedUp(lines).find((line) => line.sku === sku)?.quantity ?? 0) : 0
            assert.equal(level.onHand, onHand - sold, 'S2: received = on hand + sold')
          }
          const ends = outcomes.filter((state) => ['rejected', 'released', 'committed'].includes(state))
          assert.ok(new Set(ends).size <= 1, 'S3: one end only')
        },
      ),
      { numRuns: 300 },
    )
  })
})
