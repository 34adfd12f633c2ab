import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { Id } from '../../shared/contract/schema.ts'

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
  data: z.extend(Shipment, { carrier: z.string(), trackingNumber: z.string() }),
})

export const shipmentDelivered = event({
  service: 'shipping',
  type: 'shipment.delivered',
  schemaVersion: 1,
  summary: 'A shipment has reached its address',
  data: Shipment,
})
