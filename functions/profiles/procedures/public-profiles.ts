import { type Call, call, provide, withFallback } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findUser } from '../../published/identity.ts'
import { type PublicProfile, publicProfiles } from '../../published/profiles.ts'
import { asNew, publicOf } from '../domain.ts'
import { type ProfilesTable, profilesTable } from '../table.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'list'>; findUser: Call<typeof findUser> }

/** People whose registration has not been heard of yet are asked for one by one: so many, the others are left out. */
const mostAskedFor = 5

/** Guests have accounts nowhere, and so no profile. */
const isUser = (userId: string): boolean => userId.startsWith('usr_')

export const tellPublicProfiles =
  ({ profiles, findUser }: Dependencies) =>
  async (input: { userIds: readonly string[] }): Promise<{ profiles: PublicProfile[] }> => {
    const userIds = [...new Set(input.userIds.filter(isUser))]
    const known = userIds.length > 0 ? await profiles.list(userIds) : []
    const missing = userIds.filter((id) => !known.some(({ userId }) => userId === id)).slice(0, mostAskedFor)
    const found = await Promise.all(missing.map((userId) => findUser({ userId })))
    const unheardOf = found.flatMap(({ user }) => (user ? [asNew(user.id, user.nickname)] : []))
    return { profiles: [...known.map(publicOf), ...unheardOf] }
  }

export const handler = provide(publicProfiles, () =>
  tellPublicProfiles({
    profiles: profilesTable({ table: openTable(), now, newId }),
    findUser: withFallback(call(findUser), () => ({})),
  }),
)
