/**
 * Takes an order from its placing to its outcome: its stock, then its money, then one write. It is written before anything is
 * asked, and each step has one outcome for ever, under the order's id: so whoever comes by may do this again, be it the request that
 * placed the order, a repetition of it, or time.
 */
import type { Call } from '../../../shared/runtime/call.ts'
import { asError, isOutage } from '../../../shared/runtime/errors.ts'
import { logger } from '../../../shared/runtime/observability.ts'
import type * as inventory from '../../published/inventory.ts'
import type * as payments from '../../published/payments.ts'
import { type Order, placedAtOf, type Trigger, transitionBy } from '../domain.ts'
import { changeOrder, type Orders } from '../update-order.ts'

export type Conducting = {
  orders: Orders
  reserve: Call<typeof inventory.reserve>
  authorize: Call<typeof payments.authorize>
}

/** @returns what has come about, in its order; nothing where the stock or the money was given back meanwhile */
const askFor = async ({ reserve, authorize }: Conducting, order: Order): Promise<readonly Trigger[]> => {
  const { id: orderId, customerId, total, paymentMethod: method } = order
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }))
  const { state, shortages } = await reserve({ orderId, lines, expiresAt: order.deadline ?? placedAtOf(order) })
  if (state === 'rejected') return [{ type: 'stock.rejected', shortages }]
  if (state === 'released') return []
  const { status, declineCode = 'declined' } = await authorize({ orderId, customerId, total, method })
  switch (status) {
    case 'authorized':
      return [{ type: 'stock.reserved' }, { type: 'payment.authorized' }]
    case 'declined':
      return [{ type: 'stock.reserved' }, { type: 'payment.declined', declineCode }]
    case 'action-required':
    case 'pending':
      return [{ type: 'stock.reserved' }]
    case 'voided':
      return []
  }
}

/**
 * Where a service does not answer, the order stays as it is, and time takes it up again.
 * @param order as it was read or written just now @returns it as it stands then
 */
export const conduct = async (given: Conducting, order: Order): Promise<Order> => {
  if (order.status !== 'placed') return order
  let triggers: readonly Trigger[]
  try {
    triggers = await askFor(given, order)
  } catch (error) {
    if (!isOutage(error)) throw error
    logger.warn('an order waits to be taken up again', asError(error))
    return order
  }
  const change = (latest: Order, atMs: number) => transitionBy(latest, triggers, atMs)
  return (await changeOrder(given.orders, order.id, change, order)).order ?? order
}
