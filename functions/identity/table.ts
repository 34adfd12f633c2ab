/**
 * | item | pk | sk |
 * |---|---|---|
 * | a user | `user#<userId>` | `user` |
 * | an e-mail address that is taken | `email#<hash>` | `email` |
 * | a family of refresh tokens | `family#<familyId>` | `family` |
 * | log-in attempts | `attempts#<account or address>#<hash>` | `attempts` |
 * | an erasure, and its receipt (erasures-table.ts) | `erasure#<erasureId>` | `erasure` |
 * | that a person was erased | `erased#<hash>` | `erased` |
 * | gsi1, keys only: someone's families | `person#<userId>` | `<familyId>` |
 * | gsi1, keys only: erasures that time must move on | `erasure#<0..3>` | `<dueAt>#<erasureId>` |
 *
 * Families and attempts go by TTL. Addresses are hashed in keys, so that they stand in one attribute only.
 */
import * as z from 'zod/mini'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import { isErased } from '../../shared/runtime/erasure.ts'
import { type Fact, nextVersion } from '../../shared/runtime/outbox.ts'
import { owned, ownerKeys } from '../../shared/runtime/owned.ts'
import { type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { Role } from './auth-contract.ts'
import { type Attempts, attemptLimits, type Family, hashOf, newWindow, type User } from './domain.ts'

export const StoredUser = z.object({
  id: z.string(),
  email: z.string(),
  nickname: z.optional(z.string()),
  passwordHash: z.string(),
  hasLongPassword: z.boolean(),
  roles: z.array(Role),
  createdAt: z.string(),
  version: z.int(),
  sequence: z.int(),
})

const StoredFamily = z.object({
  id: z.string(),
  subject: z.string(),
  currentHash: z.string(),
  previousHash: z.optional(z.string()),
  salt: z.optional(z.string()),
  rotatedAtMs: z.optional(z.number()),
  ended: z.boolean(),
  authenticatedAt: z.optional(z.int()),
  expiresAt: z.int(),
  version: z.int(),
})

const StoredAttempts = z.object({ taken: z.int(), windowEndsMs: z.number(), fullWindows: z.int() })

export const userKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'user' })
export const emailKeyOf = (email: string) => ({ pk: `email#${hashOf(email)}`, sk: 'email' })
const familyKeyOf = (familyId: string) => ({ pk: `family#${familyId}`, sk: 'family' })

export type AttemptKind = keyof typeof attemptLimits
export const attemptsKeyOf = (kind: AttemptKind, name: string) => ({
  pk: `attempts#${kind}#${hashOf(name)}`,
  sk: 'attempts',
})

/** A place for one attempt, or when one is free again: seconds from now. */
export type Place = { free: true } | { free: false; retryAfterSeconds: number }

const keptAfterWindowSeconds = 24 * 60 * 60

export const identityTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => {
  const attemptsItem = (kind: AttemptKind, name: string, attempts: Attempts) => ({
    ...attemptsKeyOf(kind, name),
    ...attempts,
    expiresAt: Math.floor(attempts.windowEndsMs / 1000) + keptAfterWindowSeconds,
  })

  return {
    async getUser(userId: string): Promise<User | undefined> {
      const item = await table.get(userKeyOf(userId))
      return item && StoredUser.parse(item)
    },

    /** Two reads whether the address is known or not, so that the time tells nothing. */
    async getUserByEmail(email: string): Promise<User | undefined> {
      const entry = await table.get(emailKeyOf(email))
      const item = await table.get(userKeyOf(entry ? String(entry.userId) : 'unknown'))
      return item && StoredUser.parse(item)
    },

    /** @returns undefined when the address is taken */
    async insertUser(user: User, facts: readonly Fact[]): Promise<User | undefined> {
      const next = nextVersion(user.id, user, facts, { now, newId })
      const written = await table.write([
        { put: { ...userKeyOf(user.id), ...user, ...next }, when: notThere },
        { put: { ...emailKeyOf(user.email), userId: user.id }, when: notThere },
      ])
      return written.ok ? { ...user, version: next.version, sequence: next.sequence } : undefined
    },

    /** @returns undefined when another change came first */
    async replaceUser(user: User): Promise<User | undefined> {
      const next = nextVersion(user.id, user, [], { now, newId })
      const written = await table.write([
        { put: { ...userKeyOf(user.id), ...user, ...next }, when: versionIs(user.version) },
      ])
      return written.ok ? { ...user, version: next.version } : undefined
    },

    async getFamily(familyId: string): Promise<Family | undefined> {
      const item = await table.get(familyKeyOf(familyId))
      return item && StoredFamily.parse(item)
    },

    /** Version 0 is a new family. @returns false when another change came first */
    async saveFamily(family: Family): Promise<boolean> {
      const when = family.version === 0 ? notThere : versionIs(family.version)
      const written = await table.write([
        {
          put: {
            ...familyKeyOf(family.id),
            ...family,
            version: family.version + 1,
            ...ownerKeys('gsi1', family.subject, family.id),
          },
          when,
        },
      ])
      return written.ok
    },

    /** Someone's families, ended ones too, as far as the index has heard of them. */
    listFamilies: owned(table, 'gsi1').list,

    /** At most 100 of someone's families, the oldest first. @param position the id that the page before ended at */
    async pageOfFamilies(subject: string, position: string | undefined, limit: number) {
      const page = await owned(table, 'gsi1').page(subject, position, limit)
      return { families: page.found.map(({ item }) => StoredFamily.parse(item)), more: page.more }
    },

    async removeFamily(family: Key): Promise<void> {
      await table.write([{ delete: family }])
    },

    /** Whether this person has asked to be erased. */
    isErased: (userId: string) => isErased(table, userId),

    /** Takes a place for one attempt by one conditional write, so that guesses made at once cannot pass the limit together. */
    async takePlace(kind: AttemptKind, name: string): Promise<Place> {
      const limit = attemptLimits[kind]
      const taken = await table.write([
        {
          update: attemptsKeyOf(kind, name),
          set: { expression: 'SET #taken = #taken + :one', values: { ':one': 1 } },
          when: { expression: '#taken < :limit AND #windowEndsMs > :now', values: { ':limit': limit, ':now': now() } },
        },
      ])
      if (taken.ok) return { free: true }
      const before = taken.item && StoredAttempts.parse(taken.item)
      if (before && before.windowEndsMs > now())
        return { free: false, retryAfterSeconds: Math.ceil((before.windowEndsMs - now()) / 1000) }
      const begun = await table.write([
        {
          put: attemptsItem(kind, name, newWindow(before, limit, now())),
          when: before ? { expression: '#windowEndsMs = :ended', values: { ':ended': before.windowEndsMs } } : notThere,
        },
      ])
      return begun.ok ? { free: true } : this.takePlace(kind, name)
    },

    /** A right password: the account's attempts are forgotten, the address gets its place back. */
    async giveBack(account: string, address: string): Promise<void> {
      await Promise.all([
        table.write([{ delete: attemptsKeyOf('account', account) }]),
        table.write([
          {
            update: attemptsKeyOf('address', address),
            set: { expression: 'SET #taken = #taken - :one', values: { ':one': 1 } },
            when: { expression: '#taken > :zero', values: { ':zero': 0 } },
          },
        ]),
      ])
    },
  }
}

export type IdentityTable = ReturnType<typeof identityTable>
