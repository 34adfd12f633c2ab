import { problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../contract.ts'
import { deliver } from '../deliver.ts'
import { answerNotThere } from '../not-there.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

/** Delivering again answers as the first time did. */
export const handler = serveStaff(
  endpoints.deliverShipment,
  { shipments: parts.shipments, status: parts.status },
  async function deliverShipment({ params: { orderId }, caller, ifMatch }, { shipments, status }) {
    const outcome = await deliver(shipments, orderId, { ifMatch, by: caller.id })
    if ('stale' in outcome) return staleVersion()
    const { shipment } = outcome
    if (!shipment) return answerNotThere(status, orderId, 'NOT_DELIVERABLE')
    if (shipment.status !== 'delivered') return problem('NOT_DELIVERABLE', `The shipment is ${shipment.status}.`)
    return answerOf(shipment, caller)
  },
)
