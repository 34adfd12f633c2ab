/** Places for attempts. Keys: see table.ts. */
import * as z from 'zod/mini'
import { now } from '../../../shared/runtime/clock.ts'
import type { Table } from '../../../shared/runtime/table.ts'
import { hashOf } from '../domain.ts'
import { type Attempts, attemptLimits, newWindow } from './attempts.ts'

const StoredAttempts = z.object({ taken: z.int(), windowEndsMs: z.number(), fullWindows: z.int() })

export type AttemptKind = keyof typeof attemptLimits

const keyOf = (kind: AttemptKind, name: string) => ({ pk: `attempts#${kind}#${hashOf(name)}`, sk: 'attempts' })

/** A place for one attempt, or when one is free again: seconds from now. */
export type Place = { free: true } | { free: false; retryAfterSeconds: number }

const keptAfterWindowSeconds = 24 * 60 * 60

export const attemptsTable = (table: Pick<Table, 'get' | 'write'>) => {
  const attributesOf = (attempts: Attempts) => ({
    ...attempts,
    expiresAt: Math.floor(attempts.windowEndsMs / 1000) + keptAfterWindowSeconds,
  })
  const waitFor = ({ windowEndsMs }: Attempts): Place => ({
    free: false,
    retryAfterSeconds: Math.ceil((windowEndsMs - now()) / 1000),
  })

  return {
    /**
     * Takes a place by one conditional write, so that attempts made at once cannot pass the limit together. A second one
     * begins a new window where the last is over.
     */
    async takePlace(kind: AttemptKind, name: string): Promise<Place> {
      const limit = attemptLimits[kind]
      const first = attributesOf(newWindow(undefined, limit, now()))
      const taken = await table.write([
        {
          update: keyOf(kind, name),
          set: {
            expression:
              'SET #taken = if_not_exists(#taken, :zero) + :one, #windowEndsMs = if_not_exists(#windowEndsMs, :ends), #fullWindows = if_not_exists(#fullWindows, :zero), #expiresAt = if_not_exists(#expiresAt, :expires)',
            values: { ':zero': 0, ':one': 1, ':ends': first.windowEndsMs, ':expires': first.expiresAt },
          },
          when: {
            expression: 'attribute_not_exists(pk) OR (#taken < :limit AND #windowEndsMs > :now)',
            values: { ':limit': limit, ':now': now() },
          },
          else: 'full or over',
        },
      ])
      if (taken.ok) return { free: true }
      const before = taken.item && StoredAttempts.parse(taken.item)
      if (!before) return this.takePlace(kind, name)
      if (before.windowEndsMs > now()) return waitFor(before)
      const begun = await table.write([
        {
          put: { ...keyOf(kind, name), ...attributesOf(newWindow(before, limit, now())) },
          when: { expression: '#windowEndsMs = :ended', values: { ':ended': before.windowEndsMs } },
          else: 'raced',
        },
      ])
      return begun.ok ? { free: true } : this.takePlace(kind, name)
    },

    /** Whether a place is free, without taking it. One read. */
    async lookForPlace(kind: AttemptKind, name: string): Promise<Place> {
      const item = await table.get(keyOf(kind, name))
      const attempts = item && StoredAttempts.parse(item)
      const isFull = attempts && attempts.taken >= attemptLimits[kind] && attempts.windowEndsMs > now()
      return isFull ? waitFor(attempts) : { free: true }
    },

    /** The attempt was no failure. */
    async giveBack(kind: AttemptKind, name: string): Promise<void> {
      await table.write([
        {
          update: keyOf(kind, name),
          set: { expression: 'SET #taken = #taken - :one', values: { ':one': 1 } },
          when: { expression: '#taken > :zero', values: { ':zero': 0 } },
          else: 'none taken',
        },
      ])
    },

    /** The failures before it count no more. */
    async forget(kind: AttemptKind, name: string): Promise<void> {
      await table.write([{ delete: keyOf(kind, name) }])
    },
  }
}

export type AttemptsTable = ReturnType<typeof attemptsTable>
