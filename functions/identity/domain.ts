/** Accounts, sessions and throttling: the rules. Pure but for the hash function. */
import { createHash, createHmac } from 'node:crypto'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { commonPasswords } from './common-passwords.ts'

export type Role = 'staff'

export type User = {
  id: string
  email: string
  /** As given at registration; what someone is called now stands in their profile. */
  nickname?: string | undefined
  passwordHash: string
  /** The password has the fifteen characters that staff need; its length itself is nobody's business. */
  hasLongPassword: boolean
  roles: readonly Role[]
  createdAt: string
  version: number
  sequence: number
}

export const passwordLengths = { least: 10, leastForStaff: 15, most: 128 } as const

/** Counted in code points: what people see as characters, more or less. */
const lengthOf = (password: string): number => [...password].length

export const isLongPassword = (password: string): boolean => lengthOf(password) >= passwordLengths.leastForStaff

/**
 * NIST SP 800-63B: length, and nothing that is on everybody's list. @param shopName the shop's own name is on it too
 * @returns the password, if it may be used
 */
export const acceptablePassword = (
  password: string,
  { shopName, email, forStaff = false }: { shopName: string; email: string; forStaff?: boolean },
): Result<string, 'PASSWORD_TOO_WEAK'> => {
  const least = forStaff ? passwordLengths.leastForStaff : passwordLengths.least
  const length = lengthOf(password)
  if (length < least) return refused('PASSWORD_TOO_WEAK', `A password has at least ${least} characters.`)
  if (length > passwordLengths.most)
    return refused('PASSWORD_TOO_WEAK', `A password has at most ${passwordLengths.most} characters.`)
  const lower = password.toLowerCase()
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const guessable =
    commonPasswords.has(lower) || plain(password).replace(/\d+$/, '') === plain(shopName) || lower === email
  return guessable ? refused('PASSWORD_TOO_WEAK', 'This password is on every list of common passwords.') : ok(password)
}

/** A chain of refresh tokens, each of which replaces the one before. Only hashes are kept. */
export type Family = {
  id: string
  /** The user or guest whose session it is. */
  subject: string
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

export type Rotation =
  | { type: 'rotate'; family: Family; successor: string }
  | { type: 'again'; successor: string }
  | { type: 'reuse'; family: Family }
  | { type: 'dead' }

/**
 * What becomes of a refresh token that is shown. The current one is replaced; the one before gives the same successor
 * for 30 s; any other was used before or stolen, and ends the family (RFC 9700, 4.14.2).
 * @param salt fresh random text for a new successor
 */
export const rotation = (family: Family, secret: string, salt: string, nowMs: number): Rotation => {
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
  return { type: 'reuse', family: { ...family, ended: true } }
}

/** Log-in attempts of one account or one network address. Each takes a place before its password is looked at. */
export type Attempts = {
  taken: number
  /** Milliseconds since the epoch: until then no place is free again. */
  windowEndsMs: number
  /** Windows in a row that were used up: each makes the next longer. */
  fullWindows: number
}

const windowMs = 15 * 60_000
const maxDoublings = 2

export const attemptLimits = { account: 10, address: 50 } as const

/** The first attempt of a new window. @param before the window that is over, if any */
export const newWindow = (before: Attempts | undefined, limit: number, nowMs: number): Attempts => {
  const fullWindows = before && before.taken >= limit ? before.fullWindows + 1 : 0
  return { taken: 1, windowEndsMs: nowMs + windowMs * 2 ** Math.min(fullWindows, maxDoublings), fullWindows }
}

/** The network that an address is counted as: an IPv6 customer has a whole /64. */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')].slice(0, 4).join(':')
}
