import { type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { parseRawBody } from '../../../shared/runtime/raw-body.ts'
import { secretsFrom } from '../../../shared/runtime/secret.ts'
import { type Handle, notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { isSignedWebhook } from '../../../shared/runtime/webhook-signature.ts'
import { CarrierEvent, endpoints } from '../contract.ts'
import { delivered } from '../delivered.ts'
import { type ShipmentsTable, shipmentsTable } from '../table.ts'

type Dependencies = {
  shipments: Pick<ShipmentsTable, 'listOfParcel'>
  deliver: ReturnType<typeof delivered>
  secrets: () => Promise<readonly string[]>
  now: Now
}

/**
 * A parcel that is not known (yet) is answered 404, so that the carrier tells of it again: it may be ahead of our own
 * dispatch. What comes too late to matter is acknowledged.
 */
export const receiveCarrierEvent =
  ({ shipments, deliver, secrets, now }: Dependencies): Handle<typeof endpoints.receiveCarrierEvent> =>
  async ({ body, headers }) => {
    if (!isSignedWebhook(await secrets(), headers, body, now()))
      return problem('BAD_SIGNATURE', 'The signature, its time or its headers are not right.')
    const event = parseRawBody(CarrierEvent, body)
    if (!event) return problem('INVALID_INPUT', 'This is no event of a carrier.')
    const orderIds = await shipments.listOfParcel(event.carrier, event.trackingNumber)
    if (orderIds.length === 0) return notFound('parcel')
    for (const orderId of orderIds) await deliver(orderId, { carrierEventId: event.id })
    return { body: undefined }
  }

export const handler = serve(endpoints.receiveCarrierEvent, () => {
  const shipments = shipmentsTable({ table: openTable(), now, newId })
  const secrets = secretsFrom(setting('CARRIER_SECRET_ARN'), now)
  return receiveCarrierEvent({ shipments, deliver: delivered({ shipments, now }), secrets, now })
})
