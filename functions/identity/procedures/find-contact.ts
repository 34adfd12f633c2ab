import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/identity.ts'
import * as parts from '../parts.ts'

/** Apart from `find-user`, so that only those who write to people are told their address. */
export const handler = provide(
  published.findContact,
  { identity: parts.identity },
  async function findContact({ userId }, { identity }) {
    const user = await identity.getUser(userId)
    return user ? { email: user.email } : {}
  },
)
