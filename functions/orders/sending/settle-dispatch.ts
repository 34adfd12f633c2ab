/** Takes the money and the stock of an order whose goods have left, as often as it takes: both happen once under the order's id. */
import type { Call } from '../../../shared/runtime/call.ts'
import { asError } from '../../../shared/runtime/errors.ts'
import { logger } from '../../../shared/runtime/observability.ts'
import type * as inventory from '../../published/inventory.ts'
import type * as payments from '../../published/payments.ts'
import { dispatch } from '../domain.ts'
import { changeOrder, type Orders } from '../update-order.ts'

export type Settling = { orders: Orders; capture: Call<typeof payments.capture>; commit: Call<typeof inventory.commit> }

/**
 * The goods are gone, so the order is shipped whatever the others answer; as long as one of them has not done its part, the order
 * stands among those that time looks at.
 */
export const settleDispatch = async ({ orders, capture, commit }: Settling, orderId: string) => {
  const outcomes = await Promise.allSettled([capture({ orderId }), commit({ orderId })])
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  for (const reason of failed) logger.warn('a dispatch waits to be settled', asError(reason))
  return changeOrder(orders, orderId, (order, atMs) => dispatch(order, failed.length === 0, atMs))
}
