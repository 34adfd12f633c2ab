/** Shipments as the reviews hear of them. */
import { shipmentDelivered } from '../../../functions/published/shipping.ts'
import { someEvent, someId, type TestEvent } from '../../support/service.ts'

/** A line for each product given; `undefined` is one whose product nobody knows. */
export const arrived = (customerId: string, productIds: readonly (string | undefined)[]): TestEvent => {
  const orderId = someId('ord')
  const lines = productIds.map((productId, index) => ({ sku: `S${index}`, productId, quantity: 1 }))
  return someEvent(shipmentDelivered, orderId, { orderId, shipmentId: someId('shp'), customerId, lines })
}
