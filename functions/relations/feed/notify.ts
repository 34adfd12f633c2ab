/** Adds what someone did to the feeds of friends: a page of them at a time, so that one with many friends costs many small steps. */
import { slicesOf } from '../../../shared/domain/slices.ts'
import type { PartsOf } from '../../../shared/runtime/instance.ts'
import * as parts from '../parts.ts'
import type { Activity } from './contract.ts'

/** The parts that a function needs for it. */
export const notifyParts = { relations: parts.relations, feed: parts.feed, notifyLater: parts.notifyLater }

/** Friends whose feeds one step fills, and how many of them at once. */
const friendsPerStep = 100
const atOnce = 10

export const notifyPage = async (
  { relations, feed, notifyLater }: PartsOf<typeof notifyParts>,
  activity: Activity,
  after?: string | undefined,
): Promise<void> => {
  const { people, next } = await relations.list('friends', activity.actorId, friendsPerStep, after)
  for (const some of slicesOf(people, atOnce))
    await Promise.all(some.map(({ userId }) => feed.addToFeed(userId, activity)))
  if (next !== undefined) await notifyLater({ activity, after: next })
}
