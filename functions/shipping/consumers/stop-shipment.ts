import type { NewId } from '../../../shared/domain/ids.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { moved, type Shipment } from '../domain.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'

type Dependencies = { shipments: Pick<ShipmentsTable, 'get' | 'save'>; newId: NewId; now: Now }

/** Where there is no shipment yet, a stopped one is left behind, so that a late confirmation prepares nothing. */
export const stopShipment =
  ({ shipments, newId, now }: Dependencies): Consume<typeof consumers.stopShipment> =>
  async ({ data: { orderId, customerId } }) => {
    await repeated(async () => {
      const at = isoTime(now())
      const found = await shipments.get(orderId)
      const stopped: Shipment | undefined = found
        ? moved(found, 'stopped', at)
        : {
            id: newId('shp'),
            orderId,
            customerId,
            status: 'stopped',
            lines: [],
            events: [{ at, status: 'stopped' }],
            version: 0,
            sequence: 0,
          }
      return stopped ? shipments.save(stopped) : true
    })
  }

export const handler = consume(consumers.stopShipment, () =>
  stopShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }), newId, now }),
)
