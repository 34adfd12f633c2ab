/** The published language of profiles: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Timestamp, UserId } from '../../shared/contract/schema.ts'
import { findUser } from './identity.ts'

/** What anyone may know of a user. `nickname` is empty where none was chosen, or where it cannot be told just now. */
export const PublicProfile = z.strictObject({
  userId: UserId,
  nickname: z.string().check(z.maxLength(40)),
  avatarUrl: z.string().check(z.maxLength(500)),
})
export type PublicProfile = z.infer<typeof PublicProfile>

export const defaultAvatarUrl = '/avatars/default.svg'

/** How a person is shown while profiles cannot be asked. */
export const unknownProfile = (userId: string): PublicProfile => ({
  userId,
  nickname: '',
  avatarUrl: defaultAvatarUrl,
})

/** What goes on without profiles, for `withFallback(call(publicProfiles), noProfiles)`: nobody is known. */
export const noProfiles = (): { profiles: PublicProfile[] } => ({ profiles: [] })

/** Finds people in an answer; those who are not in it are shown as unknown. */
export const profileIn = (profiles: readonly PublicProfile[]): ((userId: string) => PublicProfile) => {
  const known = new Map(profiles.map((profile) => [profile.userId, profile]))
  return (userId) => known.get(userId) ?? unknownProfile(userId)
}

export const publicProfiles = procedure({
  service: 'profiles',
  name: 'public-profiles',
  summary: 'Tell how users want to be shown; those who do not exist are left out',
  input: z.strictObject({ userIds: z.array(UserId).check(z.maxLength(100)) }),
  output: z.strictObject({ profiles: z.array(PublicProfile).check(z.maxLength(100)) }),
  table: ['BatchGetItem'],
  calls: [findUser],
})

export const exportPerson = exportPersonOf('profiles', ['GetItem'])

export const profileUpdated = event({
  service: 'profiles',
  type: 'profile.updated',
  schemaVersion: 1,
  summary: 'How someone is shown to others has changed',
  data: z.object({
    userId: UserId,
    nickname: z.string().check(z.maxLength(40)),
    avatarUrl: z.string().check(z.maxLength(500)),
    /** Whether friends may see what this person reviews and wishes for. */
    showsActivity: z.boolean(),
    /** Since when they may: said in every event, so that the newest alone says it, whichever came before. */
    showsActivitySince: z.optional(Timestamp),
  }),
})

export const personErased = personErasedBy('profiles')
