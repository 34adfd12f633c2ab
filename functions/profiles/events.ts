import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { personErasedBy } from '../../shared/contract/personal-data.ts'
import { Timestamp, UserId } from '../../shared/contract/schema.ts'

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
