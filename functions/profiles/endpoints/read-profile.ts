import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { asNew, publicOf } from '../domain.ts'
import * as parts from '../parts.ts'

/** Shows a person whose registration has not arrived yet as they will be. Guests have no profile. */
export const handler = serve(
  endpoints.readProfile,
  { profiles: parts.profiles, findUser: parts.findUser },
  async function readProfile({ params: { userId } }, { profiles, findUser }) {
    const profile = await profiles.get(userId)
    if (profile) return { body: publicOf(profile) }
    const { user } = await findUser({ userId })
    return user ? { body: asNew(user.id, user.nickname) } : notFound('user')
  },
)
