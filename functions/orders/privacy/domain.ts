/** What of an order is about a person, and when the shop no longer needs it. Pure. */
import { erasedAddress, erasedUserId } from '../../../shared/domain/erased-user.ts'
import { redactPaymentMethod } from '../../published/payments.ts'
import type { Order } from '../domain.ts'

/** After so long a parcel has arrived or been given up, whether its carrier reported it or not. Milliseconds. */
const shippedMs = 30 * 24 * 60 * 60_000

/**
 * Whether nothing is left to do for which the shop must know the person: the order has ended, or the goods are with them. One
 * that is still to be packed, or on its way, is fulfilled first (GDPR, Art. 17 (1) (a)). @param atMs milliseconds since the epoch
 */
export const isAtRest = ({ status, timeline }: Pick<Order, 'status' | 'timeline'>, atMs: number): boolean => {
  switch (status) {
    case 'placed':
    case 'awaiting-payment':
    case 'confirmed':
      return false
    case 'shipped':
      return timeline.some((entry) => entry.status === 'shipped' && Date.parse(entry.at) + shippedMs <= atMs)
    case 'delivered':
    case 'completed':
    case 'cancelled':
    case 'returned':
      return true
  }
}

/** What the law wants kept: what was sold, when, for how much, with which tax, and to which country. */
export const withoutPerson = (order: Order): Order => ({
  ...order,
  customerId: erasedUserId,
  email: undefined,
  requestHash: undefined,
  paymentMethod: redactPaymentMethod(order.paymentMethod),
  shippingAddress: erasedAddress(order.shippingAddress),
  returns: order.returns.map((returned) => ({ ...returned, reason: undefined })),
})
