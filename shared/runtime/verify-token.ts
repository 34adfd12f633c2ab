/**
 * Verifies an access token inside a function (RFC 7519, with the advice of RFC 8725), for routes that are open to all but
 * show staff more: the gateway's authorizer knows only routes that need a token and routes that do not. Node's own crypto
 * does the work in 3 KB; aws-jwt-verify brings 17 KB with other algorithms and an HTTP client of its own to fetch keys with,
 * and 13 ms of CPU at the start; RS256 is the only algorithm that may be used.
 */
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import * as z from 'zod/mini'
import { scopes, tokenAudience } from '../contract/tokens.ts'
import { now } from './clock.ts'
import type { IsStillStaff } from './staff-check.ts'

/** base64url, three parts, of a length that ours have: looked at before anything is decoded. */
const form = /^Bearer ([A-Za-z0-9_-]{1,500}\.[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{1,1000})$/i

const Header = z.object({ alg: z.literal('RS256'), kid: z.string(), crit: z.optional(z.never()) })
const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  sid: z.optional(z.string()),
  scope: z.string(),
  exp: z.number(),
  nbf: z.number(),
})
const KeySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('RSA') })) })

/** Gives the issuer's key of that id, or undefined when it has none. */
export type FindKey = (kid: string) => Promise<KeyObject | undefined>

const keptMs = 5 * 60_000

/** The issuer's published keys, read once in five minutes at most. @throws Error when the issuer does not answer in 2 s */
export const keysOf = (issuer: string): FindKey => {
  let kept: { keys: Map<string, KeyObject>; untilMs: number } | undefined
  return async (kid) => {
    if (!kept || kept.untilMs <= now()) {
      const response = await fetch(`${issuer}/.well-known/jwks.json`, { signal: AbortSignal.timeout(2_000) })
      const { keys } = KeySet.parse(await response.json())
      const entries = keys.map((key): [string, KeyObject] => [
        key.kid,
        createPublicKey({ key: key as JsonWebKey, format: 'jwk' }),
      ])
      kept = { keys: new Map(entries), untilMs: now() + keptMs }
    }
    return kept.keys.get(kid)
  }
}

const decoded = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

type Trust = { issuer: string; findKey: FindKey; isStillStaff: IsStillStaff }

/**
 * @param isStillStaff is asked about valid tokens of staff
 * @returns whether the header holds a valid token of someone who is staff now; anything else counts as no token
 */
export const isStaffToken = async (
  authorization: string | undefined,
  { issuer, findKey, isStillStaff }: Trust,
): Promise<boolean> => {
  const [head = '', body = '', signature = ''] = form.exec(authorization ?? '')?.[1]?.split('.') ?? []
  const header = Header.safeParse(decoded(head))
  const claims = Claims.safeParse(decoded(body))
  if (!header.success || !claims.success) return false
  const key = await findKey(header.data.kid)
  if (!key || !verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
    return false
  const { iss, aud, sub, sid, scope, exp, nbf } = claims.data
  const seconds = now() / 1000
  const isCurrent = nbf <= seconds && seconds < exp
  const isOfStaff =
    isCurrent &&
    iss === issuer &&
    aud === tokenAudience &&
    sub.startsWith('usr_') &&
    scope.split(' ').includes(scopes.staff)
  return isOfStaff && (await isStillStaff({ id: sub, sessionId: sid }))
}
