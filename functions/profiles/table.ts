/**
 * | item | pk | sk |
 * |---|---|---|
 * | a user's profile | `user#<userId>` | `profile` |
 * | a user's addresses, all of them | `user#<userId>` | `addresses` |
 * | a picture in the store that nobody is shown by | `user#<userId>` | `picture#<name>` |
 * | gsi1, keys only: when such a picture is to be removed | `picture#<partition>` | `<time>#<name>#<userId>` |
 *
 * Two items, since others ask for profiles only, many at a time, and 50 addresses may weigh a hundred times as much.
 */
import * as z from 'zod/mini'
import { Address } from '../../shared/contract/schema.ts'
import { notErased } from '../../shared/runtime/erasure.ts'
import type { IdempotencyKey } from '../../shared/runtime/idempotency.ts'
import { newEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { profileUpdated } from '../published/profiles.ts'
import { type AddressBook, emptyBook } from './addresses/addresses.ts'
import { type Profile, shownOf } from './domain.ts'

export const StoredProfile = z.object({
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
    showsActivitySince: z.optional(z.string()),
  }),
  version: z.int(),
  sequence: z.int(),
})

const StoredBook = z.object({
  userId: z.string(),
  entries: z.array(z.object({ id: z.string(), address: Address })),
  defaults: z.optional(z.object({ shipping: z.string(), billing: z.string() })),
  version: z.int(),
})

const profileKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'profile' })
const bookKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'addresses' })

const standingAt = (version: number) => (version === 0 ? notThere : versionIs(version))

/**
 * The write of a profile's next version, which tells what others see of it where that is new; version 0 stands for a profile
 * that must not exist yet. @param before what others saw
 */
export const profileWrite = (profile: Profile, before: Profile | undefined) => {
  const shown = shownOf(profile)
  const isNew = !before || JSON.stringify(shownOf(before)) !== JSON.stringify(shown)
  const next = nextVersion(profile.userId, profile, isNew ? [newEvent(profileUpdated, shown)] : [])
  return {
    change: {
      put: { ...profileKeyOf(profile.userId), ...profile, ...next },
      when: standingAt(profile.version),
      else: 'lost' as const,
    },
    written: { ...profile, version: next.version, sequence: next.sequence },
  }
}

export const profilesTable = (table: Table) => ({
  async get(userId: string): Promise<Profile | undefined> {
    const item = await table.get(profileKeyOf(userId))
    return item && StoredProfile.parse(item)
  },

  /** @param userIds at most 100, each once */
  async list(userIds: readonly string[]): Promise<Profile[]> {
    const items = await table.batchGet(userIds.map(profileKeyOf))
    return items.map((item) => StoredProfile.parse(item))
  },

  /** @returns undefined when there is one, or its person has been erased */
  async insert(profile: Profile): Promise<Profile | undefined> {
    const { change, written } = profileWrite(profile, undefined)
    const { ok } = await table.write([change, notErased(profile.userId)])
    return ok ? written : undefined
  },

  /** @param before the profile as others saw it @returns undefined when another write came first */
  async replace(profile: Profile, before: Profile): Promise<Profile | undefined> {
    const { change, written } = profileWrite(profile, before)
    const { ok } = await table.write([change])
    return ok ? written : undefined
  },

  /** An empty one at version 0 where none was written yet. */
  async getBook(userId: string): Promise<AddressBook> {
    const item = await table.get(bookKeyOf(userId))
    return item ? { defaults: undefined, ...StoredBook.parse(item) } : emptyBook(userId)
  },

  /** Writes the next version. @returns undefined when another write came first, `erased` when the person has been */
  async saveBook(
    book: AddressBook,
    effect?: { idempotencyKey: IdempotencyKey | undefined; resource: string },
  ): Promise<AddressBook | 'erased' | undefined> {
    const version = book.version + 1
    const written = await table.write(
      [
        { put: { ...bookKeyOf(book.userId), ...book, version }, when: standingAt(book.version), else: 'lost' },
        ...(book.version === 0 ? [notErased(book.userId)] : []),
      ],
      effect,
    )
    if (written.ok) return { ...book, version }
    return written.failed === 'erased' ? 'erased' : undefined
  },
})

export type ProfilesTable = ReturnType<typeof profilesTable>
