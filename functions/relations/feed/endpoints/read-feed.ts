import { decodeCursor, defaultLimit, nextCursor } from '../../../../shared/runtime/cursor.ts'
import { serve } from '../../../../shared/runtime/serve.ts'
import type { Item } from '../../../../shared/runtime/table.ts'
import { profileIn } from '../../../published/profiles.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import type { Activity } from '../contract.ts'
import { type FeedTable, feedOf } from '../table.ts'

/** Where much is hidden, so many reads look for more; after that a page is short. */
const maxReads = 3

/** Hides what may no longer be seen, though it is in the feed: each reading looks at friends and settings as they are now. */
const seenPage = async (
  feed: FeedTable,
  userId: string,
  limit: number,
  startKey: Item | undefined,
): Promise<{ activities: Activity[]; lastKey: Item | undefined }> => {
  const activities: Activity[] = []
  let lastKey = startKey
  for (let reads = 0; reads < maxReads; reads += 1) {
    const page = await feed.list(userId, limit - activities.length, lastKey)
    for (const activity of await feed.seen(userId, page.activities)) activities.push(activity)
    lastKey = page.lastKey
    if (!lastKey || activities.length === limit) break
  }
  return { activities, lastKey }
}

export const handler = serve(
  endpoints.readFeed,
  { feed: parts.feed, publicProfiles: parts.publicProfiles },
  async function readFeed({ query: { limit = defaultLimit, cursor }, caller }, { feed, publicProfiles }) {
    const scope = `feed of ${caller.id}`
    const startKey = decodeCursor(scope, cursor, { pk: feedOf(caller.id) })
    const { activities, lastKey } = await seenPage(feed, caller.id, limit, startKey)
    const userIds = [...new Set(activities.map(({ actorId }) => actorId))]
    const { profiles } = userIds.length > 0 ? await publicProfiles({ userIds }) : { profiles: [] }
    const shown = profileIn(profiles)
    return {
      body: {
        data: activities.map(({ id: _, actorId, ...activity }) => ({ ...activity, person: shown(actorId) })),
        next_cursor: nextCursor(scope, lastKey),
      },
    }
  },
)
