/**
 * The reservation's consumers under every interleaving: their steps at the table are put in any order, any of them may
 * fail before it acts or lose its answer after it acted, and deliveries come in any order and more than once. The table
 * is a model of the four operations that they use; that the real one keeps these conditions, inventory.test.ts shows.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { handler as releaseStock } from '../../../functions/inventory/consumers/release-stock.ts'
import { type Chunk, dueChunk, type Line, type Reservation } from '../../../functions/inventory/domain.ts'
import { handler as commit } from '../../../functions/inventory/procedures/commit.ts'
import { handler as reserve } from '../../../functions/inventory/procedures/reserve.ts'
import type { Reservations } from '../../../functions/inventory/update-reservation.ts'
import type { NewEvent } from '../../../shared/runtime/outbox.ts'
import { invoke } from '../../support/instance.ts'
import { fc } from '../../support/property.ts'
import { onBus } from '../../support/service.ts'
import { cancelled, dispatched, placed } from './events.ts'

type Level = { onHand: number; reserved: number }
type Delivery = { kind: 'placed' | 'cancelled' | 'dispatched'; order: number }
type Fault = 'none' | 'before' | 'after'

const transactionItems = 100

/** Stock and reservations in memory. `gate` decides when an operation acts, and whether it fails. */
const modelOf = (received: ReadonlyMap<string, number>, gate: <T>(act: () => T) => Promise<T>) => {
  const stock = new Map([...received].map(([sku, onHand]): [string, Level] => [sku, { onHand, reserved: 0 }]))
  const reservations = new Map<string, Reservation>()
  const told = new Map<string, NewEvent[]>()

  /** S1 and S2, which hold after every single write. */
  const check = () => {
    const [held, sold] = [new Map<string, number>(), new Map<string, number>()]
    for (const { lines, held: count, state } of reservations.values())
      for (const [index, { sku, quantity }] of lines.entries()) {
        if (index < count) held.set(sku, (held.get(sku) ?? 0) + quantity)
        else if (state.startsWith('committ')) sold.set(sku, (sold.get(sku) ?? 0) + quantity)
      }
    for (const [sku, { onHand, reserved }] of stock) {
      assert.ok(
        onHand >= 0 && reserved >= 0 && onHand - reserved >= 0,
        `S1: ${sku} has ${onHand}, reserved ${reserved}`,
      )
      assert.equal(reserved, held.get(sku) ?? 0, `S2: reserved of ${sku} is the sum of what reservations hold`)
      assert.equal(received.get(sku), onHand + (sold.get(sku) ?? 0), `S2: received of ${sku} = on hand + sold`)
    }
  }
  const put = (after: Reservation, facts: readonly NewEvent[]): Reservation => {
    const written = { ...after, version: after.version + 1, sequence: after.sequence + facts.length }
    reservations.set(after.orderId, written)
    told.set(after.orderId, [...(told.get(after.orderId) ?? []), ...facts])
    check()
    return written
  }
  const isCurrent = ({ orderId, version }: Reservation) => (reservations.get(orderId)?.version ?? 0) === version
  const hasEnough = ({ movement, lines }: Chunk) =>
    lines.every(({ sku, quantity }) => {
      const level = stock.get(sku)
      if (!level) return false
      return movement === 'reserve' ? level.onHand - level.reserved >= quantity : level.reserved >= quantity
    })
  const shift = ({ movement, lines }: Chunk) => {
    assert.ok(1 + lines.length * (movement === 'commit' ? 2 : 1) <= transactionItems, 'fits into a transaction')
    for (const { sku, quantity } of lines) {
      const level = stock.get(sku)
      assert.ok(level)
      level.reserved += movement === 'reserve' ? quantity : -quantity
      if (movement === 'commit') level.onHand -= quantity
    }
  }
  const inventory: Reservations = {
    getReservation: (orderId) => gate(() => reservations.get(orderId)),
    getLevels: (lines) =>
      gate(() =>
        lines.flatMap(({ sku }) => {
          const level = stock.get(sku)
          return level ? [{ sku, ...level, available: level.onHand - level.reserved }] : []
        }),
      ),
    saveReservation: (reservation, facts = []) =>
      gate(() => (isCurrent(reservation) ? put(reservation, facts) : undefined)),
    move: (chunk, facts) =>
      gate(() => {
        if (!isCurrent(chunk.after)) return 'raced'
        if (!hasEnough(chunk)) return 'short'
        shift(chunk)
        return put(chunk.after, facts)
      }),
  }
  return { inventory, stock, reservations, told }
}

const orderIdOf = (order: number) => `ord_${String(order).padStart(26, '0')}`

/** @returns whether the delivery was acknowledged, or the call answered */
const delivererOf = (inventory: Reservations, orders: readonly Line[][]) => {
  const parts = { inventory: () => inventory }
  const functions = {
    placed: reserve.coldStart(parts),
    cancelled: releaseStock.coldStart(parts),
    dispatched: commit.coldStart(parts),
  }
  return async ({ kind, order }: Delivery): Promise<boolean> => {
    const orderId = orderIdOf(order)
    const inputs = { placed: placed(orderId, orders[order] ?? []), dispatched: dispatched(orderId) }
    const event = kind === 'cancelled' ? onBus(cancelled(orderId)) : { input: inputs[kind] }
    return invoke(functions[kind], event).then(
      () => true,
      () => false,
    )
  }
}

