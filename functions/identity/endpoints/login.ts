import { type Handle, problem, serve } from '../../../shared/runtime/serve.ts'
import { authEndpoints } from '../auth-contract.ts'
import { networkOf, type User } from '../domain.ts'
import { decoyHash, hashPassword, verifyPassword } from '../passwords.ts'
import type { IdentityTable } from '../table.ts'
import { type Sessions, sessionDependencies } from '../tokens.ts'
import { viewOf } from '../view.ts'

type Dependencies = {
  identity: Pick<IdentityTable, 'getUserByEmail' | 'takePlace' | 'giveBack' | 'replaceUser'>
  sessions: Sessions
  verify: typeof verifyPassword
  hash: (password: string) => Promise<string>
}

export const login = ({ identity, sessions, verify, hash }: Dependencies): Handle<typeof authEndpoints.login> => {
  /** Losing this write to another change costs nothing: the next log-in tries again. */
  const upgradeHash = async (user: User, password: string): Promise<void> => {
    await identity.replaceUser({ ...user, passwordHash: await hash(password) })
  }
  return async ({ body: { email, password }, sourceIp }) => {
    const network = networkOf(sourceIp)
    const [ofAccount, ofAddress] = await Promise.all([
      identity.takePlace('account', email),
      identity.takePlace('address', network),
    ])
    const waits = [ofAccount, ofAddress].flatMap((place) => (place.free ? [] : [place.retryAfterSeconds]))
    if (waits.length > 0)
      return problem('TOO_MANY_REQUESTS', 'Too many failed attempts; wait before the next.', {
        retryAfterSeconds: waits.reduce((longest, wait) => Math.max(longest, wait), 0),
      })
    const user = await identity.getUserByEmail(email)
    const { right, outdated } = await verify(user?.passwordHash ?? decoyHash, password)
    if (!user || !right) return problem('WRONG_CREDENTIALS', 'Address or password are not right.')
    await Promise.all([identity.giveBack(email, network), outdated && upgradeHash(user, password)])
    return { body: { user: viewOf(user), tokens: await sessions.open(user.id, user.roles) } }
  }
}

export const handler = serve(authEndpoints.login, () =>
  login({ ...sessionDependencies(), verify: verifyPassword, hash: hashPassword }),
)
