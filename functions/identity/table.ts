/**
 * | item | pk | sk |
 * |---|---|---|
 * | a user | `user#<userId>` | `user` |
 * | an e-mail address that is taken | `email#<hash>` | `email` |
 * | a family of refresh tokens | `family#<familyId>` | `family` |
 * | attempts (sessions/attempts-table.ts) | `attempts#<what is counted>#<hash>` | `attempts` |
 * | an erasure, and its receipt (privacy/table.ts) | `erasure#<erasureId>` | `erasure` |
 * | that a person was erased | `erased#<hash>` | `erased` |
 * | gsi1, keys only: someone's families | `person#<userId>` | `<familyId>` |
 * | gsi1, keys only: erasures that time must move on | `erasure#<0..3>` | `<dueAt>#<erasureId>` |
 *
 * Families and attempts go by TTL. Addresses are hashed in keys, so that they stand in one attribute only.
 */
import * as z from 'zod/mini'
import { isErased } from '../../shared/runtime/erasure.ts'
import { type NewEvent, nextVersion } from '../../shared/runtime/outbox.ts'
import { ownerIndex, ownerKeys } from '../../shared/runtime/owner-index.ts'
import { type Expression, type Item, type Key, notThere, type Table, versionIs } from '../../shared/runtime/table.ts'
import { type Family, hashOf, isStaffNow, type User } from './domain.ts'
import { Role } from './sessions/contract.ts'

export const StoredUser = z.object({
  id: z.string(),
  email: z.string(),
  nickname: z.optional(z.string()),
  passwordHash: z.string(),
  hasLongPassword: z.boolean(),
  roles: z.array(Role),
  roleChanges: z.optional(z.array(z.object({ at: z.string(), by: z.string(), roles: z.array(Role) }))),
  sessionEpoch: z.optional(z.int()),
  createdAt: z.string(),
  version: z.int(),
  sequence: z.int(),
})

const StoredFamily = z.object({
  id: z.string(),
  subject: z.string(),
  epoch: z.optional(z.int()),
  proofKey: z.optional(z.string()),
  currentHash: z.string(),
  previousHash: z.optional(z.string()),
  salt: z.optional(z.string()),
  rotatedAtMs: z.optional(z.number()),
  ended: z.boolean(),
  authenticatedAt: z.optional(z.int()),
  expiresAt: z.int(),
  version: z.int(),
})

export const userKeyOf = (userId: string) => ({ pk: `user#${userId}`, sk: 'user' })
export const emailKeyOf = (email: string) => ({ pk: `email#${hashOf(email)}`, sk: 'email' })
const familyKeyOf = (familyId: string) => ({ pk: `family#${familyId}`, sk: 'family' })

const hasNotEnded: Expression = { expression: '#ended = :no', values: { ':no': false } }

const familyIn = (items: readonly Item[]): Family | undefined => {
  const item = items.find(({ sk }) => sk === 'family')
  return item && StoredFamily.parse(item)
}

const userIn = (items: readonly Item[], userId: string): User | undefined => {
  const item = items.find(({ pk }) => pk === userKeyOf(userId).pk)
  return item && StoredUser.parse(item)
}

/** Who asks for something that only staff may do. */
export type StaffCaller = { id: string; sessionId?: string | undefined }

export const identityTable = (table: Table) => {
  const itemOf = (user: User) => {
    const next = nextVersion(user.id, user, [])
    return { ...userKeyOf(user.id), ...user, ...next }
  }

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
    async insertUser(user: User, newEvents: readonly NewEvent[]): Promise<User | undefined> {
      const next = nextVersion(user.id, user, newEvents)
      const written = await table.write([
        { put: { ...userKeyOf(user.id), ...user, ...next }, when: notThere, else: 'there' },
        { put: { ...emailKeyOf(user.email), userId: user.id }, when: notThere, else: 'taken' },
      ])
      return written.ok ? { ...user, version: next.version, sequence: next.sequence } : undefined
    },

    /** @returns undefined when another change came first */
    async replaceUser(user: User): Promise<User | undefined> {
      const item = itemOf(user)
      const written = await table.write([{ put: item, when: versionIs(user.version), else: 'raced' }])
      return written.ok ? { ...user, version: item.version } : undefined
    },

    /** A user, and the member of staff who asks about them, if that is what they are at this moment: in one read. */
    async findForStaff(userId: string, { id, sessionId }: StaffCaller) {
      const userKeys = [...new Set([userId, id])].map(userKeyOf)
      const items = await table.batchGet([...userKeys, ...(sessionId === undefined ? [] : [familyKeyOf(sessionId)])])
      const caller = userIn(items, id)
      return {
        user: userIn(items, userId),
        caller: isStaffNow(caller, sessionId, familyIn(items)) ? caller : undefined,
      }
    },

    /**
     * Writes a user's item, if the member of staff who does it is still one, by a session that has not ended, at that very
     * moment. @returns undefined when another change, of either, came first
     */
    async replaceUserAs(caller: User, sessionId: string | undefined, user: User): Promise<User | undefined> {
      const item = itemOf(user)
      const isAnother = caller.id !== user.id
      const written = await table.write([
        { put: item, when: versionIs(user.version), else: 'raced' },
        ...(isAnother
          ? [{ check: userKeyOf(caller.id), when: versionIs(caller.version), else: 'raced' as const }]
          : []),
        ...(sessionId === undefined
          ? []
          : [{ check: familyKeyOf(sessionId), when: hasNotEnded, else: 'raced' as const }]),
      ])
      return written.ok ? { ...user, version: item.version } : undefined
    },

    /** Whether someone may work as staff at this moment. One read. */
    async isStaff({ id, sessionId }: StaffCaller): Promise<boolean> {
      return (await this.findForStaff(id, { id, sessionId })).caller !== undefined
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
          else: 'raced',
        },
      ])
      return written.ok
    },

    /** Lists a person's families, ended ones too; the index lags behind by a moment. */
    listFamilies: ownerIndex(table, 'gsi1').list,

    /** At most 100 of someone's families, the oldest first. @param position the id that the page before ended at */
    async pageOfFamilies(subject: string, position: string | undefined, limit: number) {
      const page = await ownerIndex(table, 'gsi1').page(subject, position, limit)
      return { families: page.found.map(({ item }) => StoredFamily.parse(item)), more: page.more }
    },

    async removeFamily(family: Key): Promise<void> {
      await table.write([{ delete: family }])
    },

    /** Whether this person has asked to be erased. */
    isErased: (userId: string) => isErased(table, userId),
  }
}

export type IdentityTable = ReturnType<typeof identityTable>
