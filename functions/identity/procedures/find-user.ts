import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findUser } from '../../published/identity.ts'
import { identityTable } from '../table.ts'

/** For services that have not heard of someone yet: an account is known here from the moment it is made. */
export const handler = provide(findUser, () => {
  const identity = identityTable({ table: openTable(), now, newId })
  return async ({ userId }) => {
    const user = await identity.getUser(userId)
    return user ? { user: { id: user.id, nickname: user.nickname, createdAt: user.createdAt } } : {}
  }
})
