import * as z from 'zod/mini'
import { event } from '../../shared/contract/event.ts'
import { personErasedBy } from '../../shared/contract/personal-data.ts'
import { Id } from '../../shared/contract/schema.ts'
import { StopReason } from './procedures.ts'

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

export const shipmentStopped = event({
  service: 'shipping',
  type: 'shipment.stopped',
  schemaVersion: 1,
  summary: 'A confirmed order will not be sent, because somebody cancelled it in time',
  data: z.extend(Shipment, { reason: StopReason }),
})

export const personErased = personErasedBy('shipping')
