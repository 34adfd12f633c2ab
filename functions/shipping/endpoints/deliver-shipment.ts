import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  problem,
  serve,
  staleVersion,
} from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { moved } from '../domain.ts'
import { shipmentDelivered } from '../events.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { shipments: Pick<ShipmentsTable, 'get' | 'save'>; now: Now }

/** Delivering again answers as the first time did. */
export const deliverShipment =
  ({ shipments, now }: Dependencies): Handle<typeof endpoints.deliverShipment> =>
  ({ params: { orderId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.deliverShipment>>(async () => {
      const shipment = await shipments.get(orderId)
      if (!shipment) return notFound('shipment')
      if (shipment.status === 'delivered') return answerOf(shipment)
      if (isStale(ifMatch, shipment.version)) return staleVersion()
      const delivered = moved(shipment, 'delivered', isoTime(now()))
      if (!delivered) return problem('NOT_DELIVERABLE', `The shipment is ${shipment.status}.`)
      const written = await shipments.save(delivered, [fact(shipmentDelivered, { orderId, shipmentId: shipment.id })])
      return written && answerOf(written)
    })

export const handler = serve(endpoints.deliverShipment, () =>
  deliverShipment({ shipments: shipmentsTable({ table: openTable(), now, newId }), now }),
)
