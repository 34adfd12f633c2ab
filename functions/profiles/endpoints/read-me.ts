import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { myProfile } from '../my-profile.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serve(
  endpoints.readMe,
  { profiles: parts.profiles, findUser: parts.findUser, currency: parts.currency },
  async function readMe({ caller }, given) {
    const profile = await myProfile(given, caller.id)
    return profile ? answerOf(profile) : notFound('account')
  },
)
