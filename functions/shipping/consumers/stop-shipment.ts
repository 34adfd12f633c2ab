import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import * as parts from '../parts.ts'
import { stopShipmentOf } from '../stop-shipment-of.ts'

/** Stops it without an event: the order, which would receive it, has said so itself. */
export const handler = consume(
  consumers.stopShipment,
  { shipments: parts.shipments },
  async function stopShipment({ data: { orderId, customerId } }, { shipments }) {
    await stopShipmentOf(shipments, { orderId, customerId })
  },
)
