import { provide } from '../../../shared/runtime/call.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import * as published from '../../published/shipping.ts'
import * as parts from '../parts.ts'
import { stopShipmentOf } from '../stop-shipment-of.ts'

/** Publishes an event as well: the caller may end before it has the answer. */
export const handler = provide(
  published.stop,
  { shipments: parts.shipments },
  async function stop({ orderId, customerId, reason, by }, { shipments }) {
    const shipment = await stopShipmentOf(shipments, { orderId, customerId }, (shipmentId) => [
      newEvent(published.shipmentStopped, { orderId, shipmentId, reason, ...(by && { by }) }),
    ])
    return { stopped: shipment.status === 'stopped' }
  },
)
