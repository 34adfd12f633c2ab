import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { authEndpoints } from '../sessions/contract.ts'
import { type IdentityTable, identityTable } from '../table.ts'
import { roleRecordOf } from '../view.ts'

export const readRoles =
  ({ identity }: { identity: Pick<IdentityTable, 'findForStaff'> }): Handle<typeof authEndpoints.readRoles> =>
  async ({ params: { userId }, caller }) => {
    const found = await identity.findForStaff(userId, caller)
    if (!found.caller) return problem('FORBIDDEN', 'This needs a staff account.')
    return found.user ? { body: roleRecordOf(found.user), version: found.user.version } : notFound('user')
  }

export const handler = serve(authEndpoints.readRoles, () =>
  readRoles({ identity: identityTable({ table: openTable(), now, newId }) }),
)
