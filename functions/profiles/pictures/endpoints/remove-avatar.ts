import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { type PicturesTable, picturesTable } from '../table.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'get'>; pictures: Pick<PicturesTable, 'choose'> }

/** Where there is none, not even a profile yet, there is nothing to do. */
export const removeAvatar =
  ({ profiles, pictures }: Dependencies): Handle<typeof endpoints.removeAvatar> =>
  ({ caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.removeAvatar>>(async () => {
      const before = await profiles.get(caller.id)
      if (!before) return { body: undefined }
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.avatar === undefined) return { body: undefined, version: before.version }
      const chosen = await pictures.choose({ ...before, avatar: undefined }, before)
      return typeof chosen === 'object' ? { body: undefined, version: chosen.profile.version } : undefined
    })

export const handler = serve(endpoints.removeAvatar, () => {
  const parts = { table: openTable(), now, newId }
  return removeAvatar({ profiles: profilesTable(parts), pictures: picturesTable(parts) })
})
