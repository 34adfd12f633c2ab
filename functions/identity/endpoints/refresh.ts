import { type Now, now } from '../../../shared/runtime/clock.ts'
import { count } from '../../../shared/runtime/observability.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, problem, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { type Family, type Role, rotation } from '../domain.ts'
import type { IdentityTable } from '../table.ts'
import { type NewSecret, newSecret, parseRefreshToken, type Sessions, sessionDependencies } from '../tokens.ts'

type Dependencies = {
  identity: Pick<IdentityTable, 'getFamily' | 'saveFamily' | 'getUser'>
  sessions: Sessions
  newSalt: NewSecret
  now: Now
}

const invalid = () => problem('INVALID_REFRESH_TOKEN', 'This refresh token does not open a session; log in again.')

export const refresh = ({ identity, sessions, newSalt, now }: Dependencies): Handle<typeof endpoints.refresh> => {
  /** Roles are read anew each time, so that one that was taken away goes with the next token. */
  const rolesOf = async ({ subject }: Family): Promise<readonly Role[]> =>
    subject.startsWith('usr_') ? ((await identity.getUser(subject))?.roles ?? []) : []

  return async ({ body: { refreshToken } }) => {
    const token = parseRefreshToken(refreshToken)
    if (!token) return invalid()
    return repeated<Answer<typeof endpoints.refresh>>(async () => {
      const family = await identity.getFamily(token.familyId)
      if (!family) return invalid()
      const outcome = rotation(family, token.secret, newSalt(), now())
      if (outcome.type === 'dead') return invalid()
      if (outcome.type !== 'again' && !(await identity.saveFamily(outcome.family))) return undefined
      if (outcome.type === 'reuse') {
        count('RefreshTokenReuse')
        return invalid()
      }
      return { body: { tokens: await sessions.tokens(family, await rolesOf(family), outcome.successor) } }
    })
  }
}

export const handler = serve(endpoints.refresh, () => refresh({ ...sessionDependencies(), newSalt: newSecret, now }))
