/**
 * | item | pk | sk |
 * |---|---|---|
 * | what was heard of an order | `order#<orderId>` | `record` |
 * | gsi1, keys only: orders that do not add up; others are not in it | `unsettled#<0..3>` | `<since>#<orderId>` |
 */
import * as z from 'zod/mini'
import { isoTime, now } from '../../shared/runtime/clock.ts'
import { dueKeys, duePartitions } from '../../shared/runtime/due-index.ts'
import { type Item, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import type { Drift } from './contract.ts'
import { driftsOf, nothingHeard, type OrderRecord } from './domain.ts'

const Said = <T extends z.ZodMiniType>(value: T) => z.optional(z.object({ value, sequence: z.int() }))
const Booked = z.array(z.object({ amountMinor: z.int(), sequence: z.int() }))

const StoredRecord = z.object({
  orderId: z.string(),
  order: Said(z.enum(['confirmed', 'returned', 'cancelled'])),
  total: Said(z.int()),
  payment: Said(z.enum(['authorized', 'captured', 'voided', 'refunded'])),
  authorized: Said(z.int()),
  captures: Booked,
  refunds: Booked,
  returns: Booked,
  stock: Said(z.enum(['reserved', 'released', 'committed'])),
  hasLeft: z.boolean(),
})

const Kept = z.object({
  record: StoredRecord,
  /** Since when it has not added up; absent while it does. */
  since: z.optional(z.string()),
  version: z.int(),
})

/** A record as it was last read. Version 0 is one that is not written yet. */
export type Kept = { record: OrderRecord; since?: string | undefined; version: number }

export type Unsettled = { orderId: string; drifts: Drift[]; since: string }

const keyOf = (orderId: string) => ({ pk: `order#${orderId}`, sk: 'record' })

/** Where a list goes on: a partition, and the key in it after which; nonsense begins at the beginning. */
const placeOf = (startKey: Item | undefined): { partition: number; from: Item | undefined } => ({
  partition: Number(/^unsettled#([0-3])$/.exec(String(startKey?.gsi1pk))?.[1] ?? 0),
  from: startKey?.pk === undefined ? undefined : startKey,
})

export const recordsTable = (table: Table) => {
  /** The index shows who did not add up a moment ago; the records themselves say whether that is still so. */
  const lookAt = async (entries: readonly Item[]): Promise<Unsettled[]> => {
    if (entries.length === 0) return []
    const items = await table.batchGet(entries.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })))
    return items.flatMap((item) => {
      const { record, since } = Kept.parse(item)
      const drifts = driftsOf(record)
      return since === undefined || drifts.length === 0 ? [] : [{ orderId: record.orderId, drifts, since }]
    })
  }

  const entriesOf = (partition: number, until: string, limit: number, startKey?: Item) =>
    table.query({ index: 'gsi1', pk: `unsettled#${partition}`, sk: { between: ['0', until] }, limit, startKey })

  return {
    async get(orderId: string): Promise<Kept> {
      const item = await table.get(keyOf(orderId))
      return item ? Kept.parse(item) : { record: nothingHeard(orderId), version: 0 }
    },

    /** Writes what is known now in the place of what was. @returns undefined when another change came first */
    async replace(before: Kept, record: OrderRecord): Promise<true | undefined> {
      const { orderId } = record
      const since = driftsOf(record).length === 0 ? undefined : (before.since ?? isoTime(now()))
      const kept: Kept = { record, since, version: before.version + 1 }
      const written = await table.write([
        {
          put: { ...keyOf(orderId), ...kept, ...dueKeys('gsi1', 'unsettled', orderId, since) },
          when: before.version === 0 ? notThere : versionIs(before.version),
          else: 'raced',
        },
      ])
      return written.ok || undefined
    },

    /** The orders that have not added up for longest, at most `limit` (100) of each of four partitions. @param until RFC 3339 */
    async listUnsettled(until: string, limit: number): Promise<Unsettled[]> {
      const pages = await Promise.all(
        Array.from({ length: duePartitions }, async (_, partition) =>
          lookAt((await entriesOf(partition, until, limit)).items),
        ),
      )
      return pages.flat().toSorted((a, b) => (a.since < b.since ? -1 : 1))
    },

    /** Goes through one partition after the other; a page may be short though there is more. @param until RFC 3339 */
    async pageOfUnsettled(
      until: string,
      limit: number,
      startKey: Item | undefined,
    ): Promise<{ orders: Unsettled[]; lastKey: Item | undefined }> {
      const entries: Item[] = []
      let { partition, from } = placeOf(startKey)
      while (partition < duePartitions && entries.length < limit) {
        const page = await entriesOf(partition, until, limit - entries.length, from)
        for (const item of page.items) entries.push(item)
        if (page.lastKey) return { orders: await lookAt(entries), lastKey: page.lastKey }
        from = undefined
        partition += 1
      }
      const lastKey = partition < duePartitions ? { gsi1pk: `unsettled#${partition}` } : undefined
      return { orders: await lookAt(entries), lastKey }
    },
  }
}

export type RecordsTable = ReturnType<typeof recordsTable>
