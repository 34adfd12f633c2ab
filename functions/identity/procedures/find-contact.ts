import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findContact } from '../../published/identity.ts'
import { identityTable } from '../table.ts'

/** Apart from `find-user`, so that only those who write to people are told their address. */
export const handler = provide(findContact, () => {
  const identity = identityTable({ table: openTable(), now, newId })
  return async ({ userId }) => {
    const user = await identity.getUser(userId)
    return user ? { email: user.email } : {}
  }
})
