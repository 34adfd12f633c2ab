import { isoTime, type Now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { changed } from '../domain.ts'
import { type OwnProfile, ownDependencies } from '../own.ts'
import type { ProfilesTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'replace'>; own: OwnProfile; now: Now }

/** A change that changes nothing writes nothing. */
export const changeMe =
  ({ profiles, own, now }: Dependencies): Handle<typeof endpoints.changeMe> =>
  ({ caller, body, ifMatch }) =>
    repeated<Answer<typeof endpoints.changeMe>>(async () => {
      const before = await own(caller.id)
      if (!before) return notFound('account')
      if (isStale(ifMatch, before.version)) return staleVersion()
      const after = changed(before, body, isoTime(now()))
      if (after === before) return answerOf(before)
      const written = await profiles.replace(after, before)
      return written && answerOf(written)
    })

export const handler = serve(endpoints.changeMe, () => changeMe(ownDependencies()))
