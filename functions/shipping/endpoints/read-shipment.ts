import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { orderStatus } from '../../published/orders.ts'
import { endpoints } from '../contract.ts'
import { shipmentSoon, whyNotThere } from '../not-there.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { shipments: Pick<ShipmentsTable, 'get'>; status: Call<typeof orderStatus> }

export const readShipment =
  ({ shipments, status }: Dependencies): Handle<typeof endpoints.readShipment> =>
  async ({ params: { orderId }, caller }) => {
    const mayKnow = (customerId: string) => caller.staff || customerId === caller.id
    const shipment = await shipments.get(orderId)
    if (shipment) return mayKnow(shipment.customerId) ? answerOf(shipment, caller) : notFound('shipment')
    const why = await whyNotThere(status)(orderId, mayKnow)
    return why.type === 'soon' ? shipmentSoon() : notFound('shipment')
  }

export const handler = serveStaff(endpoints.readShipment, () =>
  readShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }), status: call(orderStatus) }),
)
