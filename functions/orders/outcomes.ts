/**
 * What the others are told when an order has reached a status. What stands in the written item (stored.ts) is copied from it
 * by the relay, so that the item holds it once.
 */
import { type Fact, factWithItem } from '../../shared/runtime/outbox.ts'
import {
  orderAwaitingPayment,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderPlaced,
  returnReceived,
  returnRequested,
} from '../published/orders.ts'
import type { Order } from './domain.ts'
import { returnedLines } from './returns/domain.ts'
import type { Return } from './returns/return.ts'
import type { OrderAttribute } from './stored.ts'

/** @returns the facts that ride in the write which brings the order to its status */
export const factsOf = (order: Order): Fact<OrderAttribute>[] => {
  const { id: orderId } = order
  const shortages = order.shortages && [...order.shortages]
  switch (order.status) {
    case 'placed':
      return [
        factWithItem(
          orderPlaced,
          {
            orderId,
            lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
            expiresAt: order.deadline,
          },
          ['customerId'],
        ),
      ]
    case 'awaiting-payment':
      return [
        factWithItem(orderAwaitingPayment, { orderId, total: order.total, method: order.paymentMethod }, [
          'customerId',
        ]),
      ]
    case 'confirmed':
      return [factWithItem(orderConfirmed, { orderId }, ['customerId', 'cartId', 'cartVersion', 'order'])]
    case 'cancelled':
      return order.reason
        ? [factWithItem(orderCancelled, { orderId, reason: order.reason, shortages }, ['customerId', 'order'])]
        : []
    case 'completed':
      return [factWithItem(orderCompleted, { orderId }, ['customerId'])]
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

/** @returns the fact that rides in the write which adds the return */
export const factOfRequested = (order: Order, request: Return): Fact<OrderAttribute> =>
  factWithItem(returnRequested, goodsOf(order, request), ['customerId'])

/** @returns the fact that rides in the write which notes that its goods are back */
export const factOfReceived = (order: Order, received: Return): Fact<OrderAttribute> => {
  const { number, email } = order
  const paid = returnedLines(order)
  return factWithItem(returnReceived, { ...goodsOf(order, received), number, email, paid }, ['customerId'])
}
