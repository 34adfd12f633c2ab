import { isOwnerOrStaff } from '../../../shared/runtime/request.ts'
import { notFound } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { shipmentSoon, whyNotThere } from '../not-there.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.readShipment,
  { shipments: parts.shipments, status: parts.status },
  async function readShipment({ params: { orderId }, caller }, { shipments, status }) {
    const mayKnow = (customerId: string) => isOwnerOrStaff(caller, customerId)
    const shipment = await shipments.get(orderId)
    if (shipment) return mayKnow(shipment.customerId) ? answerOf(shipment, caller) : notFound('shipment')
    const why = await whyNotThere(status, orderId, mayKnow)
    return why.type === 'soon' ? shipmentSoon() : notFound('shipment')
  },
)
