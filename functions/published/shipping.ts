/** The published language of shipping: what may be asked of it and what it tells. */
import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { event } from '../../shared/contract/event.ts'
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'
import { Country, Id, KeptEmail, Money, Quantity, Sku, UserId } from '../../shared/contract/schema.ts'

export const quote = procedure({
  service: 'shipping',
  name: 'quote',
  summary: 'Price one shipping method for a weight and a country; the method is absent when it does not go there',
  input: z.strictObject({
    methodId: z.string().check(z.maxLength(64)),
    country: Country,
    weightGrams: z.int().check(z.minimum(0)),
  }),
  output: z.strictObject({ method: z.optional(z.strictObject({ id: z.string(), title: z.string(), price: Money })) }),
})

/** Who wished that an order is not sent. */
export const StopReason = z.enum(['by-customer', 'by-staff'])

export const stop = procedure({
  service: 'shipping',
  name: 'stop',
  summary: "Stop an order's shipment, also before there is one; `stopped` is false when it has left the house",
  /** `by`: the staff member, where it was one. */
  input: z.strictObject({ orderId: Id('ord'), customerId: UserId, reason: StopReason, by: z.optional(UserId) }),
  output: z.strictObject({ stopped: z.boolean() }),
  table: ['GetItem', 'PutItem'],
})

export const exportPerson = exportPersonOf('shipping', ['Query', 'BatchGetItem'])

/** As many as an order has. */
const maxLines = 100

const Shipment = z.object({ orderId: Id('ord'), shipmentId: Id('shp') })

export const shipmentDispatched = event({
  service: 'shipping',
  type: 'shipment.dispatched',
  schemaVersion: 1,
  summary: 'A shipment has left the house',
  data: z.extend(Shipment, {
    carrier: z.string(),
    trackingNumber: z.string(),
    /** Whose order it is, its number, and where mail goes; shipments from before this was told say none of it. */
    customerId: z.optional(UserId),
    number: z.optional(z.string()),
    email: z.optional(KeptEmail),
  }),
})

export const shipmentDelivered = event({
  service: 'shipping',
  type: 'shipment.delivered',
  schemaVersion: 1,
  summary: 'A shipment has reached its address; who it was for, and what was in it',
  data: z.extend(Shipment, {
    /** Shipments from before this was told say neither. */
    customerId: z.optional(UserId),
    lines: z.optional(
      z
        .array(z.object({ sku: Sku, productId: z.optional(Id('prd')), quantity: Quantity }))
        .check(z.maxLength(maxLines)),
    ),
  }),
})

export const shipmentStopped = event({
  service: 'shipping',
  type: 'shipment.stopped',
  schemaVersion: 1,
  summary: 'A confirmed order will not be sent, because somebody cancelled it in time',
  data: z.extend(Shipment, { reason: StopReason, by: z.optional(UserId) }),
})

export const personErased = personErasedBy('shipping')
