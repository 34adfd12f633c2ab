import { consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'

/** The newest that profiles said of someone counts, in whatever order it comes, and says all that is kept. */
export const handler = consume(
  consumers.recordVisibility,
  { feed: parts.feed },
  async function recordVisibility({ data: { userId, showsActivity, showsActivitySince }, time, sequence }, { feed }) {
    return feed.recordVisibility(userId, { shows: showsActivity, since: showsActivitySince, at: time }, sequence)
  },
)
