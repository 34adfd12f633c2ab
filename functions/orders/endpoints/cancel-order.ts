import type { PartsOf } from '../../../shared/runtime/instance.ts'
import { isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import type { Order } from '../domain.ts'
import * as parts from '../parts.ts'
import { updateOrder } from '../update-order.ts'
import { answerOf } from '../view.ts'

const needed = { orders: parts.orders, stop: parts.stop }

/** @param by the member of staff, where it was one */
const cancel = async (
  { orders, stop }: PartsOf<typeof needed>,
  before: Order,
  by: string | undefined,
): Promise<Order | undefined> => {
  const { id: orderId, customerId } = before
  const reason = by === undefined ? ('by-customer' as const) : ('by-staff' as const)
  const { order } = await updateOrder(orders, orderId, { type: 'cancel', reason, by })
  if (order?.status !== 'confirmed') return order
  const { stopped } = await stop({ orderId, customerId, reason, ...(by && { by }) })
  return stopped
    ? (await updateOrder(orders, orderId, { type: 'shipment.stopped', reason, by })).order
    : orders.get(orderId)
}

/**
 * Cancelling what is cancelled already answers as the first time did. The shipment of a confirmed order is stopped
 * first: it either leaves the house or is stopped, and publishes that as an event too, so that the order is cancelled also when
 * this function ends in between.
 */
export const handler = serveStaff(
  endpoints.cancelOrder,
  needed,
  async function cancelOrder({ params: { orderId }, caller, ifMatch }, given) {
    const before = await given.orders.get(orderId)
    const isOwner = before?.customerId === caller.id
    if (!before || !(isOwner || caller.staff)) return notFound('order')
    if (isStale(ifMatch, before.version)) return staleVersion()
    if (before.status === 'cancelled') return answerOf(before, caller)
    const order = await cancel(given, before, isOwner ? undefined : caller.id)
    if (order?.status === 'cancelled') return answerOf(order, caller)
    const status = order?.status === 'confirmed' ? 'on its way' : (order?.status ?? 'gone')
    return problem('NOT_CANCELLABLE', `The order is ${status}; it can no longer be cancelled.`)
  },
)
