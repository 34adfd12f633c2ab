import { now, randomHex } from '../../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { notFound, type Problem, problem, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import type { User } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { verifyPassword } from '../../passwords/passwords.ts'
import type { AttemptsTable } from '../../sessions/attempts-table.ts'
import { type Erasure, isFreshLogin } from '../domain.ts'
import { personalDataServiceNames } from '../personal-data-services.ts'
import { receiptOf } from '../view.ts'

type Refusal = Problem<'REAUTHENTICATION_REQUIRED' | 'WRONG_PASSWORD' | 'STAFF_ACCOUNT' | 'TOO_MANY_REQUESTS'>

/** 256 random bits, base64url. */
const newErasureId = (): string => `ers_${Buffer.from(randomHex(32), 'hex').toString('base64url')}`

const answerOf = (erasure: Erasure) => ({ body: receiptOf(erasure), location: `/erasures/${erasure.id}` })

/** Whoever guesses here holds a token of the account already, so that nobody else can use up its places. */
const refusalOf = async (
  attempts: AttemptsTable,
  user: User,
  password: string | undefined,
  authenticatedAt: number | undefined,
): Promise<Refusal | undefined> => {
  if (user.roles.includes('staff'))
    return problem('STAFF_ACCOUNT', 'Another of the staff takes the role away first; so a shop never ends without any.')
  if (password === undefined)
    return isFreshLogin(authenticatedAt, now())
      ? undefined
      : problem('REAUTHENTICATION_REQUIRED', 'This cannot be undone: send your password along, or log in anew.')
  const place = await attempts.takePlace('account-device', user.id)
  if (!place.free)
    return problem('TOO_MANY_REQUESTS', 'Too many failed attempts; wait before the next.', {
      retryAfterSeconds: place.retryAfterSeconds,
    })
  const { right } = await verifyPassword(user.passwordHash, password)
  return right ? undefined : problem('WRONG_PASSWORD', 'The password is not right.')
}

/** A token that was left behind or stolen is not enough to end an account; a guest has nothing else to show. */
export const handler = serve(
  endpoints.eraseMe,
  { erasures: parts.erasures, attempts: parts.attempts },
  async function eraseMe({ caller, body: { password } }, { erasures, attempts }) {
    let isAdmitted = false
    return retryOnConflict(async () => {
      const { user, erasureId } = await erasures.find(caller.id)
      if (erasureId !== undefined) {
        const erasure = await erasures.get(erasureId)
        return erasure ? answerOf(erasure) : notFound('erasure')
      }
      const refusal =
        user && !isAdmitted ? await refusalOf(attempts, user, password, caller.authenticatedAt) : undefined
      if (refusal) return refusal
      isAdmitted = true
      const wish = { id: newErasureId(), userId: caller.id, services: personalDataServiceNames }
      const begun = await erasures.begin(wish, user)
      return begun && answerOf(begun)
    })
  },
)
