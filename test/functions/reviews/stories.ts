/** Orders and shipments as the reviews hear of them. */
import { orderConfirmed } from '../../../functions/orders/events.ts'
import { shipmentDelivered } from '../../../functions/shipping/events.ts'
import { someEvent, someId } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

export const bought = (orderId: string, customerId: string, skus: readonly string[]) =>
  someEvent(orderConfirmed, orderId, {
    orderId,
    customerId,
    cartId: someId('crt'),
    cartVersion: 1,
    order: {
      number: '1',
      lines: skus.map((sku) => ({
        sku,
        title: sku,
        quantity: 1,
        unitPrice: eur(1),
        total: eur(1),
        weightGrams: 1,
      })),
      subtotal: eur(1),
      discount: eur(0),
      shipping: eur(0),
      tax: eur(0),
      total: eur(1),
      pricesIncludeTax: false,
      shippingMethod: { id: 'standard', title: 'Standard' },
      shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    },
  })

export const arrived = (orderId: string) =>
  someEvent(shipmentDelivered, orderId, { orderId, shipmentId: someId('shp') })
