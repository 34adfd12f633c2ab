/** A shipment as the API shows it. */
import type * as z from 'zod/mini'
import type { Shipment as ShipmentSchema } from './contract.ts'
import type { Shipment } from './domain.ts'

/** Which of the staff did something is shown to staff only. */
export const viewOf = (shipment: Shipment, viewer = { staff: false }): z.input<typeof ShipmentSchema> => ({
  id: shipment.id,
  orderId: shipment.orderId,
  status: shipment.status,
  carrier: shipment.carrier,
  trackingNumber: shipment.trackingNumber,
  lines: [...shipment.lines],
  events: shipment.events.map(({ at, status, by }) => ({ at, status, ...(viewer.staff && by ? { by } : {}) })),
  version: shipment.version,
})

export const answerOf = (shipment: Shipment, viewer?: { staff: boolean }) => ({
  body: viewOf(shipment, viewer),
  version: shipment.version,
})
