/** M1 to M5, O2, S2, S3, order by order: at rest, with its stock, money and goods where its status says. */
import type { Json } from '../../cloud/http.ts'
import type { Broken, End } from '../../world/final-state.ts'
import { brokenReturns, brokenTotals } from '../expected-totals.ts'
import { sum } from './items.ts'

const resting = ['completed', 'cancelled', 'returned', 'delivered']
const statusesWithGoodsGone = ['shipped', 'delivered', 'completed', 'returned']

/** What was given back by hand may have been for the same goods; the rest is given back for them, and no more. */
const refundsOfGoodsBroken = (payment: Json, received: readonly Json[]): string | undefined => {
  const refunds: Json[] = payment?.refunds ?? []
  const amountOf = (some: readonly Json[]): number => sum(some.map(({ amountMinor }) => amountMinor))
  const worth = sum(received.map(({ refund }) => refund.amount))
  const given = amountOf(refunds.filter(({ id }) => received.some((one) => one.id === id)))
  const byHand = amountOf(refunds) - given
  return given <= worth && given >= worth - byHand
    ? undefined
    : `goods worth ${worth} came back, and ${given} were given back for them, ${byHand} by hand`
}

export const brokenOrder = (order: Json, { payments, inventory, shipping }: End): Broken[] => {
  const broken: Broken[] = []
  const say = (invariant: string, detail: string) =>
    broken.push({ invariant, detail: `${order.id} (${order.status}): ${detail}` })
  const payment = payments.find(({ pk, sk }) => sk === 'payment' && pk === `payment#${order.id}`)
  const intent = payments.find(({ pk, sk }) => sk === 'intent' && pk === `sandbox#${order.id}`)
  const reservation = inventory.find(({ pk, sk }) => sk === 'reservation' && pk === `reservation#${order.id}`)
  const shipment = shipping.find(({ pk, sk }) => sk === 'shipment' && pk === `shipment#${order.id}`)
  const refunded = sum(
    (payment?.refunds ?? []).filter(({ done }: Json) => done).map(({ amountMinor }: Json) => amountMinor),
  )
  const promised = sum((payment?.refunds ?? []).map(({ amountMinor }: Json) => amountMinor))

  if (!resting.includes(order.status)) say('O2', 'it does not come to rest')
  const { total } = order.order
  const wrongSum = brokenTotals(order.order)
  if (wrongSum) say('M4', wrongSum)
  const live = (order.returns ?? []).filter(({ status }: Json) => status === 'requested' || status === 'received')
  const wrongReturn = brokenReturns(order.order, live)
  if (wrongReturn) say('M5', wrongReturn)
  if (payment && payment.method !== 'none' && payment.totalMinor !== total.amount)
    say('M4', `its payment is of ${payment.totalMinor}, its total ${total.amount}`)
  if (refunded !== promised) say('M1', `${promised} promised back, ${refunded} given back`)
  if (order.status === 'cancelled') {
    if (payment && payment.capturedMinor !== refunded)
      say('M1', `${payment.capturedMinor} captured, ${refunded} given back`)
    if (payment && ['pending', 'action-required', 'authorized'].includes(payment.status))
      say('M2', `its payment stays ${payment.status}`)
    if (reservation && !['released', 'rejected'].includes(reservation.state))
      say('S3', `its stock is ${reservation.state}`)
    if (shipment && shipment.status !== 'stopped') say('O2', `its shipment is ${shipment.status}`)
  }
  if (statusesWithGoodsGone.includes(order.status)) {
    if (!payment || payment.capturedMinor !== total.amount)
      say('M1', `the goods are gone, and ${payment?.capturedMinor ?? 'nothing'} was captured of ${total.amount}`)
    if (reservation?.state !== 'committed')
      say('S3', `the goods are gone, and its stock is ${reservation?.state ?? 'unknown'}`)
    if (shipment?.status !== 'delivered') say('O2', `its shipment is ${shipment?.status ?? 'missing'}`)
  }
  const returns: Json[] = (order.returns ?? []).filter(({ status }: Json) => status === 'received')
  const wrongRefund = refundsOfGoodsBroken(payment, returns)
  if (wrongRefund) say('M5', wrongRefund)
  for (const { lines: back } of returns) {
    for (const { sku, quantity } of back) {
      const booked = inventory.filter(
        ({ pk, kind, orderId }) => pk === `stock#${sku}` && kind === 'return' && orderId === order.id,
      )
      const all = sum(
        returns
          .flatMap((one) => one.lines)
          .filter((line: Json) => line.sku === sku)
          .map((line: Json) => line.quantity),
      )
      if (sum(booked.map((entry) => entry.quantity)) !== all)
        say('S2', `${quantity} of ${sku} came back and are not on hand`)
    }
  }
  if ((intent?.capturedMinor ?? 0) !== (payment?.capturedMinor ?? 0) || (intent?.refundedMinor ?? 0) !== refunded)
    say(
      'M2',
      `the provider took ${intent?.capturedMinor ?? 0} and gave back ${intent?.refundedMinor ?? 0}; we know of ${payment?.capturedMinor ?? 0} and ${refunded}`,
    )
  if (intent?.state === 'authorized') say('M2', 'the provider still holds an authorization')
  const postings: Json[] = (payment?.journal ?? []).flatMap((entry: Json) => entry.postings)
  const booked = sum(postings.filter(({ account }) => account === 'provider').map(({ amountMinor }) => amountMinor))
  if (booked !== (payment?.capturedMinor ?? 0) - refunded)
    say('M3', `the ledger says ${booked}, the payment ${payment?.capturedMinor} less ${refunded}`)
  return broken
}
