import { now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type NotificationsTable, notificationsTable } from '../table.ts'

type Dependencies = { notifications: Pick<NotificationsTable, 'noteFollower' | 'isErased'> }

export const tellOfFollow =
  ({ notifications }: Dependencies): Consume<typeof consumers.tellOfFollow> =>
  async ({ data: { followerId, followedId } }) => {
    const areErased = await Promise.all([followerId, followedId].map(notifications.isErased))
    if (!areErased.some(Boolean)) await notifications.noteFollower(followedId, followerId, 'You have a new follower')
  }

export const handler = consume(consumers.tellOfFollow, () =>
  tellOfFollow({ notifications: notificationsTable({ table: openTable(), now }) }),
)
