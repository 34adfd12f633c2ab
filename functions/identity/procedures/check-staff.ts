import * as contract from '../../../shared/contract/staff-check.ts'
import { provide } from '../../../shared/runtime/call.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  contract.checkStaff,
  { identity: parts.identity },
  async function checkStaff({ userId, sessionId }, { identity }) {
    return { isStaff: await identity.isStaff({ id: userId, sessionId }) }
  },
)
