import { consume, type EventOf } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import type { Activity } from '../contract.ts'
import { notifyPage, notifyParts } from '../notify.ts'

type Event = EventOf<typeof consumers.recordActivity>

const activityOf = (event: Event): Activity => {
  if (event.type === 'review.published') {
    const { userId: actorId, ...review } = event.data
    return { kind: 'review', id: `review#${review.reviewId}`, actorId, at: event.time, ...review }
  }
  const { userId: actorId, sku } = event.data
  return { kind: 'wish', id: `wish#${sku}`, actorId, at: event.time, sku }
}

/** Fills the feeds of the first friends. A second delivery continues where the first broke off, and adds no entry twice. */
export const handler = consume(consumers.recordActivity, notifyParts, async function recordActivity(event, given) {
  const activity = activityOf(event)
  if (await given.feed.claim(activity, event.id)) await notifyPage(given, activity)
})
