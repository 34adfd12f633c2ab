import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = consume(
  consumers.notifyOfFollow,
  { notifications: parts.notifications },
  async function notifyOfFollow({ data: { followerId, followedId } }, { notifications }) {
    const areErased = await Promise.all([followerId, followedId].map(notifications.isErased))
    if (!areErased.some(Boolean)) await notifications.recordFollower(followedId, followerId, 'You have a new follower')
  },
)
