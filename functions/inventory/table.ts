/**
 * | item | pk | sk |
 * |---|---|---|
 * | a stock item | `stock#<sku>` | `stock` |
 * | what changed its stock on hand | `stock#<sku>` | `movement#<at>#<id>` |
 * | an order's reservation | `reservation#<orderId>` | `reservation` |
 * | gsi1, keys only: reservations that time must move on; others are not in it | `due#<0..3>` | `<dueAt>#<orderId>` |
 * | a chunk of a return that is booked in | `reservation#<orderId>` | `return#<returnId>#<chunk>` |
 *
 * Stock items change in place, under conditions, and are never read to be written: so a variant that everybody buys at
 * once costs each buyer one write. `available` = `onHand` - `reserved` is kept by the same updates. They publish an event,
 * and grow their sequence, when `available` changes; what a commit takes away is published by its reservation.
 */
import * as z from 'zod/mini'
import { isoTime, newId, now } from '../../shared/runtime/clock.ts'
import { dueKeys, listDue } from '../../shared/runtime/due-index.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { eventFromItem, type NewEvent, nextVersion, nextVersionInPlace } from '../../shared/runtime/outbox.ts'
import {
  type Change,
  type Expression,
  type Item,
  isThere,
  notThere,
  type Table,
  versionIs,
} from '../../shared/runtime/table.ts'
import { stockLevelChanged } from '../published/inventory.ts'
import { Movement as MovementSchema } from './contract.ts'
import { type Chunk, type Line, type Movement, type Reservation, type StockLevel, states } from './domain.ts'

const StoredStock = z.object({
  sku: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  version: z.int(),
})
const StoredMovement = z.object(MovementSchema.shape)
const StoredReservation = z.object({
  orderId: z.string(),
  state: z.enum(states),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
  held: z.int(),
  heldUntil: z.optional(z.string()),
  shortages: z._default(z.array(z.object({ sku: z.string(), wanted: z.int(), available: z.int() })), []),
  version: z.int(),
  sequence: z.int(),
})

export type StoredStock = z.infer<typeof StoredStock>

const stockKeyOf = (sku: string) => ({ pk: `stock#${sku}`, sk: 'stock' })
/** Reservations on the way are looked after when nothing carried them on for so long. Milliseconds. */
const stuckAfterMs = 5 * 60_000
/** Clocks differ: an expired reservation is asked for only when every clock says that it is. Milliseconds. */
const graceMs = 60_000

/** When time must move a reservation on: RFC 3339. Undefined for one that rests. */
const dueAtOf = ({ state, heldUntil }: Reservation, nowMs: number): string | undefined => {
  if (state === 'reserved') return heldUntil
  return state === 'rejected' || state === 'released' || state === 'committed'
    ? undefined
    : isoTime(nowMs + stuckAfterMs)
}

const reservationKeyOf = (orderId: string) => ({ pk: `reservation#${orderId}`, sk: 'reservation' })

/** What each movement does to a stock item, and what must hold for it. */
const effects: Record<Movement, { set: string; when: Expression }> = {
  reserve: {
    set: '#reserved = #reserved + :units, #available = #available - :units',
    when: { expression: '#available >= :units' },
  },
  release: {
    set: '#reserved = #reserved - :units, #available = #available + :units',
    when: { expression: '#reserved >= :units' },
  },
  commit: {
    set: '#reserved = #reserved - :units, #onHand = #onHand - :units',
    when: { expression: '#reserved >= :units' },
  },
}

/** What comes in, or with negative units goes out, can be bought, or no longer. */
const intoTheHouse = '#onHand = #onHand + :units, #available = #available + :units'

/** A change of the stock on hand by staff. `quantity`: signed units; `by`: who of them. */
export type Booking = { sku: string; kind: 'receipt' | 'adjustment'; quantity: number; reason?: string; by: string }

