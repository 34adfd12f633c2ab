import { networkOf } from '../../../../shared/domain/network.ts'
import { problem, serve } from '../../../../shared/runtime/serve.ts'
import { belongsTo, type Family, type User } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { decoyHash, hashPassword, verifyPassword } from '../../passwords/passwords.ts'
import type { IdentityTable } from '../../table.ts'
import { viewOf } from '../../view.ts'
import type { AttemptKind } from '../attempts-table.ts'
import { authEndpoints } from '../contract.ts'
import { parseRefreshToken } from '../tokens.ts'

type Counter = readonly [kind: AttemptKind, name: string]

/**
 * What an attempt is counted by. A device that has logged in to this account before has places of its own, so that no guessing of
 * others keeps its owner out.
 */
const countersOf = (email: string, network: string, device: Family | undefined): readonly [Counter, ...Counter[]] =>
  device
    ? [['account-device', `${email} ${device.id}`]]
    : [
        ['account-network', `${email} ${network}`],
        ['network', network],
        ['account', email],
      ]

/** Losing this write to another change costs nothing: the next log-in tries again. */
const upgradeHash = async (identity: IdentityTable, user: User, password: string): Promise<void> => {
  await identity.replaceUser({ ...user, passwordHash: await hashPassword(password) })
}

/** The session that a refresh token was given for, over or not. */
const familyOf = async (identity: IdentityTable, refreshToken: string | undefined): Promise<Family | undefined> => {
  const token = refreshToken === undefined ? undefined : parseRefreshToken(refreshToken)
  const family = token && (await identity.getFamily(token.familyId))
  return token && family && belongsTo(family, token) ? family : undefined
}

export const handler = serve(
  authEndpoints.login,
  { identity: parts.identity, attempts: parts.attempts, sessions: parts.sessions },
  async function login({ body: { email, password, refreshToken }, sourceIp }, { identity, attempts, sessions }) {
    const [user, family] = await Promise.all([identity.getUserByEmail(email), familyOf(identity, refreshToken)])
    const device = family !== undefined && family.subject === user?.id ? family : undefined
    const [narrowest, ...wider] = countersOf(email, networkOf(sourceIp), device)
    const places = await Promise.all([narrowest, ...wider].map(([kind, name]) => attempts.takePlace(kind, name)))
    const waits = places.flatMap((place) => (place.free ? [] : [place.retryAfterSeconds]))
    if (waits.length > 0)
      return problem('TOO_MANY_REQUESTS', 'Too many failed attempts; wait before the next.', {
        retryAfterSeconds: waits.reduce((longest, wait) => Math.max(longest, wait), 0),
      })
    const { right, outdated } = await verifyPassword(user?.passwordHash ?? decoyHash, password)
    if (!user || !right) return problem('WRONG_CREDENTIALS', 'Address or password are not right.')
    await Promise.all([
      attempts.forget(...narrowest),
      ...wider.map(([kind, name]) => attempts.giveBack(kind, name)),
      outdated && upgradeHash(identity, user, password),
    ])
    return { body: { user: viewOf(user), tokens: await sessions.open(user) } }
  },
)
