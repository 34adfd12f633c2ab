import { provide } from '../../../../shared/runtime/call.ts'
import { exportPage, type ReadKind } from '../../../../shared/runtime/export.ts'
import * as published from '../../../published/relations.ts'
import * as parts from '../../parts.ts'
import { isPlace } from '../../people.ts'
import type { List, RelationsTable } from '../../table.ts'

const perPage = 100

/** @param moment what the time in a list's places is called */
const people =
  (relations: RelationsTable, list: List, moment: 'since' | 'until'): ReadKind =>
  async (userId, after) => {
    const page = await relations.list(list, userId, perPage, after !== undefined && isPlace(after) ? after : undefined)
    const entries = page.people.map((person) => ({
      at: person.place,
      record: { userId: person.userId, [moment]: person.since },
    }))
    return { entries, more: page.next !== undefined }
  }

export const handler = provide(
  published.exportPerson,
  { relations: parts.relations, feed: parts.feed },
  function exportPerson(person, { relations, feed }) {
    return exportPage(person, {
      following: people(relations, 'following', 'since'),
      follower: people(relations, 'followers', 'since'),
      formerFollowing: people(relations, 'wasFollowing', 'until'),
      formerFollower: people(relations, 'wasFollowed', 'until'),
      activity: (userId, after) => feed.activitiesOfPerson(userId, after, perPage),
      activityVisibility: feed.visibilityOfPerson,
    })
  },
)
