import { consume, type EventOf } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import type { Deed } from '../contract.ts'
import { tellingParts, tellSome } from '../tell.ts'

type Event = EventOf<typeof consumers.noteDeed>

const deedOf = (event: Event): Deed => {
  if (event.type === 'review.published') {
    const { userId: actorId, ...review } = event.data
    return { kind: 'review', id: `review#${review.reviewId}`, actorId, at: event.time, ...review }
  }
  const { userId: actorId, sku } = event.data
  return { kind: 'wish', id: `wish#${sku}`, actorId, at: event.time, sku }
}

/** A second delivery goes on where the first broke off; friends who were told are not told again. */
export const handler = consume(consumers.noteDeed, tellingParts, async function noteDeed(event, given) {
  const deed = deedOf(event)
  if (await given.feed.takeOn(deed, event.id)) await tellSome(given, deed)
})
