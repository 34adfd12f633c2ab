/** One's own profile, which exists from the moment that the account does. */
import type { Call } from '../../shared/runtime/call.ts'
import type * as identity from '../published/identity.ts'
import { opened, type Profile } from './domain.ts'
import type { ProfilesTable } from './table.ts'

/**
 * Where the news of the account has not arrived yet, its profile is opened here as it would be there; the news then finds it
 * done. @returns undefined when there is no such account, or none any more @throws UnavailableError when identity cannot say
 */
export const myProfile = async (
  {
    profiles,
    findUser,
    currency,
  }: { profiles: ProfilesTable; findUser: Call<typeof identity.findUser>; currency: string },
  userId: string,
): Promise<Profile | undefined> => {
  const known = await profiles.get(userId)
  if (known) return known
  const { user } = await findUser({ userId })
  if (!user) return undefined
  return (await profiles.insert(opened(user.id, user.nickname, currency))) ?? profiles.get(userId)
}
