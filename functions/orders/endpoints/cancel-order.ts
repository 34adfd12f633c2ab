import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, isStale, notFound, problem, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { type Advance, advance } from '../advance.ts'
import { endpoints } from '../contract.ts'
import { type OrdersTable, ordersTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { orders: Pick<OrdersTable, 'get'>; advance: Advance }

/** Cancelling what is cancelled already answers as the first time did. */
export const cancelOrder =
  ({ orders, advance }: Dependencies): Handle<typeof endpoints.cancelOrder> =>
  async ({ params: { orderId }, caller, ifMatch }) => {
    const before = await orders.get(orderId)
    const isOwner = before?.customerId === caller.id
    if (!before || !(isOwner || caller.staff)) return notFound('order')
    if (isStale(ifMatch, before.version)) return staleVersion()
    if (before.status === 'cancelled') return answerOf(before)
    const { order } = await advance(orderId, { type: 'cancel', reason: isOwner ? 'by-customer' : 'by-staff' })
    if (order?.status !== 'cancelled')
      return problem('NOT_CANCELLABLE', `The order is ${order?.status ?? 'gone'}; it can no longer be cancelled.`)
    return answerOf(order)
  }

export const handler = serve(endpoints.cancelOrder, () => {
  const orders = ordersTable({ table: openTable(), now, newId })
  return cancelOrder({ orders, advance: advance({ orders, now }) })
})
