import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { eventFromItem } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { isStale, problem, staleVersion } from '../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../shared/runtime/serve-staff.ts'
import { shipmentDispatched } from '../../published/shipping.ts'
import { endpoints } from '../contract.ts'
import { moveShipment } from '../domain.ts'
import { answerNotThere } from '../not-there.ts'
import * as parts from '../parts.ts'
import { answerOf } from '../view.ts'

const told = ['orderId', 'shipmentId', 'carrier', 'trackingNumber', 'customerId', 'number', 'email'] as const

/** Dispatching again with the same carrier and number answers as the first time did. */
export const handler = serveStaff(
  endpoints.dispatchShipment,
  { shipments: parts.shipments, status: parts.status },
  function dispatchShipment(
    { params: { orderId }, body: { carrier, trackingNumber }, caller, ifMatch },
    { shipments, status },
  ) {
    return retryOnConflict(async () => {
      const shipment = await shipments.get(orderId)
      if (!shipment) return answerNotThere(status, orderId, 'NOT_DISPATCHABLE')
      if (shipment.carrier === carrier && shipment.trackingNumber === trackingNumber) return answerOf(shipment, caller)
      if (isStale(ifMatch, shipment.version)) return staleVersion()
      const dispatched = moveShipment(shipment, 'dispatched', isoTime(now()), caller.id)
      if (!dispatched) return problem('NOT_DISPATCHABLE', `The shipment is ${shipment.status}.`)
      const written = await shipments.save({ ...dispatched, carrier, trackingNumber }, [
        eventFromItem(shipmentDispatched, {}, told),
      ])
      return written && answerOf(written, caller)
    })
  },
)
