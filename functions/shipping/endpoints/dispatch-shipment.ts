import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { factWithItem } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { moved } from '../domain.ts'
import { shipmentDispatched } from '../events.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

const told = ['orderId', 'shipmentId', 'carrier', 'trackingNumber', 'customerId', 'number', 'email'] as const

type Dependencies = { shipments: Pick<ShipmentsTable, 'get' | 'save'>; now: Now }

/** Dispatching again with the same carrier and number answers as the first time did. */
export const dispatchShipment =
  ({ shipments, now }: Dependencies): Handle<typeof endpoints.dispatchShipment> =>
  ({ params: { orderId }, body: { carrier, trackingNumber }, ifMatch }) =>
    repeated<Answer<typeof endpoints.dispatchShipment>>(async () => {
      const shipment = await shipments.get(orderId)
      if (!shipment) return notFound('shipment')
      if (shipment.carrier === carrier && shipment.trackingNumber === trackingNumber) return answerOf(shipment)
      if (isStale(ifMatch, shipment.version)) return staleVersion()
      const dispatched = moved(shipment, 'dispatched', isoTime(now()))
      if (!dispatched) return problem('NOT_DISPATCHABLE', `The shipment is ${shipment.status}.`)
      const written = await shipments.save({ ...dispatched, carrier, trackingNumber }, [
        factWithItem(shipmentDispatched, {}, told),
      ])
      return written && answerOf(written)
    })

export const handler = serveStaff(endpoints.dispatchShipment, () =>
  dispatchShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }), now }),
)
