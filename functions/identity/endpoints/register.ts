import type { NewId } from '../../../shared/domain/ids.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { type Handle, problem, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { authEndpoints } from '../auth-contract.ts'
import { acceptablePassword, isLongPassword } from '../domain.ts'
import { userRegistered } from '../events.ts'
import { hashPassword } from '../passwords.ts'
import type { IdentityTable } from '../table.ts'
import { type Sessions, sessionDependencies } from '../tokens.ts'
import { viewOf } from '../view.ts'

type Dependencies = {
  identity: Pick<IdentityTable, 'insertUser'>
  sessions: Sessions
  hash: (password: string) => Promise<string>
  shopName: string
  now: Now
  newId: NewId
}

/**
 * Takes no idempotency key: its record would keep a fast hash of a body that holds a password. Repeated, it answers that
 * the address is taken, and logging in gives the tokens.
 */
export const register =
  ({ identity, sessions, hash, shopName, now, newId }: Dependencies): Handle<typeof authEndpoints.register> =>
  async ({ body: { email, password, nickname } }) => {
    const acceptable = acceptablePassword(password, { shopName, email })
    if (!acceptable.ok) {
      const { reason, detail } = acceptable
      return problem(reason, detail, { errors: [{ pointer: '/password', code: 'too_weak', detail }] })
    }
    const id = newId('usr')
    const user = await identity.insertUser(
      {
        id,
        email,
        nickname,
        passwordHash: await hash(password),
        hasLongPassword: isLongPassword(password),
        roles: [],
        createdAt: isoTime(now()),
        version: 0,
        sequence: 0,
      },
      [fact(userRegistered, { userId: id, nickname })],
    )
    if (!user) return problem('EMAIL_TAKEN', 'There is an account with this address; log in instead.')
    return { body: { user: viewOf(user), tokens: await sessions.open(id, []) }, location: `/users/${id}` }
  }

export const handler = serve(authEndpoints.register, () =>
  register({ ...sessionDependencies(), hash: hashPassword, shopName: shopSettings().name, now, newId }),
)
