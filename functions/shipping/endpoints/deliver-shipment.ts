import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { delivered } from '../delivered.ts'
import { shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

/** Delivering again answers as the first time did. */
export const deliverShipment =
  ({ deliver }: { deliver: ReturnType<typeof delivered> }): Handle<typeof endpoints.deliverShipment> =>
  async ({ params: { orderId }, ifMatch }) => {
    const outcome = await deliver(orderId, { ifMatch })
    if ('stale' in outcome) return staleVersion()
    const { shipment } = outcome
    if (!shipment) return notFound('shipment')
    if (shipment.status !== 'delivered') return problem('NOT_DELIVERABLE', `The shipment is ${shipment.status}.`)
    return answerOf(shipment)
  }

export const handler = serveStaff(endpoints.deliverShipment, () =>
  deliverShipment({ deliver: delivered({ shipments: shipmentsTable({ table: openTable(), now, newId }), now }) }),
)
