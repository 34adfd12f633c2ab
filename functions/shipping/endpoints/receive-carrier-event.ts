import { now } from '../../../shared/runtime/clock.ts'
import { parseRawBody } from '../../../shared/runtime/raw-body.ts'
import { notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { isSignedWebhook } from '../../../shared/runtime/webhook-signature.ts'
import { CarrierEvent, endpoints } from '../contract.ts'
import { deliver } from '../deliver.ts'
import * as parts from '../parts.ts'

/**
 * A parcel that is not known (yet) is answered 404, so that the carrier sends it again: it may be ahead of our own
 * dispatch. What comes too late to matter is acknowledged.
 */
export const handler = serve(
  endpoints.receiveCarrierEvent,
  { shipments: parts.shipments, secrets: parts.carrierSecrets },
  async function receiveCarrierEvent({ body, headers }, { shipments, secrets }) {
    if (!isSignedWebhook(await secrets(), headers, body, now()))
      return problem('BAD_SIGNATURE', 'The signature, its time or its headers are not right.')
    const event = parseRawBody(CarrierEvent, body)
    if (!event) return problem('INVALID_INPUT', 'This is no event of a carrier.')
    const orderIds = await shipments.listOfParcel(event.carrier, event.trackingNumber)
    if (orderIds.length === 0) return notFound('parcel')
    for (const orderId of orderIds) await deliver(shipments, orderId, { carrierEventId: event.id })
    return { body: undefined }
  },
)
