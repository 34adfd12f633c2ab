import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

export const readShipment =
  ({ shipments }: { shipments: Pick<ShipmentsTable, 'get'> }): Handle<typeof endpoints.readShipment> =>
  async ({ params, caller }) => {
    const shipment = await shipments.get(params.orderId)
    return shipment && (caller.staff || shipment.customerId === caller.id) ? answerOf(shipment) : notFound('shipment')
  }

export const handler = serveStaff(endpoints.readShipment, () =>
  readShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }) }),
)