/** S3, from what was told of one order: one outcome, then at most one end, each once, and refusals say what lacked. */
const checkOutcomes = (facts: readonly NewEvent[]) => {
  const types = facts.map(({ type }) => type)
  const first = types[0] ?? 'nothing'
  assert.equal(new Set(types).size, types.length, `S3: each is told once, not ${types}`)
  if (first === 'stock.reserved') assert.ok(types.length <= 2, `S3: released or committed, never both: ${types}`)
  else assert.ok(types.length <= 1 && first !== 'stock.committed', `S3: nothing follows ${types}`)
  for (const { type, data } of facts)
    if (type === 'stock.rejected')
      assert.ok(Array.isArray(data.shortages) && data.shortages.length > 0, 'says what lacked')
    else if (type === 'stock.committed')
      assert.ok(Array.isArray(data.lines) && data.lines.length > 0, 'says what has left')
}

const skus = Array.from({ length: 110 }, (_, index) => `s${index}`)
const units = fc.integer({ min: 1, max: 3 })
/** A few lines that others want too and that may share a SKU, or so many that they take several transactions. */
const orderLines: fc.Arbitrary<Line[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.record({ sku: fc.constantFrom(...skus.slice(-3), 'unknown'), quantity: units }), {
      minLength: 1,
      maxLength: 4,
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 99, max: 100 }), units)
      .map(([count, quantity]) => skus.slice(-count).map((sku) => ({ sku, quantity }))),
  },
)
const runs = fc.record({
  orders: fc.array(orderLines, { minLength: 1, maxLength: 3 }),
  deliveries: fc.array(
    fc.record({
      kind: fc.constantFrom<Delivery['kind']>('placed', 'placed', 'cancelled', 'dispatched'),
      order: fc.nat(2),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  /** Waves of deliveries: those of one go side by side. */
  wave: fc.integer({ min: 1, max: 5 }),
  /** Of the last SKUs there may be too little: they are reserved in the last chunk. */
  lastOnHand: fc.integer({ min: 0, max: 7 }),
  faults: fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'none', 'before', 'after'), { maxLength: 40 }),
})

describe('reservations', () => {
  test('mistakes 5, 11, 16: S1, S2, S3 under any interleaving of placed, cancelled and dispatched, with crashes', async () => {
    const reached = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), runs, async (scheduler, { orders, deliveries, wave, lastOnHand, faults }) => {
        const left = [...faults]
        let calm = false
        /** What the model found wrong: a consumer would take it for one more failure. */
        const broken: unknown[] = []
        const checked = <T>(act: () => T): T => {
          try {
            return act()
          } catch (error) {
            broken.push(error)
            throw error
          }
        }
        const gate = async <T>(act: () => T): Promise<T> => {
          if (calm) return checked(act)
          await scheduler.schedule(Promise.resolve())
          const fault = left.shift() ?? 'none'
          if (fault === 'before') throw new Error('ended before the call')
          const outcome = checked(act)
          if (fault === 'after') throw new Error('the answer was lost')
          return outcome
        }
        const received = new Map(skus.map((sku, index) => [sku, index < skus.length - 3 ? 9 : lastOnHand]))
        const { inventory, reservations, told } = modelOf(received, gate)
        const deliver = delivererOf(inventory, orders)
        const known = deliveries.filter(({ order }) => order < orders.length)
        const acknowledged: Delivery[] = []
        const failed: Delivery[] = []
        const noted = async (delivery: Delivery) => {
          const list = (await deliver(delivery)) ? acknowledged : failed
          list.push(delivery)
        }
        for (let from = 0; from < known.length; from += wave)
          await scheduler.waitFor(Promise.all(known.slice(from, from + wave).map(noted)))
        assert.deepEqual(broken, [])
        // What was acknowledged never comes again; what failed does, and each order is heard of at last.
        calm = true
        for (const delivery of failed.splice(0)) await noted(delivery)
        for (const order of orders.keys())
          if (!acknowledged.some((one) => one.kind === 'placed' && one.order === order))
            await noted({ kind: 'placed', order })
        assert.deepEqual(broken, [])
        for (const order of orders.keys()) {
          const heard = (kind: Delivery['kind']) => acknowledged.some((one) => one.kind === kind && one.order === order)
          const end = reservations.get(orderIdOf(order))
          assert.ok(end && dueChunk(end) === undefined, 'comes to rest')
          assert.equal(
            end.held,
            end.state === 'reserved' ? end.lines.length : 0,
            `S2: ${end.state} holds all or nothing`,
          )
          if (heard('cancelled')) assert.notEqual(end.state, 'reserved', 'a cancelled order keeps nothing')
          if (heard('dispatched')) assert.equal(end.state, 'committed', 'what has left is booked out')
          checkOutcomes(told.get(orderIdOf(order)) ?? [])
          const size = end.lines.length > 98 ? 'large' : 'small'
          reached.set(`${size} ${end.state}`, (reached.get(`${size} ${end.state}`) ?? 0) + 1)
        }
      }),
      { numRuns: 400 },
    )
    for (const size of ['small', 'large'])
      for (const state of ['reserved', 'rejected', 'released', 'committed'])
        assert.ok(reached.has(`${size} ${state}`), `no ${size} order was ever ${state}`)
  })
})
