import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../../shared/runtime/export.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { exportPerson } from '../../../published/relations.ts'
import { type FeedTable, feedTable } from '../../feed/table.ts'
import { isPlace } from '../../people.ts'
import { type List, type RelationsTable, relationsTable } from '../../table.ts'

const perPage = 100

export const handler = provide(exportPerson, () => {
  const table = openTable()
  const relations: Pick<RelationsTable, 'list'> = relationsTable({ table, now, newId })
  const feed: Pick<FeedTable, 'deedsOfPerson' | 'visibilityOfPerson'> = feedTable({ table, now })
  /** @param moment what the time in a list's places is called */
  const people =
    (list: List, moment: 'since' | 'until'): ReadKind =>
    async (userId, after) => {
      const page = await relations.list(
        list,
        userId,
        perPage,
        after !== undefined && isPlace(after) ? after : undefined,
      )
      const entries = page.people.map((person) => ({
        at: person.place,
        record: { userId: person.userId, [moment]: person.since },
      }))
      return { entries, more: page.next !== undefined }
    }
  return exported({
    following: people('following', 'since'),
    follower: people('followers', 'since'),
    formerFollowing: people('wasFollowing', 'until'),
    formerFollower: people('wasFollowed', 'until'),
    activity: (userId, after) => feed.deedsOfPerson(userId, after, perPage),
    activityVisibility: feed.visibilityOfPerson,
  })
})
