/** Tells friends what someone did: a page of them at a time, so that one with many friends costs many small steps. */
import { newId, now } from '../../../shared/runtime/clock.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Defer, defer } from '../../../shared/runtime/task.ts'
import { type RelationsTable, relationsTable } from '../table.ts'
import { type Deed, feedTasks } from './contract.ts'
import { type FeedTable, feedTable } from './table.ts'

export type Dependencies = {
  relations: Pick<RelationsTable, 'list'>
  feed: Pick<FeedTable, 'takeOn' | 'tell'>
  goOn: Defer<typeof feedTasks.tellFriends>
}

/** Friends that one step tells, and how many of them at once. */
const friendsPerStep = 100
const atOnce = 10

export const tellSome = async (
  { relations, feed, goOn }: Dependencies,
  deed: Deed,
  after?: string | undefined,
): Promise<void> => {
  const { people, next } = await relations.list('friends', deed.actorId, friendsPerStep, after)
  for (let from = 0; from < people.length; from += atOnce)
    await Promise.all(people.slice(from, from + atOnce).map(({ userId }) => feed.tell(userId, deed)))
  if (next !== undefined) await goOn({ deed, after: next })
}

export const tellingDependencies = (): Dependencies => {
  const table = openTable()
  return {
    relations: relationsTable({ table, now, newId }),
    feed: feedTable({ table, now }),
    goOn: defer('tell-friends', feedTasks.tellFriends),
  }
}
