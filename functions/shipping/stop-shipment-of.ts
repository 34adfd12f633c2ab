/** Stops the shipment of an order: the one path to that status. */
import { isoTime, newId, now } from '../../shared/runtime/clock.ts'
import type { NewEvent } from '../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { moveShipment, type Shipment } from './domain.ts'
import type { ShipmentsTable } from './table.ts'

type Order = { orderId: string; customerId: string }

/**
 * Where there is no shipment yet, a stopped one is left behind, so that a late confirmation prepares nothing.
 * @param eventsFor what to publish when this is what stops it
 * @returns the shipment as it stands then: `stopped`, or gone
 */
export const stopShipmentOf = (
  shipments: ShipmentsTable,
  { orderId, customerId }: Order,
  eventsFor: (shipmentId: string) => NewEvent[] = () => [],
): Promise<Shipment> =>
  retryOnConflict(async () => {
    const at = isoTime(now())
    const found = await shipments.get(orderId)
    if (found) {
      const after = moveShipment(found, 'stopped', at)
      return after ? shipments.save(after, eventsFor(after.id)) : found
    }
    const id = newId('shp')
    const events = [{ at, status: 'stopped' as const }]
    const left: Shipment = {
      id,
      orderId,
      customerId: await shipments.customerOf(customerId),
      status: 'stopped',
      lines: [],
      events,
      version: 0,
      sequence: 0,
    }
    return shipments.save(left, eventsFor(id))
  })
