import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { consumers } from '../../contract.ts'
import type { Deed } from '../contract.ts'
import { type Dependencies, tellingDependencies, tellSome } from '../tell.ts'

type Event = Parameters<Consume<typeof consumers.noteDeed>>[0]

const deedOf = (event: Event): Deed => {
  if (event.type === 'review.published') {
    const { userId: actorId, ...review } = event.data
    return { kind: 'review', id: `review#${review.reviewId}`, actorId, at: event.time, ...review }
  }
  const { userId: actorId, sku } = event.data
  return { kind: 'wish', id: `wish#${sku}`, actorId, at: event.time, sku }
}

/** A second delivery goes on where the first broke off; friends who were told are not told again. */
export const noteDeed =
  (dependencies: Dependencies): Consume<typeof consumers.noteDeed> =>
  async (event) => {
    const deed = deedOf(event)
    if (await dependencies.feed.takeOn(deed, event.id)) await tellSome(dependencies, deed)
  }

export const handler = consume(consumers.noteDeed, () => noteDeed(tellingDependencies()))
