/** Accounts, sessions and throttling: the rules. Pure but for the hash function. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { maxRoleChanges } from './schema.ts'

export type Role = 'staff'

/** Who gave or took roles, a member of staff by id or the operator, and which ones the user had from then on. `at` is RFC 3339. */
export type RoleChange = { at: string; by: string; roles: readonly Role[] }

export type User = {
  id: string
  email: string
  /** As given at registration; what someone is called now stands in their profile. */
  nickname?: string | undefined
  passwordHash: string
  /** The password has the fifteen characters that staff need; its length itself is nobody's business. */
  hasLongPassword: boolean
  roles: readonly Role[]
  /** The latest changes, the newest last. */
  roleChanges?: readonly RoleChange[] | undefined
  /** Grows when all sessions of the account end: those begun under another number are over. Absent means 0. */
  sessionEpoch?: number | undefined
  createdAt: string
  version: number
  sequence: number
}

/** Roles are set for good or ill by somebody: the account remembers by whom. @param change its roles are the new ones */
export const withRoles = (user: User, change: RoleChange): User => ({
  ...user,
  roles: change.roles,
  roleChanges: [...(user.roleChanges ?? []), change].slice(-maxRoleChanges),
})

/** A chain of refresh tokens, each of which replaces the one before. Only hashes are kept. */
export type Family = {
  id: string
  /** The user or guest whose session it is. */
  subject: string
  /** The account's `sessionEpoch` when the session was begun; absent means 0. */
  epoch?: number | undefined
  /** Secret of the family, from which each token's proof is made. Sessions begun before there were proofs have none. */
  proofKey?: string | undefined
  currentHash: string
  /** The token before the current one, the salt that leads from one to the other, and when: for two tabs at once. */
  previousHash?: string | undefined
  salt?: string | undefined
  rotatedAtMs?: number | undefined
  ended: boolean
  /** When it was begun with a password: seconds since the epoch. Guests have none. */
  authenticatedAt?: number | undefined
  /** Seconds since the epoch. */
  expiresAt: number
  version: number
}

export const familyLifetimeSeconds = 30 * 24 * 60 * 60
export const graceMs = 30_000

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** The same token and salt give the same successor, so the successor itself need not be kept to be given again. */
export const successorOf = (secret: string, salt: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(salt).digest('base64url')

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** Shows that a token was once given for this family: without it, whoever knew a family's id could end it by any other text. */
export const proofOf = (secret: string, proofKey: string): string =>
  createHmac('sha256', Buffer.from(proofKey, 'base64url')).update(secret).digest('base64url').slice(0, 22)

/** A refresh token's parts. */
export type ShownToken = { secret: string; proof?: string | undefined }

/** Whether this token was given for this family, now or earlier. */
export const belongsTo = (family: Family, { secret, proof }: ShownToken): boolean => {
  const hash = hashOf(secret)
  if (hash === family.currentHash || hash === family.previousHash) return true
  return family.proofKey !== undefined && proof !== undefined && isEqual(proof, proofOf(secret, family.proofKey))
}

export type Rotation =
  | { type: 'rotate'; family: Family; successor: string }
  | { type: 'again'; successor: string }
  | { type: 'reuse'; family: Family }
  | { type: 'dead' }

/**
 * What becomes of a refresh token that is shown. The current one is replaced; the one before gives the same successor
 * for 30 s; any other that the family once gave was used before or stolen, and ends the family (RFC 9700, 4.14.2). What it
 * never gave changes nothing.
 * @param salt fresh random text for a new successor
 */
export const rotation = (family: Family, shown: ShownToken, salt: string, nowMs: number): Rotation => {
  const { secret } = shown
  if (family.ended || family.expiresAt <= nowMs / 1000) return { type: 'dead' }
  const hash = hashOf(secret)
  if (hash === family.currentHash) {
    const successor = successorOf(secret, salt)
    const next = { currentHash: hashOf(successor), previousHash: hash, salt, rotatedAtMs: nowMs }
    return { type: 'rotate', family: { ...family, ...next }, successor }
  }
  const inGrace = nowMs - (family.rotatedAtMs ?? 0) <= graceMs
  if (hash === family.previousHash && family.salt && inGrace)
    return { type: 'again', successor: successorOf(secret, family.salt) }
  return belongsTo(family, shown) ? { type: 'reuse', family: { ...family, ended: true } } : { type: 'dead' }
}

/** Whether a session goes on, as far as its account is concerned: everyone may have been logged out since. */
export const isOfEpoch = (family: Pick<Family, 'epoch'>, user: Pick<User, 'sessionEpoch'>): boolean =>
  (family.epoch ?? 0) === (user.sessionEpoch ?? 0)

/**
 * Whether someone may work as staff at this moment, whatever their token says.
 * @param sessionId the session that the token belongs to; tokens of before sessions were named have none
 */
export const isStaffNow = (
  user: User | undefined,
  sessionId: string | undefined,
  family: Family | undefined,
): boolean => {
  if (!user?.roles.includes('staff')) return false
  if (sessionId === undefined) return true
  return family !== undefined && family.subject === user.id && !family.ended && isOfEpoch(family, user)
}
