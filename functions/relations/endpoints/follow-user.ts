import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { notFound, personIsErased, problem, serve } from '../../../shared/runtime/serve.ts'
import { userFollowed } from '../../published/relations.ts'
import { endpoints } from '../contract.ts'
import { followed } from '../domain.ts'
import * as parts from '../parts.ts'

/** Identity is asked only where something is to be written: following again costs one read. */
export const handler = serve(
  endpoints.followUser,
  { relations: parts.relations, findUser: parts.findUser },
  async function followUser({ params: { userId }, caller }, { relations, findUser }) {
    if (userId === caller.id) return problem('CANNOT_FOLLOW_YOURSELF', 'Nobody follows themselves.')
    const newEvents = [newEvent(userFollowed, { followerId: caller.id, followedId: userId })]
    const outcome = await retryOnConflict(async () => {
      const before = await relations.getPair(caller.id, userId)
      const after = followed(before, isoTime(now()))
      if (!after) return 'written'
      if (!(await findUser({ userId })).user) return 'unknown'
      const written = await relations.change(before, after, newEvents)
      return written === 'lost' ? undefined : written
    })
    if (outcome === 'I am erased') return personIsErased()
    return outcome === 'written' ? { body: undefined } : notFound('user')
  },
)
