import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { logger } from '../../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { withRoles } from '../domain.ts'
import * as parts from '../parts.ts'
import { passwordLengths } from '../schema.ts'
import { authEndpoints } from '../sessions/contract.ts'
import { viewOf } from '../view.ts'

/**
 * Staff cannot take their own role away, so that a shop never ends without any. Whether the caller is staff is decided by
 * their own account and session in the very write, never by the token: a role that was taken cannot be given back with what
 * is left of it.
 */
export const handler = serve(
  authEndpoints.setRoles,
  { identity: parts.identity },
  function setRoles({ params: { userId }, body, caller, ifMatch }, { identity }) {
    return retryOnConflict(async () => {
      const found = await identity.findForStaff(userId, caller)
      if (!found.caller) return problem('FORBIDDEN', 'This needs a staff account.')
      if (!found.user) return notFound('user')
      const { user } = found
      if (isStale(ifMatch, user.version)) return staleVersion()
      const roles = [...new Set(body.roles)]
      if (userId === caller.id && !roles.includes('staff'))
        return problem('OWN_ROLE', 'Nobody takes away their own role.')
      if (roles.includes('staff') && !user.hasLongPassword)
        return problem(
          'PASSWORD_TOO_SHORT_FOR_STAFF',
          `Staff need a password of ${passwordLengths.leastForStaff} characters or more.`,
        )
      const changed = withRoles(user, { at: isoTime(now()), by: caller.id, roles })
      const written = await identity.replaceUserAs(found.caller, caller.sessionId, changed)
      if (written) logger.info('roles set', { by: caller.id, user_id: userId, roles })
      return written && { body: viewOf(written), version: written.version }
    })
  },
)
