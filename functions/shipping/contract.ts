import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Country, Id, Money, Options, Quantity, Sku, Text, Timestamp, UserId } from '../../shared/contract/schema.ts'
import { checkoutSnapshot } from '../published/carts.ts'
import { quote as catalogQuote } from '../published/catalog.ts'
import { userErasureRequested } from '../published/identity.ts'
import { orderCancelled, orderConfirmed, orderStatus } from '../published/orders.ts'
import {
  exportPerson,
  personErased,
  quote,
  shipmentDelivered,
  shipmentDispatched,
  shipmentStopped,
  stop,
} from '../published/shipping.ts'

const OrderId = Id('ord')

export const ShippingMethod = z.strictObject({
  id: z.string(),
  title: z.string(),
  price: Money,
  /** Working days. */
  deliveryDays: z.strictObject({ min: z.int(), max: z.int() }),
})

export const ShipmentStatus = z.enum(['pending', 'dispatched', 'delivered', 'stopped'])

export const Shipment = z.strictObject({
  id: Id('shp'),
  orderId: OrderId,
  status: ShipmentStatus,
  carrier: z.optional(z.string()),
  trackingNumber: z.optional(z.string()),
  /** What is in it; titles stand in the order. */
  lines: z.array(
    z.strictObject({
      sku: Sku,
      productId: z.optional(Id('prd')),
      /** Absent where a product has one variant only. */
      options: z.optional(Options),
      quantity: Quantity,
    }),
  ),
  /** `by` is shown to staff: who of them dispatched or delivered it. */
  events: z.array(z.strictObject({ at: Timestamp, status: ShipmentStatus, by: z.optional(UserId) })),
  version: z.int(),
})

/** What a carrier reports of a parcel. */
export const CarrierEvent = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  type: z.literal('parcel.delivered'),
  carrier: Text(80),
  trackingNumber: Text(80),
})

const orderPath = z.strictObject({ orderId: OrderId })

export const endpoints = {
  listShippingMethods: endpoint({
    method: 'GET',
    path: '/carts/{cartId}/shipping-methods',
    caller: 'shopper',
    summary: 'List how my cart can be sent to a country, with prices',
    params: z.strictObject({ cartId: Id('crt') }),
    query: z.strictObject({ country: Country }),
    success: { status: 200, body: z.strictObject({ data: z.array(ShippingMethod) }) },
    problems: { CART_EMPTY: 409, SHIPPING_UNAVAILABLE: 409 },
    calls: [checkoutSnapshot, catalogQuote],
  }),
  readShipment: endpoint({
    method: 'GET',
    path: '/orders/{orderId}/shipment',
    caller: 'shopper',
    forStaff: true,
    summary: 'Follow the shipment of an order of mine; staff follow any',
    params: orderPath,
    success: { status: 200, body: Shipment },
    table: ['GetItem'],
    calls: [orderStatus],
  }),
  dispatchShipment: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/shipment/dispatch',
    caller: 'staff',
    summary: 'Hand a shipment to its carrier; the payment is captured and the stock leaves the books',
    params: orderPath,
    body: z.strictObject({ carrier: Text(80), trackingNumber: Text(80) }),
    success: { status: 200, body: Shipment },
    problems: { NOT_DISPATCHABLE: 409 },
    table: ['GetItem', 'PutItem'],
    calls: [orderStatus],
  }),
  deliverShipment: endpoint({
    method: 'POST',
    path: '/orders/{orderId}/shipment/deliver',
    caller: 'staff',
    summary: 'Note that a shipment has reached its address',
    params: orderPath,
    success: { status: 200, body: Shipment },
    problems: { NOT_DELIVERABLE: 409 },
    table: ['GetItem', 'PutItem'],
    calls: [orderStatus],
  }),
  receiveCarrierEvent: endpoint({
    method: 'POST',
    path: '/carrier-events',
    caller: 'anyone',
    summary: "Take a carrier's signed report that a parcel has arrived (Standard Webhooks signature)",
    rawBody: 64 * 1024,
    success: { status: 204 },
    problems: { NOT_FOUND: 404, BAD_SIGNATURE: 401 },
    table: ['Query', 'GetItem', 'PutItem'],
    uses: ['carrier-secret'],
  }),
}

export const consumers = {
  createShipment: consumer({
    on: [orderConfirmed],
    summary: 'Prepare the shipment of a confirmed order',
    table: ['GetItem', 'PutItem'],
  }),
  stopShipment: consumer({
    on: [orderCancelled],
    summary: 'Stop what has not left the house',
    table: ['GetItem', 'PutItem'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Take a person out of their shipments, once none of their orders is under way',
    table: ['GetItem', 'PutItem', 'Query'],
  }),
}

export const procedures = { quote, stop, exportPerson }
export const events = { shipmentDispatched, shipmentDelivered, shipmentStopped, personErased }

export const shipping = service({
  name: 'shipping',
  summary: 'shipping methods, shipments and their tracking',
  personalData: {
    held: 'delivery addresses, e-mail addresses of orders on their way, and the tracking numbers of parcels',
    kept: 'which goods of an order left the house, and when (tax and commercial law: proof of delivery)',
  },
  table: { indexes: 2, keysOnly: [1, 2] },
  endpoints,
  procedures,
  consumers,
  events,
})
