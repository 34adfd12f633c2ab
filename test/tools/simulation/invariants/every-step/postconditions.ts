/**
 * E4: a message is worked off only when what it asks for is done. A function that meets a failure on its way and says nothing of
 * it leaves an order to the mercy of later sweeps, or for ever; here it is seen at the moment of the acknowledgement.
 */
import type { Json } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'

/** An item as it stands, as plain data. */
export type Look = (table: string, pk: string, sk: string) => Json | undefined

type Told = { type: string; data: Json }
/** @returns what is not done */
type Postcondition = (look: Look, told: Told) => string | undefined

const orderOf = (look: Look, { data }: Told) => look('orders', `order#${data.orderId}`, 'order')
const paymentOf = (look: Look, { data }: Told) => look('payments', `payment#${data.orderId}`, 'payment')
const shipmentOf = (look: Look, { data }: Told) => look('shipping', `shipment#${data.orderId}`, 'shipment')

/** Where an order no longer stands once it has heard of an event. */
const leaves: Readonly<Record<string, readonly string[]>> = {
  'payment.authorized': ['placed', 'awaiting-payment'],
  'payment.declined': ['placed', 'awaiting-payment'],
  'shipment.delivered': ['confirmed', 'shipped'],
  'shipment.stopped': ['confirmed'],
}

const reservationIs =
  (...states: string[]): Postcondition =>
  (look, { data }) => {
    const state = look('inventory', `reservation#${data.orderId}`, 'reservation')?.state
    return states.includes(state) ? undefined : `its reservation is ${state ?? 'missing'}`
  }

const isCommitted = reservationIs('committed')
const isCaptured: Postcondition = (look, told) =>
  paymentOf(look, told)?.capturedMinor > 0 ? undefined : 'nothing was captured'

/** A payment waits for an event of the provider only where the provider has said that there will be one. */
const isAnnounced = (look: Look, payment: Json): boolean =>
  payment.method === 'sandbox_slow' &&
  (look('payments', `sandbox#${payment.orderId}`, 'intent')?.keys ?? []).includes(`${payment.orderId}:authorize`)

const postconditions: Readonly<Record<string, Postcondition>> = {
  'orders/settle-order': (look, told) => {
    const status = orderOf(look, told)?.status
    return leaves[told.type]?.includes(status) ? `its order is still ${status}` : undefined
  },
  'inventory/release-stock': reservationIs('released', 'rejected'),
  'orders/ship-order': (look, told) => {
    const order = orderOf(look, told)
    if (order?.status === 'confirmed') return 'its order is still confirmed'
    return order?.resumeAt === undefined ? (isCaptured(look, told) ?? isCommitted(look, told)) : undefined
  },
  'payments/undo-payment': (look, told) => {
    const status = paymentOf(look, told)?.status
    return ['voided', 'declined', 'refunded'].includes(status) ? undefined : `its payment is ${status ?? 'missing'}`
  },
  'payments/refund-return': (look, told) => {
    const payment = paymentOf(look, told)
    const left = payment?.refunds.find(({ id, done }: Json) => id === told.data.returnId && !done)
    return left && payment.capturedMinor > 0 ? `${left.amountMinor} are to be given back and are not` : undefined
  },
  'payments/complete-requested': (look, told) => {
    const payment = paymentOf(look, told)
    const left = payment?.refunds.find(({ done }: Json) => !done)
    if (left && payment.capturedMinor > 0) return `${left.amountMinor} are to be given back and are not`
    return payment?.status === 'authorized' && payment.requested.capture ? 'it was not captured' : undefined
  },
  'carts/clear-cart': (look, { data }) => {
    const cart = look('carts', `cart#${data.cartId}`, 'cart')
    return cart && !(cart.ordered ?? []).includes(data.orderId) ? 'its cart does not know of it' : undefined
  },
  'shipping/create-shipment': (look, told) => (shipmentOf(look, told) ? undefined : 'there is no shipment'),
  'shipping/stop-shipment': (look, told) => {
    const status = shipmentOf(look, told)?.status
    return status === 'stopped' ? undefined : `its shipment is ${status ?? 'missing'}`
  },
  'reporting/record-event': (look, { data }) =>
    look('reporting', `order#${data.orderId}`, 'record') ? undefined : 'reporting knows nothing of it',
}

/** @returns to be told of each message that was worked off */
export const createPostconditions =
  (run: RunContext, look: Look) =>
  (queue: string, body: string): void => {
    const holds = postconditions[queue]
    if (!holds) return
    const { detail }: { detail: Told } = JSON.parse(body)
    const left = holds(look, detail)
    if (left) run.violate('E4', `${queue} has done with ${detail.type} of ${detail.data.orderId}, but ${left}`)
  }

/** What is so when a procedure has answered: whoever asked takes it for done. */
const answered: Readonly<Record<string, (look: Look, orderId: string, answer: Json) => string | undefined>> = {
  'inventory/reserve': (look, orderId, { state }) => {
    const is = reservationIs(...(reservationAfter[state] ?? []))
    return is(look, { type: '', data: { orderId } })
  },
  'inventory/commit': (look, orderId) => isCommitted(look, { type: '', data: { orderId } }),
  'payments/capture': (look, orderId) => isCaptured(look, { type: '', data: { orderId } }),
  'payments/authorize': (look, orderId, { status }) => {
    const payment = look('payments', `payment#${orderId}`, 'payment')
    if (!payment) return 'there is no payment'
    return status === 'pending' && payment.status === 'pending' && !isAnnounced(look, payment)
      ? 'its payment waits for nothing that the provider knows of'
      : undefined
  },
}

/** Something else may have come after it by the time of the answer. */
const reservationAfter: Readonly<Record<string, readonly string[]>> = {
  reserved: ['reserved', 'releasing', 'released', 'committing', 'committed'],
  rejected: ['rejected'],
  released: ['releasing', 'released'],
}

/** @returns to be told of each answer of a procedure, with what it was asked */
export const createAnswerChecks =
  (run: RunContext, look: Look) =>
  (procedure: string, input: Json, answer: Json): void => {
    const left = answered[procedure]?.(look, input.orderId, answer)
    if (left) run.violate('E4', `${procedure} has answered for ${input.orderId}, but ${left}`)
  }
