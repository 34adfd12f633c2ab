/** Marks a shipment as delivered: the one path to that status, for staff and carriers. */
import { isoTime, now } from '../../shared/runtime/clock.ts'
import { eventFromItem } from '../../shared/runtime/outbox.ts'
import type { IfMatch } from '../../shared/runtime/preconditions.ts'
import { retryOnConflict } from '../../shared/runtime/retry-on-conflict.ts'
import { isStale } from '../../shared/runtime/serve.ts'
import { shipmentDelivered } from '../published/shipping.ts'
import { moveShipment, type Shipment } from './domain.ts'
import type { ShipmentsTable } from './table.ts'

/** `by`: the staff member, where it was one. */
type How = { carrierEventId?: string; ifMatch?: IfMatch; by?: string }

/** The shipment as it stands then: `delivered`, or as it was where it cannot be; undefined when there is none. */
export type Delivered = { shipment: Shipment | undefined } | { stale: true }

export const deliver = (
  shipments: ShipmentsTable,
  orderId: string,
  { carrierEventId, ifMatch, by }: How = {},
): Promise<Delivered> =>
  retryOnConflict<Delivered>(async () => {
    const shipment = await shipments.get(orderId)
    if (!shipment || shipment.status === 'delivered') return { shipment }
    if (isStale(ifMatch, shipment.version)) return { stale: true }
    const after = moveShipment(shipment, 'delivered', isoTime(now()), by)
    if (!after) return { shipment }
    const told = eventFromItem(shipmentDelivered, {}, ['orderId', 'shipmentId', 'customerId', 'lines'])
    const written = await shipments.save(after, [told], carrierEventId)
    return written && { shipment: written }
  })
