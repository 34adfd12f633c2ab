import { networkOf } from '../../../../shared/domain/network.ts'
import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import { newEvent } from '../../../../shared/runtime/outbox.ts'
import { problem, serve } from '../../../../shared/runtime/serve.ts'
import { userRegistered } from '../../../published/identity.ts'
import * as parts from '../../parts.ts'
import { acceptablePassword, isLongPassword } from '../../passwords/password-rules.ts'
import { hashPassword } from '../../passwords/passwords.ts'
import { viewOf } from '../../view.ts'
import { authEndpoints } from '../contract.ts'

const emailTaken = () => problem('EMAIL_TAKEN', 'There is an account with this address; log in instead.')

/**
 * Takes no idempotency key: its record would keep a fast hash of a body that holds a password. Repeated, it answers that
 * the address is taken, and logging in gives the tokens. That answer tells which addresses have accounts, so a network gets
 * it a few times only: from then on all of its registrations wait.
 */
export const handler = serve(
  authEndpoints.register,
  { identity: parts.identity, attempts: parts.attempts, sessions: parts.sessions, shopName: parts.shopName },
  async function register(
    { body: { email, password, nickname }, sourceIp },
    { identity, attempts, sessions, shopName },
  ) {
    const tooMany = (retryAfterSeconds: number) =>
      problem('TOO_MANY_REQUESTS', 'Too many registrations from this network were refused; wait before the next.', {
        retryAfterSeconds,
      })
    const acceptable = acceptablePassword(password, { shopName, email })
    if (!acceptable.ok) {
      const { reason, detail } = acceptable
      return problem(reason, detail, { errors: [{ pointer: '/password', code: 'too_weak', detail }] })
    }
    const network = networkOf(sourceIp)
    const [passwordHash, place] = await Promise.all([
      hashPassword(password),
      attempts.lookForPlace('registration', network),
    ])
    if (!place.free) return tooMany(place.retryAfterSeconds)
    const id = newId('usr')
    const user = await identity.insertUser(
      {
        id,
        email,
        nickname,
        passwordHash,
        hasLongPassword: isLongPassword(password),
        roles: [],
        createdAt: isoTime(now()),
        version: 0,
        sequence: 0,
      },
      [newEvent(userRegistered, { userId: id, nickname })],
    )
    if (!user) {
      const taken = await attempts.takePlace('registration', network)
      return taken.free ? emailTaken() : tooMany(taken.retryAfterSeconds)
    }
    return { body: { user: viewOf(user), tokens: await sessions.open(user) }, location: `/users/${id}` }
  },
)
