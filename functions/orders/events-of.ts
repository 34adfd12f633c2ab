/**
 * Makes the events of an order that has reached a status. What is in the written item (stored.ts) is copied from it
 * by the relay, so that the item holds it once.
 */
import { eventFromItem, type NewEvent } from '../../shared/runtime/outbox.ts'
import { orderCancelled, orderCompleted, orderConfirmed, returnReceived, returnRequested } from '../published/orders.ts'
import { type Order, placedAtOf } from './domain.ts'
import { returnedLines } from './returns/domain.ts'
import type { Return } from './returns/return.ts'
import type { OrderAttribute } from './stored.ts'

/** @returns the events that ride in the write which brings the order to its status */
export const eventsFor = (order: Order): NewEvent<OrderAttribute>[] => {
  const { id: orderId } = order
  const shortages = order.shortages && [...order.shortages]
  switch (order.status) {
    case 'confirmed':
      return [eventFromItem(orderConfirmed, { orderId }, ['customerId', 'cartId', 'cartVersion', 'order'])]
    case 'cancelled':
      return order.reason
        ? [
            eventFromItem(orderCancelled, { orderId, reason: order.reason, placedAt: placedAtOf(order), shortages }, [
              'customerId',
              'order',
            ]),
          ]
        : []
    case 'completed':
      return [eventFromItem(orderCompleted, { orderId }, ['customerId'])]
    case 'placed':
    case 'awaiting-payment':
    case 'shipped':
    case 'delivered':
    case 'returned':
      return []
  }
}

const goodsOf = ({ id: orderId }: Order, { id: returnId, lines, refund }: Return) => ({
  orderId,
  returnId,
  lines: [...lines],
  refund,
})

/** @returns the event that rides in the write which adds the return */
export const eventForRequested = (order: Order, request: Return): NewEvent<OrderAttribute> =>
  eventFromItem(returnRequested, goodsOf(order, request), ['customerId'])

/** @returns the event that rides in the write which notes that its goods are back */
export const eventForReceived = (order: Order, received: Return): NewEvent<OrderAttribute> => {
  const { number, email } = order
  const paid = returnedLines(order)
  return eventFromItem(returnReceived, { ...goodsOf(order, received), number, email, paid }, ['customerId'])
}
