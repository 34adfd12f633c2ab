import { notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import * as parts from '../parts.ts'
import { authEndpoints } from '../sessions/contract.ts'
import { roleRecordOf } from '../view.ts'

export const handler = serve(
  authEndpoints.readRoles,
  { identity: parts.identity },
  async function readRoles({ params: { userId }, caller }, { identity }) {
    const found = await identity.findForStaff(userId, caller)
    if (!found.caller) return problem('FORBIDDEN', 'This needs a staff account.')
    return found.user ? { body: roleRecordOf(found.user), version: found.user.version } : notFound('user')
  },
)
