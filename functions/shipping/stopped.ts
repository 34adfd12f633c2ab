/** Stops the shipment of an order: the one path to `stopped`, whoever asks. */
import { isoTime, newId, now } from '../../shared/runtime/clock.ts'
import type { Fact } from '../../shared/runtime/outbox.ts'
import { repeated } from '../../shared/runtime/repeated.ts'
import { moved, type Shipment } from './domain.ts'
import type { ShipmentsTable } from './table.ts'

type Order = { orderId: string; customerId: string }

/**
 * Where there is no shipment yet, a stopped one is left behind, so that a late confirmation prepares nothing.
 * @param factsOf what to tell when this is what stops it
 * @returns the shipment as it stands then: `stopped`, or gone
 */
export const stopShipmentOf = (
  shipments: ShipmentsTable,
  { orderId, customerId }: Order,
  factsOf: (shipmentId: string) => Fact[] = () => [],
): Promise<Shipment> =>
  repeated(async () => {
    const at = isoTime(now())
    const found = await shipments.get(orderId)
    if (found) {
      const after = moved(found, 'stopped', at)
      return after ? shipments.save(after, factsOf(after.id)) : found
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
    return shipments.save(left, factsOf(id))
  })