export const inventoryTable = (table: Table) => {
  const levelChanged = (sku: string) => [
    eventFromItem(stockLevelChanged, { sku }, ['onHand', 'reserved', 'available'] as const),
  ]
  const updateOf = <const Label extends string>(
    sku: string,
    set: string,
    units: number,
    condition: { when: Expression; else: Label },
    newEvents: readonly NewEvent<keyof StoredStock>[] = levelChanged(sku),
  ): Change<Label> => {
    const next = nextVersionInPlace(sku, newEvents)
    return {
      update: stockKeyOf(sku),
      set: { expression: `SET ${set}, ${next.clauses}`, values: { ...next.values, ':units': units } },
      ...condition,
    }
  }
  const historyOf = (
    sku: string,
    entry: Omit<z.input<typeof MovementSchema>, 'id' | 'at'>,
    id = newId('mov'),
    at = isoTime(now()),
  ): Change<'noted'> => {
    return { put: { pk: `stock#${sku}`, sk: `movement#${at}#${id}`, id, at, ...entry }, when: notThere, else: 'noted' }
  }
  const changesOf = ({ movement, lines, after }: Chunk): Change<'short' | 'noted'>[] =>
    lines.flatMap(({ sku, quantity }) => [
      updateOf(
        sku,
        effects[movement].set,
        quantity,
        { when: effects[movement].when, else: 'short' },
        movement === 'commit' ? [] : levelChanged(sku),
      ),
      ...(movement === 'commit' ? [historyOf(sku, { kind: 'sale', quantity: -quantity, orderId: after.orderId })] : []),
    ])
  const putOf = (reservation: Reservation, newEvents: readonly NewEvent[]): Change<'raced'> => ({
    put: {
      ...reservationKeyOf(reservation.orderId),
      ...reservation,
      ...dueKeys('gsi1', 'due', reservation.orderId, dueAtOf(reservation, now())),
      ...nextVersion(reservation.orderId, reservation, newEvents),
    },
    when: reservation.version === 0 ? notThere : versionIs(reservation.version),
    else: 'raced',
  })

  return {
    async getStock(sku: string): Promise<StoredStock | undefined> {
      const item = await table.get(stockKeyOf(sku))
      return item && StoredStock.parse(item)
    },

    async getLevels(lines: readonly Line[]): Promise<StockLevel[]> {
      const items = await table.batchGet(lines.map(({ sku }) => stockKeyOf(sku)))
      return items.map((item) => StoredStock.parse(item))
    },

    /** Makes a stock item with nothing on hand; one that is there stays as it is. */
    async openStockItem(sku: string): Promise<void> {
      const next = nextVersion(sku, { version: 0, sequence: 0 }, levelChanged(sku))
      await table.write([
        {
          put: { ...stockKeyOf(sku), sku, onHand: 0, reserved: 0, available: 0, ...next },
          when: notThere,
          else: 'there',
        },
      ])
    },

    /** Publishes the levels of a stock item again, as they are, for services that have not received them. */
    async publishLevels(sku: string): Promise<void> {
      await table.write([updateOf(sku, intoTheHouse, 0, { when: isThere, else: 'unknown' })])
    },

    /**
     * Sets what can be bought of a SKU to what was counted, if it is still what was `seen`; with a history entry of a fixed
     * name, by which a count happens once.
     * @returns `done` when this count has had its effect, `raced` when the stock has moved meanwhile
     */
    async count(
      { sku, quantity, seen }: { sku: string; quantity: number; seen: number },
      { id, at, reason }: { id: string; at: string; reason: string },
    ): Promise<'counted' | 'done' | 'raced'> {
      const change = quantity - seen
      const isAsSeen = { expression: '#available = :seen', values: { ':seen': seen } }
      const written = await table.write([
        historyOf(sku, { kind: 'adjustment', quantity: change, reason }, id, at),
        updateOf(sku, intoTheHouse, change, { when: isAsSeen, else: 'raced' }),
      ])
      if (written.ok) return 'counted'
      return written.failed === 'noted' ? 'done' : 'raced'
    },

    /**
     * Changes the stock on hand, with its history entry and the idempotency key, in one transaction.
     * @returns `unknown` without a stock item, `short` when less would be left than is reserved @throws AlreadyDoneError
     */
    async book(
      { sku, kind, quantity, reason, by }: Booking,
      idempotencyKey: IdempotencyKey | undefined,
    ): Promise<'booked' | 'unknown' | 'short'> {
      const when = quantity < 0 ? { expression: '#available >= :least', values: { ':least': -quantity } } : isThere
      const written = await table.write(
        [
          updateOf(sku, intoTheHouse, quantity, { when, else: 'short' }),
          historyOf(sku, { kind, quantity, reason, by }),
        ],
        {
          idempotencyKey,
          resource: sku,
        },
      )
      if (written.ok) return 'booked'
      return written.item ? 'short' : 'unknown'
    },

    /**
     * Books a chunk of a return in, with its history, under a mark that lets it happen once.
     * @returns `done` when it is booked in already, `unknown` when a line has no stock item
     */
    async restock(
      { orderId, returnId, chunk }: { orderId: string; returnId: string; chunk: number },
      lines: readonly Line[],
    ): Promise<'booked' | 'done' | 'unknown'> {
      const mark = { pk: reservationKeyOf(orderId).pk, sk: `return#${returnId}#${chunk}` }
      const written = await table.write([
        { put: mark, when: notThere, else: 'done' },
        ...lines.flatMap(({ sku, quantity }) => [
          updateOf(sku, intoTheHouse, quantity, { when: isThere, else: 'unknown' }),
          historyOf(sku, { kind: 'return', quantity, orderId }),
        ]),
      ])
      if (written.ok) return 'booked'
      return written.failed === 'done' ? 'done' : 'unknown'
    },

    async history(sku: string, limit: number, startKey: Item | undefined) {
      const page = await table.query({
        pk: `stock#${sku}`,
        sk: { beginsWith: 'movement#' },
        backward: true,
        limit,
        startKey,
      })
      return { movements: page.items.map((item) => StoredMovement.parse(item)), lastKey: page.lastKey }
    },

    async getReservation(orderId: string): Promise<Reservation | undefined> {
      const item = await table.get(reservationKeyOf(orderId))
      return item && StoredReservation.parse(item)
    },

    /** Ids of orders whose reservations time must move on, at most `limit` of each partition. */
    listDue: (limit: number) => listDue(table, 'gsi1', 'due')(limit, now() - graceMs),

    /** Writes the reservation alone. @returns undefined when another change came first */
    async saveReservation(
      reservation: Reservation,
      newEvents: readonly NewEvent[] = [],
    ): Promise<Reservation | undefined> {
      const written = await table.write([putOf(reservation, newEvents)])
      return written.ok
        ? { ...reservation, version: reservation.version + 1, sequence: reservation.sequence + newEvents.length }
        : undefined
    },

    /**
     * Moves the stock of a chunk's lines together with the reservation.
     * @returns `raced` when the reservation was changed by another, `short` when a line's condition did not hold
     */
    async move(chunk: Chunk, newEvents: readonly NewEvent[]): Promise<Reservation | 'raced' | 'short'> {
      const written = await table.write([putOf(chunk.after, newEvents), ...changesOf(chunk)])
      if (!written.ok) return written.failed === 'raced' ? 'raced' : 'short'
      return { ...chunk.after, version: chunk.after.version + 1, sequence: chunk.after.sequence + newEvents.length }
    },
  }
}

export type InventoryTable = ReturnType<typeof inventoryTable>
