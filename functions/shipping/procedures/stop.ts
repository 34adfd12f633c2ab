import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { shipmentStopped, stop } from '../../published/shipping.ts'
import { stopped } from '../stopped.ts'
import { shipmentsTable } from '../table.ts'

/** Tells of it by event as well: whoever asked may not live to hear the answer. */
export const handler = provide(stop, () => {
  const stopShipment = stopped({ shipments: shipmentsTable({ table: openTable(), now, newId }), newId, now })
  return async ({ orderId, customerId, reason, by }) => {
    const shipment = await stopShipment({ orderId, customerId }, (shipmentId) => [
      fact(shipmentStopped, { orderId, shipmentId, reason, ...(by && { by }) }),
    ])
    return { stopped: shipment.status === 'stopped' }
  }
})
