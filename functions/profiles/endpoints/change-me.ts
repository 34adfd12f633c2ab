import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { changed } from '../domain.ts'
import { myProfile } from '../my-profile.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

/** A change that changes nothing writes nothing. */
export const handler = serve(
  endpoints.changeMe,
  { profiles: parts.profiles, findUser: parts.findUser, currency: parts.currency },
  function changeMe({ caller, body, ifMatch }, given) {
    return retryOnConflict(async () => {
      const before = await myProfile(given, caller.id)
      if (!before) return notFound('account')
      if (isStale(ifMatch, before.version)) return staleVersion()
      const after = changed(before, body, isoTime(now()))
      if (after === before) return answerOf(before)
      const written = await given.profiles.replace(after, before)
      return written && answerOf(written)
    })
  },
)
