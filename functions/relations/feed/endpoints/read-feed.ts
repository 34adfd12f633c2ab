import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { serve } from '../../../../shared/runtime/serve.ts'
import type { Item } from '../../../../shared/runtime/table.ts'
import { profileIn } from '../../../published/profiles.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { defaultLimit } from '../../people.ts'
import type { Deed } from '../contract.ts'
import { type FeedTable, feedOf } from '../table.ts'

/** Where much is hidden, so many reads look for more; after that a page is short. */
const maxReads = 3

/** What is no longer to be seen was told all the same: each reading looks at how friends and their wishes are now. */
const seenPage = async (
  feed: FeedTable,
  userId: string,
  limit: number,
  startKey: Item | undefined,
): Promise<{ deeds: Deed[]; lastKey: Item | undefined }> => {
  const deeds: Deed[] = []
  let lastKey = startKey
  for (let reads = 0; reads < maxReads; reads += 1) {
    const page = await feed.list(userId, limit - deeds.length, lastKey)
    for (const deed of await feed.seen(userId, page.deeds)) deeds.push(deed)
    lastKey = page.lastKey
    if (!lastKey || deeds.length === limit) break
  }
  return { deeds, lastKey }
}

export const handler = serve(
  endpoints.readFeed,
  { feed: parts.feed, publicProfiles: parts.publicProfiles },
  async function readFeed({ query: { limit = defaultLimit, cursor }, caller }, { feed, publicProfiles }) {
    const scope = `feed of ${caller.id}`
    const startKey = decodeCursor(scope, cursor, { pk: feedOf(caller.id) })
    const { deeds, lastKey } = await seenPage(feed, caller.id, limit, startKey)
    const userIds = [...new Set(deeds.map(({ actorId }) => actorId))]
    const { profiles } = userIds.length > 0 ? await publicProfiles({ userIds }) : { profiles: [] }
    const shown = profileIn(profiles)
    return {
      body: {
        data: deeds.map(({ id: _, actorId, ...deed }) => ({ ...deed, person: shown(actorId) })),
        next_cursor: lastKey ? encodeCursor(scope, lastKey) : null,
      },
    }
  },
)
