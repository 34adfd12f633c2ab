import { now } from '../../../../shared/runtime/clock.ts'
import { count } from '../../../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { problem, serve } from '../../../../shared/runtime/serve.ts'
import { type Family, isOfEpoch, type Role, rotation } from '../../domain.ts'
import * as parts from '../../parts.ts'
import type { IdentityTable } from '../../table.ts'
import { authEndpoints, authMetrics } from '../contract.ts'
import { newSecret, parseRefreshToken } from '../tokens.ts'

const invalid = () => problem('INVALID_REFRESH_TOKEN', 'This refresh token does not open a session; log in again.')

/**
 * Roles are read anew each time, so that one that was taken away goes with the next token.
 * @returns undefined when there is no such person any more, or all sessions of the account were ended
 */
const rolesOf = async (identity: IdentityTable, family: Family): Promise<readonly Role[] | undefined> => {
  const { subject } = family
  if (subject.startsWith('usr_')) {
    const user = await identity.getUser(subject)
    return user && isOfEpoch(family, user) ? user.roles : undefined
  }
  return (await identity.isErased(subject)) ? undefined : []
}

export const handler = serve(
  authEndpoints.refresh,
  { identity: parts.identity, sessions: parts.sessions },
  async function refresh({ body: { refreshToken } }, { identity, sessions }) {
    const token = parseRefreshToken(refreshToken)
    if (!token) return invalid()
    return retryOnConflict(async () => {
      const family = await identity.getFamily(token.familyId)
      if (!family) return invalid()
      const outcome = rotation(family, token, newSecret(), now())
      if (outcome.type === 'dead') return invalid()
      if (outcome.type !== 'again' && !(await identity.saveFamily(outcome.family))) return undefined
      if (outcome.type === 'reuse') {
        count(authMetrics.refreshTokenReuse)
        return invalid()
      }
      const roles = await rolesOf(identity, family)
      return roles ? { body: { tokens: await sessions.tokens(family, roles, outcome.successor) } } : invalid()
    })
  },
)
