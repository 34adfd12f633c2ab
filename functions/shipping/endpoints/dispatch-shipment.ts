import { type Call, call } from '../../../shared/runtime/call.ts'
import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { factWithItem } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { orderStatus } from '../../published/orders.ts'
import { shipmentDispatched } from '../../published/shipping.ts'
import { endpoints } from '../contract.ts'
import { moved } from '../domain.ts'
import { answerNotThere } from '../not-there.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

const told = ['orderId', 'shipmentId', 'carrier', 'trackingNumber', 'customerId', 'number', 'email'] as const

type Dependencies = { shipments: Pick<ShipmentsTable, 'get' | 'save'>; status: Call<typeof orderStatus>; now: Now }

/** Dispatching again with the same carrier and number answers as the first time did. */
export const dispatchShipment =
  ({ shipments, status, now }: Dependencies): Handle<typeof endpoints.dispatchShipment> =>
  ({ params: { orderId }, body: { carrier, trackingNumber }, caller, ifMatch }) =>
    repeated<Answer<typeof endpoints.dispatchShipment>>(async () => {
      const shipment = await shipments.get(orderId)
      if (!shipment) return answerNotThere(status, 'NOT_DISPATCHABLE')(orderId)
      if (shipment.carrier === carrier && shipment.trackingNumber === trackingNumber) return answerOf(shipment, caller)
      if (isStale(ifMatch, shipment.version)) return staleVersion()
      const dispatched = moved(shipment, 'dispatched', isoTime(now()), caller.id)
      if (!dispatched) return problem('NOT_DISPATCHABLE', `The shipment is ${shipment.status}.`)
      const written = await shipments.save({ ...dispatched, carrier, trackingNumber }, [
        factWithItem(shipmentDispatched, {}, told),
      ])
      return written && answerOf(written, caller)
    })

export const handler = serveStaff(endpoints.dispatchShipment, () =>
  dispatchShipment({
    shipments: shipmentsTable({ table: openTable(), now, newId }),
    status: call(orderStatus),
    now,
  }),
)
