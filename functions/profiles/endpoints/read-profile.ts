import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findUser } from '../../published/identity.ts'
import { endpoints } from '../contract.ts'
import { asNew, publicOf } from '../domain.ts'
import { type ProfilesTable, profilesTable } from '../table.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'get'>; findUser: Call<typeof findUser> }

/** Someone whose registration has not been heard of yet is shown as they will be. Guests have no profile. */
export const readProfile =
  ({ profiles, findUser }: Dependencies): Handle<typeof endpoints.readProfile> =>
  async ({ params: { userId } }) => {
    const profile = await profiles.get(userId)
    if (profile) return { body: publicOf(profile) }
    const { user } = await findUser({ userId })
    return user ? { body: asNew(user.id, user.nickname) } : notFound('user')
  }

export const handler = serve(endpoints.readProfile, () =>
  readProfile({ profiles: profilesTable({ table: openTable(), now, newId }), findUser: call(findUser) }),
)
