/** What must add up after a replay. Pure: from what the replay knows and what the shop shows to what is wrong, if anything. */

import type { Story } from '../driving/place.ts'
import type { Opening } from '../driving/stocking.ts'
import { shouldConfirm } from '../invoices/orders.ts'
import type { Ledger, Order, Payment, Stock } from '../shop/shapes.ts'

/** Units of one SKU in the replay's orders: in those that left the house, and in those that are yet to leave it. */
export type Sold = { sold: number; reserved: number }

export const unitsBySku = (stories: readonly Story[]): ReadonlyMap<string, Sold> => {
  const units = new Map<string, Sold>()
  for (const { status, plan } of stories) {
    if (status === 'cancelled') continue
    for (const { sku, quantity } of plan.lines) {
      const before = units.get(sku) ?? { sold: 0, reserved: 0 }
      const isGone = status !== 'confirmed'
      units.set(sku, {
        sold: before.sold + (isGone ? quantity : 0),
        reserved: before.reserved + (isGone ? 0 : quantity),
      })
    }
  }
  return units
}

/**
 * Every unit that came in is free on the shelf, reserved, or sold. (The shop's `onHand` counts what stands in the house,
 * reserved or not; `available` is the free part.)
 */
export const checkStock = (
  sku: string,
  opening: Opening,
  stock: Stock,
  { sold, reserved }: Sold = { sold: 0, reserved: 0 },
): string[] => {
  const had = opening.onHand + opening.received
  const has = stock.available + stock.reserved + sold
  const mustReserve = opening.reserved + reserved
  return [
    ...(had === has
      ? []
      : [
          `SKU ${sku}: received ${had}, but ${stock.available} free + ${stock.reserved} reserved + ${sold} sold = ${has}`,
        ]),
    ...(stock.reserved === mustReserve
      ? []
      : [`SKU ${sku}: ${stock.reserved} reserved, but open orders hold ${mustReserve}`]),
    ...(stock.available === stock.onHand - stock.reserved && stock.available >= 0 && stock.reserved >= 0
      ? []
      : [
          `SKU ${sku}: ${stock.available} free is not ${stock.onHand} in the house - ${stock.reserved} reserved, or below 0`,
        ]),
  ]
}

/** How an order's money stands. Minor units of the shop's currency. */
export type Account = { total: number; captured: number; outstanding: number; refunded: number }

/**
 * What of the total the shop is not to hold, by the order's story and not by the payment: all of it before the goods
 * leave and for a cancelled order, what staff gave back afterwards.
 */
const outstandingOf = ({ status, refunded }: Story, total: number): number =>
  status === 'confirmed' || status === 'cancelled' ? total : refunded

export const accountOf = (story: Story, order: Order, payment: Payment): Account => ({
  total: order.total.amount,
  captured: payment.captured.amount,
  outstanding: outstandingOf(story, order.total.amount),
  refunded: payment.refunded.amount,
})

