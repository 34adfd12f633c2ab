/** How authors want to be shown. */
import { type Call, withFallback } from '../../shared/runtime/call.ts'
import { type PublicProfile, type publicProfiles, unknownProfile } from '../profiles/procedures.ts'

export type Authors = (userIds: readonly string[]) => Promise<(userId: string) => PublicProfile>

/** Reviews are shown without their authors' names and pictures where profiles cannot be asked. */
export const authors = (ask: Call<typeof publicProfiles>): Authors => {
  const profilesOf = withFallback(ask, () => ({ profiles: [] }))
  return async (userIds) => {
    if (userIds.length === 0) return unknownProfile
    const { profiles } = await profilesOf({ userIds: [...userIds] })
    const byId = new Map(profiles.map((profile) => [profile.userId, profile]))
    return (userId) => byId.get(userId) ?? unknownProfile(userId)
  }
}
