import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

/** Where there is none, not even a profile yet, there is nothing to do. */
export const handler = serve(
  endpoints.removeAvatar,
  { profiles: parts.profiles, pictures: parts.pictures },
  function removeAvatar({ caller, ifMatch }, { profiles, pictures }) {
    return retryOnConflict(async () => {
      const before = await profiles.get(caller.id)
      if (!before) return { body: undefined }
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.avatar === undefined) return { body: undefined, version: before.version }
      const chosen = await pictures.choose({ ...before, avatar: undefined }, before)
      return typeof chosen === 'object' ? { body: undefined, version: chosen.profile.version } : undefined
    })
  },
)
