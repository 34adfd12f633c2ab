/** A shipment as the API shows it. */
import type * as z from 'zod/mini'
import type { Shipment as ShipmentSchema } from './contract.ts'
import type { Shipment } from './domain.ts'

export const viewOf = (shipment: Shipment): z.input<typeof ShipmentSchema> => ({
  id: shipment.id,
  orderId: shipment.orderId,
  status: shipment.status,
  carrier: shipment.carrier,
  trackingNumber: shipment.trackingNumber,
  lines: [...shipment.lines],
  events: [...shipment.events],
  version: shipment.version,
})

export const answerOf = (shipment: Shipment) => ({ body: viewOf(shipment), version: shipment.version })
