/**
 * | item | pk | sk |
 * |---|---|---|
 * | a user's profile | `user#<userId>` | `profile` |
 * | a user's addresses, all of them | `user#<userId>` | `addresses` |
 *
 * Two items, since others ask for profiles only, many at a time, and 50 addresses may weigh a hundred times as much.
 */
import * as z from 'zod/mini'
import { Address } from '../../shared/contract/schema.ts'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import type { Once } from '../../shared/runtime/idempotency.ts'
import { fact, nextVersion } from '../../shared/runtime/outbox.ts'
import { notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type AddressBook, emptyBook } from './addresses.ts'
import { type Profile, shownOf } from './domain.ts'
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

const StoredBook = z.object({
  userId: z.string(),
  entries: z.array(z.object({ id: z.string(), address: Address })),
  defaults: z.optional(z.object({ shipping: z.string(), billing: z.string() })),
  version: z.int(),
})

const profileKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'profile' })
const bookKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'addresses' })

const standingAt = (version: number) => (version === 0 ? notThere : versionIs(version))

export const profilesTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => ({
  async get(userId: string): Promise<Profile | undefined> {
    const item = await table.get(profileKeyOf(userId))
    return item && StoredProfile.parse(item)
  },

  /** @param userIds at most 100, each once */
  async list(userIds: readonly string[]): Promise<Profile[]> {
    const items = await table.batchGet(userIds.map(profileKeyOf))
    return items.map((item) => StoredProfile.parse(item))
  },

  /**
   * Writes the next version; version 0 stands for a profile that must not exist yet. What others see of it is told when it is
   * new. @param before what they saw @returns undefined when another write came first
   */
  async save(profile: Profile, before?: Profile): Promise<Profile | undefined> {
    const shown = shownOf(profile)
    const facts =
      before && JSON.stringify(shownOf(before)) === JSON.stringify(shown) ? [] : [fact(profileUpdated, shown)]
    const next = nextVersion(profile.userId, profile, facts, { now, newId })
    const written = await table.write([
      { put: { ...profileKeyOf(profile.userId), ...profile, ...next }, when: standingAt(profile.version) },
    ])
    return written.ok ? { ...profile, version: next.version, sequence: next.sequence } : undefined
  },

  /** An empty one at version 0 where none was written yet. */
  async getBook(userId: string): Promise<AddressBook> {
    const item = await table.get(bookKeyOf(userId))
    return item ? { defaults: undefined, ...StoredBook.parse(item) } : emptyBook(userId)
  },

  /** Writes the next version. @returns undefined when another write came first */
  async saveBook(
    book: AddressBook,
    effect?: { once: Once | undefined; resource: string },
  ): Promise<AddressBook | undefined> {
    const version = book.version + 1
    const written = await table.write(
      [{ put: { ...bookKeyOf(book.userId), ...book, version }, when: standingAt(book.version) }],
      effect,
    )
    return written.ok ? { ...book, version } : undefined
  },
})

export type ProfilesTable = ReturnType<typeof profilesTable>
