import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { type OwnProfile, ownDependencies } from '../own.ts'
import { answerOf } from '../view.ts'

export const readMe =
  ({ own }: { own: OwnProfile }): Handle<typeof endpoints.readMe> =>
  async ({ caller }) => {
    const profile = await own(caller.id)
    return profile ? answerOf(profile) : notFound('account')
  }

export const handler = serve(endpoints.readMe, () => readMe(ownDependencies()))
