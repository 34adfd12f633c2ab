/** Rare states that must sometimes be reached: a machine that never gets there proves nothing about them. */

import type { End } from '../world/final-state.ts'
import type { RunContext } from '../world/run-context.ts'

export const coverageGoals = [
  'an order confirmed and delivered',
  'an order refused for want of stock',
  'an order declined',
  'an order expired',
  'an order taken up again by time',
  'an order cancelled after its confirmation',
  'a late authorization for a cancelled order',
  'a capture refunded for a cancelled order',
  'a return begun before the delivery was known',
  'an order returned whole',
  'a refund in part',
  'a cancellation heard of before its order',
  'a review that is shown',
  'a review that is hidden',
  'friends',
  'friends no more',
  'an activity in a feed',
  'a friend erased',
  'an order whose person was erased',
] as const

type Moment = { at: string; status: string }

/** The request that placed an order has ended after half a minute. */
const wasTakenUp = ([placed, next]: readonly Moment[]): boolean =>
  placed !== undefined && next?.status === 'awaiting-payment' && Date.parse(next.at) - Date.parse(placed.at) > 30_000

/** Finds in the end what was reached on the way. */
export const noteGoals = (run: RunContext, { orders, payments, inventory, reviews, relations }: End): void => {
  const note = (state: (typeof coverageGoals)[number], isSo: boolean): void => {
    if (isSo) run.reached.add(state)
  }
  for (const { sk, hidden } of reviews) {
    note('a review that is shown', sk === 'review' && !hidden)
    note('a review that is hidden', sk === 'review' && hidden)
  }
  for (const { pk, since, friendsSince } of relations) {
    note('friends', friendsSince !== undefined)
    note('friends no more', pk.startsWith('pair#') && since === undefined)
    note('an activity in a feed', pk.startsWith('feed#'))
    note('a friend erased', pk.startsWith('erased#'))
  }
  for (const order of orders) {
    if (order.sk !== 'order') continue
    const { id, status, reason } = order
    const payment = payments.find(({ pk, sk }) => sk === 'payment' && pk === `payment#${id}`)
    const intent = payments.find(({ pk, sk }) => sk === 'intent' && pk === `sandbox#${id}`)
    const reservation = inventory.find(({ pk, sk }) => sk === 'reservation' && pk === `reservation#${id}`)
    const wasConfirmed = order.timeline.some((entry: { status: string }) => entry.status === 'confirmed')
    const cancelled = status === 'cancelled'
    note('an order confirmed and delivered', wasConfirmed && status === 'completed')
    note('an order refused for want of stock', cancelled && reason === 'out-of-stock')
    note('an order declined', cancelled && reason === 'declined')
    note('an order expired', cancelled && reason === 'expired')
    note('an order taken up again by time', wasTakenUp(order.timeline))
    note('an order cancelled after its confirmation', cancelled && wasConfirmed)
    note('a late authorization for a cancelled order', cancelled && !wasConfirmed && intent?.state === 'voided')
    note('a capture refunded for a cancelled order', cancelled && payment?.capturedMinor > 0)
    note('an order returned whole', status === 'returned')
    note('a refund in part', payment?.status === 'partially-refunded')
    note(
      'a cancellation heard of before its order',
      reservation?.state === 'released' && reservation.lines.length === 0,
    )
  }
}
