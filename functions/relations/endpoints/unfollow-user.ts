import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { userUnfollowed } from '../../published/relations.ts'
import { endpoints } from '../contract.ts'
import { unfollowed } from '../domain.ts'
import * as parts from '../parts.ts'

/** Afterwards I do not follow them, whether I did before, and whether they exist or not. */
export const handler = serve(
  endpoints.unfollowUser,
  { relations: parts.relations },
  async function unfollowUser({ params: { userId }, caller }, { relations }) {
    await retryOnConflict(async () => {
      const before = await relations.getPair(caller.id, userId)
      const after = unfollowed(before, isoTime(now()))
      if (!after) return 'done'
      const newEvents = [newEvent(userUnfollowed, { followerId: caller.id, followedId: userId })]
      const written = await relations.change(before, after, newEvents)
      return written === 'lost' ? undefined : 'done'
    })
    return { body: undefined }
  },
)
