/**
 * The keys that sign access tokens, and when: what the stack, the issuer and identity must agree on. A key is published as soon
 * as it is there, signs from its time on, and ends an hour after the next one began to. Pure.
 */
import * as z from 'zod/mini'

/** `name` is the `kid` of its tokens. Without `signsFrom` (ISO 8601, UTC) it signs from the beginning. */
export const SigningKey = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 small letters, digits and hyphens')),
  signsFrom: z.optional(z.iso.datetime('must be a time such as 2027-01-31T12:00:00Z')),
})
export type SigningKey = z.infer<typeof SigningKey>

/** Where functions find them, as JSON. */
export const signingKeysVariable = 'SIGNING_KEYS'

/** A token lives for 15 minutes; clocks and caches may be wrong by the rest. */
export const outlivesMs = 60 * 60_000

/** By which KMS knows the key: a name that stays the same where nothing imports the key itself. */
export const aliasOf = (prefix: string, { name }: SigningKey): string => `alias/${prefix}-token-${name}`

/** @throws ZodError when it is no list of keys, or an empty one */
export const parseSigningKeys = (text: string): SigningKey[] =>
  z.array(SigningKey).check(z.minLength(1)).parse(JSON.parse(text))

/** @returns milliseconds since the epoch */
export const beginOf = ({ signsFrom }: SigningKey): number =>
  signsFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(signsFrom)

/** Whose tokens are valid at a time (milliseconds since the epoch), or will be. @param keys the oldest first */
export const publishedAt = (keys: readonly SigningKey[], atMs: number): SigningKey[] =>
  keys.filter((_, index) => {
    const next = keys[index + 1]
    return next === undefined || atMs < beginOf(next) + outlivesMs
  })

/**
 * The key that signs at a time (milliseconds since the epoch): the newest whose time has come.
 * @param keys the oldest first
 * @throws RangeError when the time of none has come
 */
export const signingAt = (keys: readonly SigningKey[], atMs: number): SigningKey => {
  const key = keys.findLast((each) => beginOf(each) <= atMs)
  if (key === undefined) throw new RangeError('no key signs yet')
  return key
}
