/** What the others are told when an order has reached a status. */
import { type Fact, fact } from '../../shared/runtime/outbox.ts'
import type { Order } from './domain.ts'
import {
  type OrderSummary,
  orderAwaitingPayment,
  orderCancelled,
  orderCompleted,
  orderConfirmed,
  orderPlaced,
  type returnReceived,
  type returnRequested,
} from './events.ts'
import type { Return } from './returns.ts'

const summaryOf = (order: Order): OrderSummary => ({
  number: order.number,
  email: order.email,
  lines: order.lines.map(({ sku, productId, title, quantity, unitPrice, total, weightGrams }) => ({
    sku,
    productId,
    title,
    quantity,
    unitPrice,
    total,
    weightGrams,
  })),
  subtotal: order.subtotal,
  discount: order.discount,
  shipping: order.shipping,
  tax: order.tax,
  total: order.total,
  pricesIncludeTax: order.pricesIncludeTax,
  shippingMethod: order.shippingMethod,
  shippingAddress: order.shippingAddress,
})

/** @returns the facts that ride in the write which brings the order to its status */
export const factsOf = (order: Order): Fact[] => {
  const { id: orderId, customerId } = order
  switch (order.status) {
    case 'placed':
      return [
        fact(orderPlaced, {
          orderId,
          customerId,
          lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
          expiresAt: order.deadline,
        }),
      ]
    case 'awaiting-payment':
      return [fact(orderAwaitingPayment, { orderId, customerId, total: order.total, method: order.paymentMethod })]
    case 'confirmed':
      return [
        fact(orderConfirmed, {
          orderId,
          customerId,
          cartId: order.cartId,
          cartVersion: order.cartVersion,
          order: summaryOf(order),
        }),
      ]
    case 'cancelled':
      return order.reason
        ? [fact(orderCancelled, { orderId, customerId, reason: order.reason, order: summaryOf(order) })]
        : []
    case 'completed':
      return [fact(orderCompleted, { orderId, customerId })]
    case 'shipped':
    case 'delivered':
    case 'returned':
      return []
  }
}

/** @returns the fact that rides in the write which adds the return, or notes that its goods are back */
export const factOfReturn = (
  event: typeof returnRequested | typeof returnReceived,
  { id: orderId, customerId }: Order,
  { id: returnId, lines, refund }: Return,
): Fact => fact(event, { orderId, customerId, returnId, lines: [...lines], refund })
