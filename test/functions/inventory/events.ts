/** What moves reservations: what orders ask for, and tell of. */
import { orderCancelled } from '../../../functions/published/orders.ts'
import { someEvent, someId } from '../../support/service.ts'

/** @param expiresAt RFC 3339 */
export const placedUntil = (orderId: string, lines: { sku: string; quantity: number }[], expiresAt: string) => ({
  orderId,
  lines,
  expiresAt,
})

export const placed = (orderId: string, lines: { sku: string; quantity: number }[]) =>
  placedUntil(orderId, lines, new Date(Date.now() + 15 * 60_000).toISOString())

const money = { amount: 0, currency: 'EUR' }

export const cancelled = (orderId: string) =>
  someEvent(orderCancelled, orderId, {
    orderId,
    customerId: someId('gst'),
    reason: 'by-customer',
    order: {
      number: '1',
      lines: [],
      subtotal: money,
      discount: money,
      shipping: money,
      tax: money,
      total: money,
      pricesIncludeTax: false,
      shippingMethod: { id: 's', title: 'S' },
      shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    },
  })

export const dispatched = (orderId: string) => ({ orderId })
