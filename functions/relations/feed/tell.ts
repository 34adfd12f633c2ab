/** Tells friends what someone did: a page of them at a time, so that one with many friends costs many small steps. */
import type { PartsOf } from '../../../shared/runtime/instance.ts'
import * as parts from '../parts.ts'
import type { Deed } from './contract.ts'

/** What telling takes, for a function that does it. */
export const tellingParts = { relations: parts.relations, feed: parts.feed, tellLater: parts.tellLater }

/** Friends that one step tells, and how many of them at once. */
const friendsPerStep = 100
const atOnce = 10

export const tellSome = async (
  { relations, feed, tellLater }: PartsOf<typeof tellingParts>,
  deed: Deed,
  after?: string | undefined,
): Promise<void> => {
  const { people, next } = await relations.list('friends', deed.actorId, friendsPerStep, after)
  for (let from = 0; from < people.length; from += atOnce)
    await Promise.all(people.slice(from, from + atOnce).map(({ userId }) => feed.tell(userId, deed)))
  if (next !== undefined) await tellLater({ deed, after: next })
}
