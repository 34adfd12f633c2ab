/**
 * The outbox: events ride in the item whose change they describe, so state and events cannot part. The table's stream
 * carries the item to the relay, which publishes them when `outboxVersion` equals `version`: a later write that publishes
 * nothing repeats nothing.
 */
import * as z from 'zod/mini'
import type { EventDeclaration } from '../contract/event.ts'
import { isoTime, newId, now } from './clock.ts'
import { currentTrace, traceparentOf } from './trace.ts'

/**
 * Something that happened, not yet written. Made by `newEvent`; or by `eventFromItem`, and then it can be written only with an item
 * that has the attributes which the relay copies.
 */
export type NewEvent<Copied extends string = never> = {
  type: string
  schemaVersion: number
  data: Record<string, unknown>
  /** Attributes of the written item that the relay adds to the data: for changes whose outcome only the table knows. */
  copy?: readonly Copied[]
}

export const newEvent = <E extends EventDeclaration>(event: E, data: z.output<E['data']>): NewEvent => ({
  type: event.type,
  schemaVersion: event.schemaVersion,
  data: data as Record<string, unknown>,
})

/** As `newEvent`, with the named data fields taken by the relay from the item's attributes of the same names. */
export const eventFromItem = <E extends EventDeclaration, K extends keyof z.output<E['data']> & string>(
  event: E,
  data: Omit<z.output<E['data']>, K>,
  copy: readonly K[],
): NewEvent<K> => ({
  type: event.type,
  schemaVersion: event.schemaVersion,
  data: data as Record<string, unknown>,
  copy,
})

export const OutboxEvent = z.object({
  id: z.string(),
  type: z.string(),
  schemaVersion: z.int(),
  time: z.string(),
  aggregateId: z.string(),
  traceparent: z.string(),
  data: z.record(z.string(), z.unknown()),
  copy: z.optional(z.array(z.string())),
})
export type OutboxEvent = z.infer<typeof OutboxEvent>

/** Where an aggregate stands: its version grows with each write, its sequence with each event. Zero before the first. */
export type Revision = { version: number; sequence: number }

export const outboxEvents = (aggregateId: string, newEvents: readonly NewEvent<string>[]): OutboxEvent[] =>
  newEvents.map(({ type, schemaVersion, data, copy }) => ({
    id: newId('evt'),
    type,
    schemaVersion,
    time: isoTime(now()),
    aggregateId,
    traceparent: traceparentOf(currentTrace()),
    data,
    ...(copy ? { copy: [...copy] } : {}),
  }))

/** The attributes of an aggregate's next version, for a put of the whole item. */
export const nextVersion = (aggregateId: string, before: Revision, newEvents: readonly NewEvent<string>[]) => ({
  version: before.version + 1,
  sequence: before.sequence + newEvents.length,
  ...(newEvents.length > 0 ? { outbox: outboxEvents(aggregateId, newEvents), outboxVersion: before.version + 1 } : {}),
})

/**
 * The end of an update expression whose write publishes nothing: an older event left behind would be carried by the stream,
 * though published by nobody.
 */
export const withoutOutbox = ' REMOVE #outbox, #outboxVersion'

/**
 * The same for an update expression, where the version before is not known: clauses for `SET`, with their values.
 * Joined to the caller's own clauses by a comma, and the last of them.
 */
export const nextVersionInPlace = (aggregateId: string, newEvents: readonly NewEvent<string>[]) => ({
  clauses:
    '#version = if_not_exists(#version, :zero) + :one, #sequence = if_not_exists(#sequence, :zero) + :events' +
    (newEvents.length > 0
      ? ', #outbox = :outbox, #outboxVersion = if_not_exists(#version, :zero) + :one'
      : withoutOutbox),
  values: {
    ':zero': 0,
    ':one': 1,
    ':events': newEvents.length,
    ...(newEvents.length > 0 ? { ':outbox': outboxEvents(aggregateId, newEvents) } : {}),
  },
})
