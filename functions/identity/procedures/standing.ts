import * as contract from '../../../shared/contract/standing.ts'
import { provide } from '../../../shared/runtime/call.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  contract.standing,
  { identity: parts.identity },
  async function standing({ userId, sessionId }, { identity }) {
    return { isStaff: await identity.isStaff({ id: userId, sessionId }) }
  },
)
