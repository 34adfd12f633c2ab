/**
 * Merges the events of an order so that neither the order of arrival nor repetition matters, and where it
 * disagrees. Pure.
 *
 * Only what can change the answer is listened to. Of an order that is not confirmed yet, of a payment that never came to be, and
 * of goods that nobody has, there is nothing that could disagree.
 */
import type { AnyOf } from '../../shared/contract/event.ts'
import type { consumers, Drift } from './contract.ts'

export type ReportedEvent = AnyOf<(typeof consumers.recordEvent)['on']>

/** The latest word on something, numbered as its publisher numbers what it says of one order. */
export type Said<T> = { value: T; sequence: number }

/** An amount that is counted once, by the number of its event. Minor units of the shop's currency. */
export type Booked = { amountMinor: number; sequence: number }

/** `returned`: goods of it came back, so they had left the house. Before its confirmation there is nothing to compare it with. */
export type OrderState = 'confirmed' | 'returned' | 'cancelled'
export type PaymentState = 'authorized' | 'captured' | 'voided' | 'refunded'
export type StockState = 'reserved' | 'released' | 'committed'

/** What is absent has not arrived yet. */
export type OrderRecord = {
  orderId: string
  order?: Said<OrderState> | undefined
  /** Minor units, as the order says. */
  total?: Said<number> | undefined
  payment?: Said<PaymentState> | undefined
  /** Minor units, as the payment says. */
  authorized?: Said<number> | undefined
  /** The three in the order of their numbers. */
  captures: readonly Booked[]
  refunds: readonly Booked[]
  /** What goods that came back cost. */
  returns: readonly Booked[]
  stock?: Said<StockState> | undefined
  /** Whether the shipment has left the house. */
  hasLeft: boolean
}

export const nothingHeard = (orderId: string): OrderRecord => ({
  orderId,
  captures: [],
  refunds: [],
  returns: [],
  hasLeft: false,
})

/** Older or equal news changes nothing. */
const later = <T>(known: Said<T> | undefined, value: T, sequence: number): Said<T> =>
  known && known.sequence >= sequence ? known : { value, sequence }

const booked = (known: readonly Booked[], amountMinor: number, sequence: number): readonly Booked[] =>
  known.some((one) => one.sequence === sequence)
    ? known
    : [...known, { amountMinor, sequence }].toSorted((a, b) => a.sequence - b.sequence)

/** The parts of the record that the event speaks of, as they are after it. */
const partsAfter = (record: OrderRecord, { sequence, ...event }: ReportedEvent): Partial<OrderRecord> => {
  const order = (state: OrderState) => ({ order: later(record.order, state, sequence) })
  const payment = (state: PaymentState) => ({ payment: later(record.payment, state, sequence) })
  const stock = (state: StockState) => ({ stock: later(record.stock, state, sequence) })
  const total = (amountMinor: number) => ({ total: later(record.total, amountMinor, sequence) })
  switch (event.type) {
    case 'order.confirmed':
      return { ...order('confirmed'), ...total(event.data.order.total.amount) }
    case 'order.cancelled':
      return { ...order('cancelled'), ...total(event.data.order.total.amount) }
    case 'return.received':
      return { ...order('returned'), returns: booked(record.returns, event.data.refund.amount, sequence) }
    case 'payment.authorized':
      return { ...payment('authorized'), authorized: later(record.authorized, event.data.amount.amount, sequence) }
    case 'payment.captured':
      return { ...payment('captured'), captures: booked(record.captures, event.data.amount.amount, sequence) }
    case 'payment.voided':
      return payment('voided')
    case 'payment.refunded':
      return { ...payment('refunded'), refunds: booked(record.refunds, event.data.amount.amount, sequence) }
    case 'stock.reserved':
      return stock('reserved')
    case 'stock.released':
      return stock('released')
    case 'stock.committed':
      return stock('committed')
    case 'shipment.dispatched':
      return { hasLeft: true }
  }
}

/** @returns the record after the event, or undefined when it says nothing new */
export const merged = (record: OrderRecord, event: ReportedEvent): OrderRecord | undefined => {
  const after = { ...record, ...partsAfter(record, event) }
  const names: readonly (keyof OrderRecord)[] = [
    'order',
    'total',
    'payment',
    'authorized',
    'captures',
    'refunds',
    'returns',
    'stock',
    'hasLeft',
  ]
  return names.some((name) => after[name] !== record[name]) ? after : undefined
}

const sumOf = (amounts: readonly Booked[]): number => amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
const capturedMinor = ({ captures }: OrderRecord): number => sumOf(captures)
const refundedMinor = ({ refunds }: OrderRecord): number => sumOf(refunds)
const keepsMoney = (record: OrderRecord): boolean => capturedMinor(record) > refundedMinor(record)

const isCancelled = ({ order }: OrderRecord): boolean => order?.value === 'cancelled'

const goesOn = ({ order }: OrderRecord): boolean => order?.value === 'confirmed' || order?.value === 'returned'

const wasSent = ({ order, hasLeft }: OrderRecord): boolean => hasLeft || order?.value === 'returned'

const holdsStock = ({ stock }: OrderRecord): boolean => stock?.value === 'reserved' || stock?.value === 'committed'

const paidOrGoodFor: readonly (PaymentState | undefined)[] = ['authorized', 'captured', 'refunded']
const isPaidFor = ({ payment }: OrderRecord): boolean => paidOrGoodFor.includes(payment?.value)

/** When each drift is there. What has not arrived yet is given the benefit of the doubt wherever that is harmless. */
const drifts: Readonly<Record<Drift, (record: OrderRecord) => boolean>> = {
  'cancelled-holds-stock': (record) => isCancelled(record) && holdsStock(record),
  'cancelled-was-sent': (record) => isCancelled(record) && wasSent(record),
  'cancelled-holds-authorization': (record) => isCancelled(record) && record.payment?.value === 'authorized',
  'cancelled-keeps-money': (record) => isCancelled(record) && keepsMoney(record),
  'confirmed-without-stock': (record) => goesOn(record) && !holdsStock(record),
  'confirmed-without-payment': (record) => goesOn(record) && !isPaidFor(record),
  'sent-holds-stock': (record) => wasSent(record) && record.stock?.value === 'reserved',
  'sent-not-captured': (record) => wasSent(record) && !isCancelled(record) && record.captures.length === 0,
  'committed-unconfirmed': (record) => record.stock?.value === 'committed' && !goesOn(record) && !isCancelled(record),
  'captured-unknown-order': (record) => record.order === undefined && keepsMoney(record),
  'captured-not-total': (record) =>
    record.captures.length > 0 && record.total !== undefined && capturedMinor(record) !== record.total.value,
  'authorized-not-total': ({ authorized, total }) =>
    authorized !== undefined && total !== undefined && authorized.value !== total.value,
  'refunded-over-captured': (record) => refundedMinor(record) > capturedMinor(record),
  'returned-not-refunded': (record) => refundedMinor(record) < Math.min(capturedMinor(record), sumOf(record.returns)),
}

// The table is written for exactly these names, so its keys are these.
const names = Object.keys(drifts) as Drift[]

/** In what the order, its payment and its stock disagree; nothing where all is well, or may still become so. */
export const driftsOf = (record: OrderRecord): Drift[] => names.filter((name) => drifts[name](record))

const undoable: readonly Drift[] = ['cancelled-holds-authorization', 'cancelled-keeps-money', 'captured-unknown-order']

/** Whether money is held for an order that, as far as was heard, does not live. */
export const holdsMoney = (found: readonly Drift[]): boolean => found.some((drift) => undoable.includes(drift))
