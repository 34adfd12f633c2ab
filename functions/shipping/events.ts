import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { personErasedBy } from '../../shared/contract/personal-data.ts'
import { Id, KeptEmail, Quantity, Sku, UserId } from '../../shared/contract/schema.ts'
import { StopReason } from './procedures.ts'

/** As many as an order has. */
const maxLines = 100

const Shipment = z.object({ orderId: Id('ord'), shipmentId: Id('shp') })

export const shipmentCreated = event({
  service: 'shipping',
  type: 'shipment.created',
  schemaVersion: 1,
  summary: 'A shipment waits to be packed',
  data: Shipment,
})

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
