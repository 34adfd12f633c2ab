/** What the services say of one order, from its placing to its end, as the bus would carry it. */
import * as inventory from '../../../functions/published/inventory.ts'
import * as orders from '../../../functions/published/orders.ts'
import * as payments from '../../../functions/published/payments.ts'
import * as shipping from '../../../functions/published/shipping.ts'
import { consumers } from '../../../functions/reporting/contract.ts'
import type { ReportedEvent } from '../../../functions/reporting/domain.ts'
import { envelopeSchema } from '../../../shared/contract/event.ts'
import { type Json, someEvent, someId, type TestEvent } from '../../support/service.ts'

export const totalMinor = 5000
const eur = (amount: number) => ({ amount, currency: 'EUR' })

const summary = (total: number) => ({
  number: '261121-7KQ2-M8XD',
  email: 'ada@example.com',
  lines: [],
  subtotal: eur(total),
  discount: eur(0),
  shipping: eur(0),
  tax: eur(0),
  total: eur(total),
  pricesIncludeTax: false,
  shippingMethod: { id: 'standard', title: 'Standard' },
  shippingAddress: { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
})

/** Everything that is listened to of one order; the number is the publisher's own. */
export const saysOf = (orderId: string) => {
  const customerId = someId('gst')
  const shipmentId = someId('shp')
  const say =
    (declaration: Parameters<typeof someEvent>[0], aggregateId: string, data: Json = {}) =>
    (sequence: number): TestEvent =>
      someEvent(declaration, aggregateId, { orderId, ...data }, { sequence })
  const order = (declaration: Parameters<typeof someEvent>[0], data: Json = {}) =>
    say(declaration, orderId, { customerId, ...data })
  const payment = (declaration: Parameters<typeof someEvent>[0], data: Json = {}) => say(declaration, orderId, data)
  const goods = (refund: number) => ({
    returnId: someId('ret'),
    lines: [{ sku: 'A', quantity: 1 }],
    refund: eur(refund),
  })
  return {
    confirmed: order(orders.orderConfirmed, { cartId: someId('crt'), cartVersion: 1, order: summary(totalMinor) }),
    cancelled: order(orders.orderCancelled, { reason: 'by-customer', order: summary(totalMinor) }),
    returnReceived: (refund: number) => order(orders.returnReceived, goods(refund)),
    authorized: (amount = totalMinor) => payment(payments.paymentAuthorized, { amount: eur(amount) }),
    captured: (amount = totalMinor) => payment(payments.paymentCaptured, { amount: eur(amount) }),
    voided: payment(payments.paymentVoided),
    refunded: (amount: number) => payment(payments.paymentRefunded, { amount: eur(amount), reason: 'scratched' }),
    reserved: payment(inventory.stockReserved),
    released: payment(inventory.stockReleased),
    committed: payment(inventory.stockCommitted),
    dispatched: say(shipping.shipmentDispatched, shipmentId, { shipmentId, carrier: 'P', trackingNumber: '1' }),
  }
}

const schemas = new Map(consumers.recordEvent.on.map((event) => [event.type, envelopeSchema(event)]))

/** As the consumer's wrapper hands it on. */
export const asNews = (event: TestEvent): ReportedEvent =>
  schemas.get(event.type as ReportedEvent['type'])?.parse(event) as ReportedEvent

/** Stories in which everybody kept their word: whatever the order of arrival, everything adds up in the end. */
export const stories = (orderId: string): Record<string, TestEvent[]> => {
  const says = saysOf(orderId)
  const confirmed = [says.reserved(1), says.authorized()(1), says.confirmed(3)]
  const sent = [...confirmed, says.dispatched(2), says.captured()(2), says.committed(2)]
  return {
    'out of stock, or cancelled at once': [says.cancelled(2), says.voided(1)],
    declined: [says.reserved(1), says.cancelled(3), says.released(2)],
    'not confirmed by the shopper': [says.reserved(1), says.cancelled(3), says.voided(2), says.released(2)],
    'authorized late': [says.reserved(1), says.cancelled(3), says.authorized()(1), says.voided(2), says.released(2)],
    'waiting to be sent': confirmed,
    'cancelled before it was sent': [...confirmed, says.cancelled(4), says.voided(2), says.released(2)],
    'captured by staff, then cancelled': [
      ...confirmed,
      says.captured()(2),
      says.cancelled(4),
      says.refunded(totalMinor)(3),
      says.released(2),
    ],
    sent,
    'partly refunded': [...sent, says.refunded(1000)(3), says.refunded(1000)(4)],
    returned: [
      ...sent,
      says.returnReceived(3000)(5),
      says.refunded(3000)(3),
      says.returnReceived(2000)(7),
      says.refunded(2000)(4),
    ],
    'returned after staff gave most of it back': [
      ...sent,
      says.refunded(4500)(3),
      says.returnReceived(5000)(5),
      says.refunded(500)(4),
    ],
  }
}
