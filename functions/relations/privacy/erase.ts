/** Takes a person out of this service, a bounded number of steps at a time. */
import { newId, now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Defer, defer } from '../../../shared/runtime/task.ts'
import { tasks } from '../contract.ts'
import { type FeedTable, feedTable } from '../feed/table.ts'
import { type List, type RelationsTable, relationsTable } from '../table.ts'
import { type ErasureTable, erasureTable } from './table.ts'

export type Dependencies = {
  relations: Pick<RelationsTable, 'getPair' | 'list'>
  feed: Pick<FeedTable, 'listKept' | 'remove'>
  erasure: Pick<ErasureTable, 'closeCounts' | 'erasePair'>
  goOn: Defer<typeof tasks.eraseRelations>
}

/** Of each list in one round; rounds of one run; and how many things go at once. */
const [perRound, rounds, atOnce] = [50, 4, 10]

const everyList: readonly List[] = ['following', 'followers', 'wasFollowing', 'wasFollowed']

const inGroups = async <T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < all.length; from += atOnce) await Promise.all(all.slice(from, from + atOnce).map(work))
}

/** The edges go first: without them nobody is told of the person any more. @returns whether nothing was left */
const eraseRound = async ({ relations, feed, erasure }: Dependencies, userId: string): Promise<boolean> => {
  const pages = await Promise.all(everyList.map((list) => relations.list(list, userId, perRound)))
  const others = [...new Set(pages.flatMap(({ people }) => people.map((person) => person.userId)))]
  await inGroups(others, (other) => repeated(async () => erasure.erasePair(await relations.getPair(userId, other))))
  if (others.length > 0) return false
  const kept = await feed.listKept(userId, perRound)
  await inGroups(kept, feed.remove)
  return kept.length === 0
}

/** What one run leaves, the next one takes up: a message for it is left behind. @returns whether nothing was left */
export const eraseSome = async (dependencies: Dependencies, userId: string): Promise<boolean> => {
  for (let round = 0; round < rounds; round += 1) if (await eraseRound(dependencies, userId)) return true
  await dependencies.goOn({ userId })
  return false
}

export const erasingDependencies = (): Dependencies => {
  const table = openTable()
  return {
    relations: relationsTable({ table, now, newId }),
    feed: feedTable({ table, now }),
    erasure: erasureTable({ table, now }),
    goOn: defer('erase-relations', tasks.eraseRelations),
  }
}
