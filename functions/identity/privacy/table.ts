/** Erasures and their receipts. Keys: see table.ts. */
import * as z from 'zod/mini'
import { now } from '../../../shared/runtime/clock.ts'
import { dueKeys, listDue } from '../../../shared/runtime/due-index.ts'
import { eraseMarkKey, erasureIdIn, setEraseMark } from '../../../shared/runtime/erasure.ts'
import { newEvent, nextVersion } from '../../../shared/runtime/outbox.ts'
import { type Change, notThere, type Table, versionIs } from '../../../shared/runtime/table.ts'
import { userErasureRequested } from '../../published/identity.ts'
import type { User } from '../domain.ts'
import { emailKeyOf, StoredUser, userKeyOf } from '../table.ts'
import { type Erasure, newErasure, ordersSettled, type Step } from './domain.ts'

const StoredErasure = z.object({
  id: z.string(),
  userId: z.optional(z.string()),
  requestedAt: z.string(),
  services: z.array(z.object({ service: z.string(), finishedAt: z.optional(z.string()) })),
  rounds: z.int(),
  hasLookedAgain: z.boolean(),
  dueAt: z.optional(z.string()),
  version: z.int(),
  sequence: z.int(),
})

/** As long as somebody may ask whether a wish was fulfilled: three years. It names nobody. */
const keptSeconds = 3 * 365 * 24 * 60 * 60

const keyOf = (erasureId: string) => ({ pk: `erasure#${erasureId}`, sk: 'erasure' })

export const erasuresTable = (table: Table) => {
  const putOf = ({ erasure, tell }: Step): Change<'raced'> => {
    const { id: erasureId, userId } = erasure
    const newEvents =
      tell && userId !== undefined
        ? [newEvent(userErasureRequested, { userId, erasureId, ordersSettled: ordersSettled(erasure) })]
        : []
    return {
      put: {
        ...keyOf(erasureId),
        ...erasure,
        ...dueKeys('gsi1', 'erasure', erasureId, erasure.dueAt),
        ...nextVersion(erasureId, erasure, newEvents),
        ...(userId === undefined ? { expiresAt: Math.floor(now() / 1000) + keptSeconds } : {}),
      },
      when: erasure.version === 0 ? notThere : versionIs(erasure.version),
      else: 'raced',
    }
  }

  return {
    async get(erasureId: string): Promise<Erasure | undefined> {
      const item = await table.get(keyOf(erasureId))
      return item && StoredErasure.parse(item)
    },

    /** The account as it stands, and the erasure that was begun for this person, in one read. */
    async find(userId: string): Promise<{ user: User | undefined; erasureId: string | undefined }> {
      const items = await table.batchGet([userKeyOf(userId), eraseMarkKey(userId)])
      const user = items.find(({ sk }) => sk === 'user')
      return { user: user && StoredUser.parse(user), erasureId: erasureIdIn(items) }
    },

    /**
     * Ends the account and begins the erasure in one transaction: address free again, no log-in, no refresh.
     * @returns undefined when another change came first
     */
    async begin(
      { id, userId, services }: { id: string; userId: string; services: readonly string[] },
      user: User | undefined,
    ): Promise<Erasure | undefined> {
      const erasure = newErasure({ id, userId, services, atMs: now() })
      const account: Change<'raced'>[] = user
        ? [
            { delete: userKeyOf(userId), when: versionIs(user.version), else: 'raced' },
            { delete: emailKeyOf(user.email) },
          ]
        : []
      const mark = setEraseMark(userId, id, now())
      const written = await table.write([putOf({ erasure, tell: true }), mark, ...account])
      return written.ok ? erasure : undefined
    },

    /** @returns true, or undefined when another change came first */
    async save(step: Step): Promise<true | undefined> {
      return (await table.write([putOf(step)])).ok || undefined
    },

    /** Ids of erasures that time must move on, at most `limit` of each partition. */
    listDue: listDue(table, 'gsi1', 'erasure'),
  }
}

export type ErasuresTable = ReturnType<typeof erasuresTable>
