import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  problem,
  serve,
  staleVersion,
} from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { authEndpoints } from '../auth-contract.ts'
import { passwordLengths } from '../domain.ts'
import { type IdentityTable, identityTable } from '../table.ts'
import { viewOf } from '../view.ts'

type Dependencies = { identity: Pick<IdentityTable, 'getUser' | 'replaceUser'> }

/** Staff cannot take their own role away, so that a shop never ends without any. */
export const setRoles =
  ({ identity }: Dependencies): Handle<typeof authEndpoints.setRoles> =>
  ({ params: { userId }, body, caller, ifMatch }) =>
    repeated<Answer<typeof authEndpoints.setRoles>>(async () => {
      const user = await identity.getUser(userId)
      if (!user) return notFound('user')
      if (isStale(ifMatch, user.version)) return staleVersion()
      const roles = [...new Set(body.roles)]
      if (userId === caller.id && !roles.includes('staff'))
        return problem('OWN_ROLE', 'Nobody takes away their own role.')
      if (roles.includes('staff') && !user.hasLongPassword)
        return problem(
          'PASSWORD_TOO_SHORT_FOR_STAFF',
          `Staff need a password of ${passwordLengths.leastForStaff} characters or more.`,
        )
      const written = await identity.replaceUser({ ...user, roles })
      return written && { body: viewOf(written), version: written.version }
    })

export const handler = serve(authEndpoints.setRoles, () =>
  setRoles({ identity: identityTable({ table: openTable(), now, newId }) }),
)
