import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { orderStatus } from '../../published/orders.ts'
import { endpoints } from '../contract.ts'
import { delivered } from '../delivered.ts'
import { answerNotThere } from '../not-there.ts'
import { shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { deliver: ReturnType<typeof delivered>; status: Call<typeof orderStatus> }

/** Delivering again answers as the first time did. */
export const deliverShipment =
  ({ deliver, status }: Dependencies): Handle<typeof endpoints.deliverShipment> =>
  async ({ params: { orderId }, caller, ifMatch }) => {
    const outcome = await deliver(orderId, { ifMatch, by: caller.id })
    if ('stale' in outcome) return staleVersion()
    const { shipment } = outcome
    if (!shipment) return answerNotThere(status, 'NOT_DELIVERABLE')(orderId)
    if (shipment.status !== 'delivered') return problem('NOT_DELIVERABLE', `The shipment is ${shipment.status}.`)
    return answerOf(shipment, caller)
  }

export const handler = serveStaff(endpoints.deliverShipment, () =>
  deliverShipment({
    deliver: delivered({ shipments: shipmentsTable({ table: openTable(), now, newId }), now }),
    status: call(orderStatus),
  }),
)
