/** What to answer where an order has no shipment: there is no such order, or it is not confirmed, or was so just now. */
import type { Call } from '../../shared/runtime/call.ts'
import { notFound, type Problem, problem } from '../../shared/runtime/serve.ts'
import type { orderStatus } from '../published/orders.ts'

type NotThere = { type: 'none' } | { type: 'unconfirmed'; detail: string } | { type: 'soon' }

/** @param mayKnow whether the caller may know of an order of that customer */
export const whyNotThere = async (
  status: Call<typeof orderStatus>,
  orderId: string,
  mayKnow: (customerId: string) => boolean,
): Promise<NotThere> => {
  const { order } = await status({ orderId })
  if (!order || !mayKnow(order.customerId)) return { type: 'none' }
  const isUnconfirmed = ['placed', 'awaiting-payment', 'cancelled'].includes(order.status)
  return isUnconfirmed ? { type: 'unconfirmed', detail: `The order is ${order.status}.` } : { type: 'soon' }
}

/** The order's confirmation is on its way here: a matter of a moment. */
export const shipmentSoon = (): Problem<'IN_FLIGHT'> =>
  problem('IN_FLIGHT', 'The order has just been confirmed; its shipment is being prepared.', { retryAfterSeconds: 1 })

/** For staff, who may know of every order. @param code for an order that has no shipment because it is not confirmed */
export const answerNotThere = async <Code extends string>(
  status: Call<typeof orderStatus>,
  orderId: string,
  code: Code,
): Promise<Problem<'NOT_FOUND' | 'IN_FLIGHT' | Code>> => {
  const why = await whyNotThere(status, orderId, () => true)
  if (why.type === 'soon') return shipmentSoon()
  return why.type === 'unconfirmed' ? problem(code, why.detail) : notFound('shipment')
}
