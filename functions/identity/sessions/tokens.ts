/** Access tokens (RFC 9068, signed by KMS) and sessions. */
import { createHash, randomBytes } from 'node:crypto'
import { aliasOf, type SigningKey, signingAt } from '../../../shared/contract/signing-keys.ts'
import { scopes, tokenAudience } from '../../../shared/contract/tokens.ts'
import { keysApi } from '../../../shared/runtime/aws/kms.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { lazy } from '../../../shared/runtime/lazy.ts'
import { count } from '../../../shared/runtime/observability.ts'
import {
  type Family,
  familyLifetimeSeconds,
  hashOf,
  proofOf,
  type Role,
  type ShownToken,
  type User,
} from '../domain.ts'
import type { IdentityTable } from '../table.ts'
import { authMetrics } from './contract.ts'

const accessTokenSeconds = 15 * 60

/** @returns the RSASSA-PKCS1-v1_5 signature with SHA-256 of the SHA-256 digest */
type Sign = (digest: Uint8Array) => Promise<Uint8Array>

/** @returns the key that signs now: its id, which the token names, and how */
export type SignerNow = () => { keyId: string; sign: Sign }

export type TokenMaker = { issuer: string; signer: SignerNow }

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Says whose session it is, which one (`sid`), and when it was begun with a password. */
export const accessToken = async (
  { issuer, signer }: TokenMaker,
  { id, subject, authenticatedAt }: Pick<Family, 'id' | 'subject' | 'authenticatedAt'>,
  roles: readonly Role[],
): Promise<string> => {
  const seconds = Math.floor(now() / 1000)
  const claims = {
    iss: issuer,
    aud: tokenAudience,
    sub: subject,
    sid: id,
    scope: [scopes.shopper, ...(roles.includes('staff') ? [scopes.staff] : [])].join(' '),
    ...(authenticatedAt === undefined ? {} : { auth_time: authenticatedAt }),
    iat: seconds,
    nbf: seconds,
    exp: seconds + accessTokenSeconds,
    jti: newId('jti'),
  }
  const { keyId, sign } = signer()
  const text = `${part({ alg: 'RS256', typ: 'at+jwt', kid: keyId })}.${part(claims)}`
  const signature = await sign(createHash('sha256').update(text).digest())
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}

export type Sessions = {
  /** A new session of an account. */
  open(user: Pick<User, 'id' | 'roles' | 'sessionEpoch'>): Promise<Tokens>
  /** A new session without one. */
  openForGuest(guestId: string): Promise<Tokens>
  /** The tokens that go on with a family. @param secret the refresh token's secret half */
  tokens(
    family: Pick<Family, 'id' | 'subject' | 'authenticatedAt' | 'proofKey'>,
    roles: readonly Role[],
    secret: string,
  ): Promise<Tokens>
}

export type Tokens = { accessToken: string; refreshToken: string; tokenType: 'Bearer'; expiresIn: number }

/** 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const sessionsOf = (maker: TokenMaker, identity: IdentityTable): Sessions => {
  const seconds = () => Math.floor(now() / 1000)
  const tokens: Sessions['tokens'] = async (family, roles, secret) => ({
    accessToken: await accessToken(maker, family, roles),
    refreshToken: [family.id, secret, ...(family.proofKey ? [proofOf(secret, family.proofKey)] : [])].join('.'),
    tokenType: 'Bearer',
    expiresIn: accessTokenSeconds,
  })
  const open = async (
    session: Pick<Family, 'subject' | 'epoch' | 'authenticatedAt'>,
    roles: readonly Role[],
  ): Promise<Tokens> => {
    const secret = newSecret()
    const family: Family = {
      ...session,
      id: newId('fam'),
      proofKey: newSecret(),
      currentHash: hashOf(secret),
      ended: false,
      expiresAt: seconds() + familyLifetimeSeconds,
      version: 0,
    }
    const [issued] = await Promise.all([tokens(family, roles, secret), identity.saveFamily(family)])
    return issued
  }
  return {
    tokens,
    open: ({ id, roles, sessionEpoch }) =>
      open({ subject: id, epoch: sessionEpoch, authenticatedAt: seconds() }, roles),
    openForGuest: (guestId) => open({ subject: guestId }, []),
  }
}

/** `fam_….<secret>.<proof>` -> its parts, or undefined when it is no refresh token. Those of before there were proofs have none. */
export const parseRefreshToken = (token: string): (ShownToken & { familyId: string }) | undefined => {
  const form = /^(fam_[0-9A-HJKMNP-TV-Z]{26})\.([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{22}))?$/
  const [, familyId, secret, proof] = form.exec(token) ?? []
  return familyId && secret ? { familyId, secret, proof } : undefined
}

const kms = lazy(keysApi)

const signWith =
  (alias: string): Sign =>
  async (digest) => {
    const signing = {
      KeyId: alias,
      Message: digest,
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    } as const
    const { Signature } = await kms()('Sign', signing).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ThrottlingException') count(authMetrics.signaturesThrottled)
      throw error
    })
    if (!Signature) throw new Error('KMS gave no signature')
    return Signature
  }

/** Signs with keys of KMS, each in its time. @param keys the oldest first */
export const signerInKms =
  (prefix: string, keys: readonly SigningKey[]): SignerNow =>
  () => {
    const key = signingAt(keys, now())
    return { keyId: key.name, sign: signWith(aliasOf(prefix, key)) }
  }
