import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { stop } from '../../published/shipping.ts'
import { type Advance, advance } from '../advance.ts'
import { endpoints } from '../contract.ts'
import type { Order } from '../domain.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { orders: Pick<OrdersTable, 'get'>; advance: Advance; stop: Call<typeof stop> }

/**
 * Cancelling what is cancelled already answers as the first time did. The shipment of a confirmed order is stopped
 * first: it either leaves the house or is stopped, and tells of that by event too, so that the order is cancelled also when
 * this function ends in between.
 */
export const cancelOrder = ({ orders, advance, stop }: Dependencies): Handle<typeof endpoints.cancelOrder> => {
  const cancel = async (before: Order, by: string | undefined): Promise<Order | undefined> => {
    const { id: orderId, customerId } = before
    const reason = by === undefined ? ('by-customer' as const) : ('by-staff' as const)
    const { order } = await advance(orderId, { type: 'cancel', reason, by })
    if (order?.status !== 'confirmed') return order
    const { stopped } = await stop({ orderId, customerId, reason, ...(by && { by }) })
    return stopped ? (await advance(orderId, { type: 'shipment.stopped', reason, by })).order : orders.get(orderId)
  }
  return async ({ params: { orderId }, caller, ifMatch }) => {
    const before = await orders.get(orderId)
    const isOwner = before?.customerId === caller.id
    if (!before || !(isOwner || caller.staff)) return notFound('order')
    if (isStale(ifMatch, before.version)) return staleVersion()
    if (before.status === 'cancelled') return answerOf(before, caller)
    const order = await cancel(before, isOwner ? undefined : caller.id)
    if (order?.status === 'cancelled') return answerOf(order, caller)
    const status = order?.status === 'confirmed' ? 'on its way' : (order?.status ?? 'gone')
    return problem('NOT_CANCELLABLE', `The order is ${status}; it can no longer be cancelled.`)
  }
}

export const handler = serveStaff(endpoints.cancelOrder, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return cancelOrder({ orders, advance: advance({ orders, now }), stop: call(stop) })
})
