/** What moves reservations, as orders and shipping tell of it. */
import { orderCancelled, orderPlaced } from '../../../functions/published/orders.ts'
import { shipmentDispatched } from '../../../functions/published/shipping.ts'
import { someEvent, someId } from '../../support/service.ts'

export const placed = (orderId: string, lines: { sku: string; quantity: number }[]) =>
  someEvent(orderPlaced, orderId, { orderId, customerId: someId('gst'), lines })

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

export const dispatched = (orderId: string) =>
  someEvent(shipmentDispatched, someId('shp'), {
    orderId,
    shipmentId: someId('shp'),
    carrier: 'P',
    trackingNumber: '1',
  })
