import { now } from '../../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { consumers } from '../../contract.ts'
import { type FeedTable, feedTable } from '../table.ts'

/** The newest that profiles said of someone counts, in whatever order it comes, and says all that is kept. */
export const noteVisibility =
  ({ feed }: { feed: Pick<FeedTable, 'noteVisibility'> }): Consume<typeof consumers.noteVisibility> =>
  async ({ data: { userId, showsActivity, showsActivitySince }, time, sequence }) =>
    feed.noteVisibility(userId, { shows: showsActivity, since: showsActivitySince, at: time }, sequence)

export const handler = consume(consumers.noteVisibility, () =>
  noteVisibility({ feed: feedTable({ table: openTable(), now }) }),
)
