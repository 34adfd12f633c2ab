import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type OwnProfile, ownDependencies } from '../own.ts'
import { type PicturesTable, picturesTable } from '../pictures-table.ts'

type Dependencies = { own: OwnProfile; pictures: Pick<PicturesTable, 'choose'> }

/** Where there is none, there is nothing to do. */
export const removeAvatar =
  ({ own, pictures }: Dependencies): Handle<typeof endpoints.removeAvatar> =>
  ({ caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.removeAvatar>>(async () => {
      const before = await own(caller.id)
      if (!before) return notFound('account')
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.avatar === undefined) return { body: undefined, version: before.version }
      const chosen = await pictures.choose({ ...before, avatar: undefined }, before)
      return typeof chosen === 'object' ? { body: undefined, version: chosen.profile.version } : undefined
    })

export const handler = serve(endpoints.removeAvatar, () =>
  removeAvatar({ ...ownDependencies(), pictures: picturesTable({ table: openTable(), now, newId }) }),
)
