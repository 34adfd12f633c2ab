import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/identity.ts'
import * as parts from '../parts.ts'

/** For services that have not heard of someone yet: an account is known here from the moment it is made. */
export const handler = provide(
  published.findUser,
  { identity: parts.identity },
  async function findUser({ userId }, { identity }) {
    const user = await identity.getUser(userId)
    return user ? { user: { id: user.id, nickname: user.nickname, createdAt: user.createdAt } } : {}
  },
)
