/** One's own profile, which exists from the moment that the account does. */
import { type Call, call } from '../../shared/runtime/call.ts'
import { newId, now } from '../../shared/runtime/clock.ts'
import { shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { findUser } from '../published/identity.ts'
import { opened, type Profile } from './domain.ts'
import { type ProfilesTable, profilesTable } from './table.ts'

type Dependencies = {
  profiles: Pick<ProfilesTable, 'get' | 'insert'>
  findUser: Call<typeof findUser>
  currency: string
}

/**
 * Where the news of the account has not arrived yet, its profile is opened here as it would be there; the news then finds it
 * done. @returns undefined when there is no such account, or none any more @throws UnavailableError when identity cannot say
 */
export const ownProfile =
  ({ profiles, findUser, currency }: Dependencies) =>
  async (userId: string): Promise<Profile | undefined> => {
    const known = await profiles.get(userId)
    if (known) return known
    const { user } = await findUser({ userId })
    if (!user) return undefined
    return (await profiles.insert(opened(user.id, user.nickname, currency))) ?? profiles.get(userId)
  }

export type OwnProfile = ReturnType<typeof ownProfile>

/** What the functions for one's own profile are made from. */
export const ownDependencies = () => {
  const profiles = profilesTable({ table: openTable(), now, newId })
  const own = ownProfile({ profiles, findUser: call(findUser), currency: shopSettings().currency })
  return { profiles, own, now }
}