const paymentStatusOf = ({ status, plan, order, refunded }: Story): string => {
  if (status === 'cancelled') return shouldConfirm(plan) ? 'voided' : 'declined'
  if (status === 'confirmed') return 'authorized'
  if (refunded === 0) return 'captured'
  return refunded === order.total.amount ? 'refunded' : 'partially-refunded'
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

const linesText = (lines: readonly { sku: string; quantity: number }[]): string =>
  lines
    .map(({ sku, quantity }) => `${quantity} x ${sku}`)
    .sort()
    .join(', ')

/** The order holds what the invoice asked for, its sums are right, and it stands where the replay left it. */
export const checkOrder = (story: Story, order: Order): string[] => {
  const wrong: string[] = []
  const { subtotal, discount, shipping, tax, total, lines, pricesIncludeTax } = order
  if (order.status !== story.status) wrong.push(`is ${order.status}, and was left ${story.status}`)
  if (order.reason !== story.reason) wrong.push(`gives the reason ${order.reason}, and was told ${story.reason}`)
  if (linesText(lines) !== linesText(story.plan.lines)) wrong.push('does not hold the lines of the invoice')
  if (lines.some((line) => line.total.amount !== line.unitPrice.amount * line.quantity))
    wrong.push('has a line whose total is not price x quantity')
  if (subtotal.amount !== sum(lines.map((line) => line.total.amount)))
    wrong.push('has a subtotal that is not its lines')
  const due = subtotal.amount - discount.amount + shipping.amount + (pricesIncludeTax ? 0 : tax.amount)
  if (total.amount !== due) wrong.push(`costs ${total.amount}, but its parts make ${due}`)
  return wrong.map((each) => `order ${story.id} (${story.plan.key}) ${each}`)
}

/** total = captured + outstanding - refunded, and payment and ledger tell the same. */
export const checkMoney = (story: Story, order: Order, payment: Payment, ledger: Ledger): string[] => {
  const wrong: string[] = []
  const { total, captured, outstanding, refunded } = accountOf(story, order, payment)
  if (total !== captured + outstanding - refunded)
    wrong.push(
      `costs ${total}, but ${captured} captured + ${outstanding} outstanding - ${refunded} refunded is not that`,
    )
  if (refunded !== story.refunded) wrong.push(`shows ${refunded} refunded, but ${story.refunded} was given back`)
  if (captured > payment.authorized.amount)
    wrong.push(`has captured ${captured} of ${payment.authorized.amount} authorized`)
  if (payment.status !== paymentStatusOf(story))
    wrong.push(`has a payment that is ${payment.status}, where ${paymentStatusOf(story)} was expected`)
  const balance = sum(ledger.data.map(({ amount }) => amount))
  if (balance !== 0) wrong.push(`has a ledger that sums to ${balance}`)
  const held = sum(ledger.data.filter(({ account }) => account === 'provider').map(({ amount }) => amount))
  if (held !== captured - refunded) wrong.push(`has ${held} in its ledger, but ${captured - refunded} in its payment`)
  return wrong.map((each) => `order ${story.id} (${story.plan.key}) ${each}`)
}

/** What the replay counted while it went along is what all payments together show. Minor units. */
export const checkRefunds = (counted: number, shown: number): string[] =>
  counted === shown ? [] : [`refunds: ${counted} was given back, but all payments together show ${shown}`]

/** What a local cloud saw of the events since its start. */
export type EventCounts = {
  /** By type. */
  published: ReadonlyMap<string, number>
  /** How many consumers are declared for each type. */
  consumersOf: ReadonlyMap<string, number>
  /** Of each consumer's events: taken in for it, worked off, in its dead-letter queue, neither yet. */
  consumers: readonly { name: string; accepted: number; passed: number; givenUp: number; waiting: number }[]
  queues: readonly {
    name: string
    isDeadLetterQueue: boolean
    sent: number
    fromBus: number
    removed: number
    deadLettered: number
    /** Still lying there. */
    left: number
  }[]
}

export type EventSums = {
  published: number
  /** Published events times their consumers. */
  due: number
  consumed: number
  deadLettered: number
}

/** Queues of tasks must balance, too, but carry no events. */
export const sumEvents = ({ published, consumersOf, consumers, queues }: EventCounts): EventSums => {
  // What a rule could not hand over lies in a dead-letter queue without having been with its consumer.
  const atOnce = queues.filter(({ isDeadLetterQueue }) => isDeadLetterQueue).map(({ fromBus }) => fromBus)
  return {
    published: sum([...published.values()]),
    due: sum([...published].map(([type, count]) => count * (consumersOf.get(type) ?? 0))),
    consumed: sum(consumers.map(({ passed }) => passed)),
    deadLettered: sum(consumers.map(({ givenUp }) => givenUp)) + sum(atOnce),
  }
}

/** Every event that was published reached each of its consumers or lies in a dead-letter queue; nothing is under way. */
export const checkEvents = (counts: EventCounts): string[] => {
  const { due, consumed, deadLettered } = sumEvents(counts)
  return [
    ...(due === consumed + deadLettered
      ? []
      : [`events: ${due} deliveries were due, but ${consumed} consumed + ${deadLettered} dead-lettered is not that`]),
    ...counts.consumers
      .filter(({ accepted, passed, givenUp }) => accepted !== passed + givenUp)
      .map(
        ({ name, accepted, passed, waiting }) =>
          `consumer ${name}: of ${accepted} events ${passed} are worked off, ${waiting} wait`,
      ),
    ...counts.queues
      .filter((queue) => !queue.isDeadLetterQueue && queue.sent !== queue.removed + queue.deadLettered)
      .map(
        ({ name, sent, removed, left }) =>
          `queue ${name}: of ${sent} messages ${removed} are worked off, ${left} lie there`,
      ),
  ]
}
