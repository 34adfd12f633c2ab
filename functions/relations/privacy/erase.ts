/** Takes a person out of this service, a bounded number of steps at a time. */
import { slicesOf } from '../../../shared/domain/slices.ts'
import type { PartsOf } from '../../../shared/runtime/instance.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import * as parts from '../parts.ts'
import type { List } from '../table.ts'

/** What erasing takes, for a function that does it. */
export const erasingParts = {
  relations: parts.relations,
  feed: parts.feed,
  erasure: parts.erasure,
  eraseLater: parts.eraseLater,
}
type Given = PartsOf<typeof erasingParts>

/** Of each list in one round; rounds of one run; and how many things go at once. */
const [perRound, rounds, atOnce] = [50, 4, 10]

const everyList: readonly List[] = ['following', 'followers', 'wasFollowing', 'wasFollowed']

const inGroups = async <T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> => {
  for (const some of slicesOf(all, atOnce)) await Promise.all(some.map(work))
}

/** The edges go first: without them no feed gets anything of the person any more. @returns whether nothing was left */
const eraseRound = async ({ relations, feed, erasure }: Given, userId: string): Promise<boolean> => {
  const pages = await Promise.all(everyList.map((list) => relations.list(list, userId, perRound)))
  const others = [...new Set(pages.flatMap(({ people }) => people.map((person) => person.userId)))]
  await inGroups(others, (other) =>
    retryOnConflict(async () => erasure.erasePair(await relations.getPair(userId, other))),
  )
  if (others.length > 0) return false
  const kept = await feed.listKept(userId, perRound)
  await inGroups(kept, feed.remove)
  return kept.length === 0
}

/** What one run leaves, the next one takes up: a message for it is left behind. @returns whether nothing was left */
export const eraseSome = async (given: Given, userId: string): Promise<boolean> => {
  for (let round = 0; round < rounds; round += 1) if (await eraseRound(given, userId)) return true
  await given.eraseLater({ userId })
  return false
}
