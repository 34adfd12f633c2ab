import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { newId } from '../../../shared/runtime/clock.ts'
import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { type Shipment, withoutPerson } from '../domain.ts'
import * as parts from '../parts.ts'

/**
 * One shipment per order: a second delivery, or one after the cancellation, finds a shipment there and stops. A confirmation
 * that is so late that its customer has been erased, as all their orders have come to rest, brings no address back.
 */
export const handler = consume(
  consumers.createShipment,
  { shipments: parts.shipments },
  async function createShipment({ time, data: { orderId, customerId, order } }, { shipments }) {
    const shipment: Shipment = {
      id: newId('shp'),
      orderId,
      customerId,
      status: 'pending',
      number: order.number,
      email: order.email,
      address: order.shippingAddress,
      lines: order.lines.map(({ sku, productId, options, quantity }) => ({ sku, productId, options, quantity })),
      events: [{ at: time, status: 'pending' }],
      version: 0,
      sequence: 0,
    }
    const isErased = (await shipments.customerOf(customerId)) === erasedUserId
    await shipments.save(isErased ? withoutPerson(shipment) : shipment)
  },
)
