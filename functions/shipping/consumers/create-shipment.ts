import type { NewId } from '../../../shared/domain/ids.ts'
import { nobody } from '../../../shared/domain/nobody.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { factWithItem } from '../../../shared/runtime/outbox.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { shipmentCreated } from '../../published/shipping.ts'
import { consumers } from '../contract.ts'
import { type Shipment, withoutPerson } from '../domain.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'

type Dependencies = { shipments: Pick<ShipmentsTable, 'save' | 'customerOf'>; newId: NewId }

/**
 * One shipment per order: a second delivery, or one after the cancellation, finds a shipment there and stops. A confirmation
 * that is so late that its customer has been erased, as all their orders have come to rest, brings no address back.
 */
export const createShipment =
  ({ shipments, newId }: Dependencies): Consume<typeof consumers.createShipment> =>
  async ({ time, data: { orderId, customerId, order } }) => {
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
    const isErased = (await shipments.customerOf(customerId)) === nobody
    await shipments.save(isErased ? withoutPerson(shipment) : shipment, [
      factWithItem(shipmentCreated, {}, ['orderId', 'shipmentId']),
    ])
  }

export const handler = consume(consumers.createShipment, () =>
  createShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }), newId }),
)
