import { provide } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { exportPerson as exported, type ReadKind } from '../../../shared/runtime/export.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { exportPerson } from '../../published/shipping.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { viewOf } from '../view.ts'

const shipmentsPerPage = 50

const readShipments =
  ({ shipments }: { shipments: Pick<ShipmentsTable, 'pageOfCustomer'> }): ReadKind =>
  async (userId, after) => {
    const page = await shipments.pageOfCustomer(userId, after, shipmentsPerPage)
    const entries = page.shipments.map((shipment) => ({
      at: shipment.orderId,
      record: { ...viewOf(shipment), address: shipment.address, email: shipment.email, lines: shipment.lines },
    }))
    return { entries, more: page.more }
  }

export const handler = provide(exportPerson, () =>
  exported({ shipment: readShipments({ shipments: shipmentsTable({ table: openTable(), now, newId }) }) }),
)
