/**
 * | item | pk | sk |
 * |---|---|---|
 * | a user's profile | `user#<userId>` | `profile` |
 */
import * as z from 'zod/mini'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import { fact, nextVersion } from '../../shared/runtime/outbox.ts'
import { notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Profile, publicOf } from './domain.ts'
import { profileUpdated } from './events.ts'

const StoredProfile = z.object({
  userId: z.string(),
  nickname: z.string(),
  bio: z.string(),
  avatar: z.optional(z.string()),
  preferences: z.object({
    language: z.string(),
    currency: z.string(),
    theme: z.enum(['system', 'light', 'dark']),
    marketingConsent: z.boolean(),
    marketingConsentAt: z.optional(z.string()),
    showsActivity: z.boolean(),
  }),
  version: z.int(),
  sequence: z.int(),
})

const keyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'profile' })

const shownOf = (profile: Profile) => ({
  ...publicOf(profile),
  showsActivity: profile.preferences.showsActivity,
})

export const profilesTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => ({
  async get(userId: string): Promise<Profile | undefined> {
    const item = await table.get(keyOf(userId))
    return item && StoredProfile.parse(item)
  },

  /** @param userIds at most 100, each once */
  async list(userIds: readonly string[]): Promise<Profile[]> {
    const items = await table.batchGet(userIds.map(keyOf))
    return items.map((item) => StoredProfile.parse(item))
  },

  /**
   * Writes the next version and tells how the person is shown now; version 0 stands for a profile that must not exist yet.
   * @returns undefined when another write came first
   */
  async save(profile: Profile): Promise<Profile | undefined> {
    const next = nextVersion(profile.userId, profile, [fact(profileUpdated, shownOf(profile))], { now, newId })
    const written = await table.write([
      {
        put: { ...keyOf(profile.userId), ...profile, ...next },
        when: profile.version === 0 ? notThere : versionIs(profile.version),
      },
    ])
    return written.ok ? { ...profile, version: next.version, sequence: next.sequence } : undefined
  },
})

export type ProfilesTable = ReturnType<typeof profilesTable>
