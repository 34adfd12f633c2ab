import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  addedUp,
  cancelReservation,
  commitReservation,
  dueChunk,
  type Line,
  neverReserved,
  newReservation,
  type Reservation,
  rejectReservation,
  shortagesOf,
} from '../../../functions/inventory/domain.ts'
import { fc } from '../../support/property.ts'

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
    current = moved(stock, chunk.movement, chunk.lines) ? chunk.after : rejectReservation(current, [])
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
  return carried(stock, (delivery === 'cancelled' ? cancelReservation(held) : commitReservation(held)) ?? held, steps)
}

describe('lines', () => {
  test('mistake 16: of one SKU are added up, in the order in which they came', () => {
    const given = [
      { sku: 'B', quantity: 2 },
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 3 },
    ]
    assert.deepEqual(addedUp(given), [
      { sku: 'B', quantity: 5 },
      { sku: 'A', quantity: 1 },
    ])
  })

  test('for which there is too little are named with what there is; a SKU without a stock item has none', () => {
    const level = (sku: string, available: number) => ({ sku, available, onHand: available, reserved: 0 })
    const lines = ['A', 'B', 'C'].map((sku) => ({ sku, quantity: 2 }))
    assert.deepEqual(shortagesOf(lines, [level('A', 2), level('B', 1)]), [
      { sku: 'B', wanted: 2, available: 1 },
      { sku: 'C', wanted: 2, available: 0 },
    ])
  })
})

describe('chunks', () => {
  const of = (count: number): Line[] => Array.from({ length: count }, (_, index) => ({ sku: `s${index}`, quantity: 1 }))
  /** How many lines each step moves until the reservation rests, and how it rests then. */
  const stepsOf = (reservation: Reservation): [number[], Reservation] => {
    const sizes: number[] = []
    let current = reservation
    for (let chunk = dueChunk(current); chunk; chunk = dueChunk(current)) {
      sizes.push(chunk.lines.length)
      current = chunk.after
    }
    return [sizes, current]
  }

  for (const [count, reserving, committing] of [
    [1, [1], [1]],
    [49, [49], [49]],
    [50, [50], [49, 1]],
    [99, [99], [49, 49, 1]],
    [100, [99, 1], [49, 49, 2]],
  ] as const)
    test(`of ${count} lines fit into a transaction of 100 items each, and cover every line once`, () => {
      const [reserved, held] = stepsOf(newReservation('ord', of(count)))
      assert.deepEqual(
        { reserved, state: held.state, held: held.held },
        { reserved: reserving, state: 'reserved', held: count },
      )
      const [committed, sold] = stepsOf(commitReservation(held) ?? held)
      assert.deepEqual(
        { committed, state: sold.state, held: sold.held },
        { committed: committing, state: 'committed', held: 0 },
      )
      const [released, free] = stepsOf(cancelReservation(held) ?? held)
      assert.deepEqual(
        { released: released.toSorted(), state: free.state, held: free.held },
        { released: [...reserving].toSorted(), state: 'released', held: 0 },
      )
    })
})

describe('a reservation', () => {
  const lines = [{ sku: 'A', quantity: 1 }]
  const inState = (state: Reservation['state'], held: number): Reservation => ({
    ...newReservation('ord', lines),
    state,
    held,
  })

  for (const [state, held, afterCancelled, afterDispatched] of [
    ['reserving', 0, 'released', 'refused'],
    ['reserving', 1, 'releasing', 'refused'],
    ['reserved', 1, 'releasing', 'committing'],
    ['rejecting', 1, undefined, 'refused'],
    ['rejected', 0, undefined, 'refused'],
    ['releasing', 1, undefined, 'refused'],
    ['released', 0, undefined, 'refused'],
    ['committing', 1, undefined, undefined],
    ['committed', 0, undefined, undefined],
  ] as const)
    test(`${state} with ${held} held: cancelled -> ${afterCancelled ?? 'stays'}, dispatched -> ${afterDispatched ?? 'stays'}`, () => {
      const reservation = inState(state, held)
      assert.equal(cancelReservation(reservation)?.state, afterCancelled)
      if (afterDispatched === 'refused') assert.throws(() => commitReservation(reservation), /goods of ord have left/)
      else assert.equal(commitReservation(reservation)?.state, afterDispatched)
    })

  test('that is refused keeps what lacked until all is given back', () => {
    const shortages = [{ sku: 'Z', wanted: 2, available: 1 }]
    const refused = rejectReservation(inState('reserving', 1), shortages)
    assert.deepEqual({ state: refused.state, shortages: refused.shortages }, { state: 'rejecting', shortages })
    assert.deepEqual(
      { state: dueChunk(refused)?.after.state, shortages: dueChunk(refused)?.after.shortages },
      { state: 'rejected', shortages },
    )
    assert.equal(rejectReservation(inState('reserving', 0), shortages).state, 'rejected')
  })

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
        (ordered, events, onHand) => {
          const stock: Stock = new Map(ordered.map(({ sku }) => [sku, { onHand, reserved: 0 }]))
          let held: Reservation | undefined
          const outcomes: string[] = []
          for (const { delivery, steps } of [...events, { delivery: 'placed' as const, steps: 50 }]) {
            held = deliver(stock, held, delivery, ordered, steps)
            if (held && outcomes.at(-1) !== held.state) outcomes.push(held.state)
            for (const level of stock.values())
              assert.ok(level.reserved >= 0 && level.onHand - level.reserved >= 0, 'S1')
          }
          const last = held
          assert.ok(last && !dueChunk(last), 'it comes to rest')
          const live = new Map(
            addedUp(ordered).map(({ sku, quantity }) => [sku, last.state === 'reserved' ? quantity : 0]),
          )
          for (const [sku, level] of stock) {
            assert.equal(level.reserved, live.get(sku), 'S2: reserved is the sum of live reservations')
            const sold: number =
              last.state === 'committed' ? (addedUp(ordered).find((one) => one.sku === sku)?.quantity ?? 0) : 0
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
