/** What must hold once all faults have stopped and every deadline has passed. */
import { nobody } from '../../../../shared/domain/nobody.ts'
import { leftAfterErasure } from '../actors/erasures.ts'
import type { People } from '../actors/people.ts'
import type { Bus } from '../cloud/bus.ts'
import type { Json } from '../cloud/http.ts'
import type { Queues } from '../cloud/queues.ts'
import type { Broken, End } from '../world/final-state.ts'
import type { RunContext } from '../world/run-context.ts'
import { hasSearch } from '../world/sampling.ts'
import { brokenReturns, brokenTotals } from './expected-totals.ts'
import { brokenFriendships } from './friendships.ts'
import type { Observer } from './observer.ts'
import { brokenReviews } from './ratings.ts'
import { brokenSearch } from './search-index.ts'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
const byKey = (items: readonly Json[], sk: string): Json[] => items.filter((item) => item.sk === sk)

const resting = ['completed', 'cancelled', 'returned', 'delivered']
const statusesWithGoodsGone = ['shipped', 'delivered', 'completed', 'returned']

const stockBroken = ({ inventory }: End): Broken[] => {
  const reservations = byKey(inventory, 'reservation')
  const held = (reservation: Json): Json[] => reservation.lines.slice(0, reservation.held)
  const unitsOf = (sku: string, lines: readonly Json[]) =>
    sum(lines.filter((line) => line.sku === sku).map(({ quantity }) => quantity))
  const stock = byKey(inventory, 'stock').flatMap((item): Broken[] => {
    const movements = inventory.filter(({ pk, sk }) => pk === item.pk && sk.startsWith('movement#'))
    const moved = sum(movements.map(({ quantity }) => quantity))
    const reserved = sum(reservations.map((reservation) => unitsOf(item.sku, held(reservation))))
    const sold = -sum(movements.filter(({ kind }) => kind === 'sale').map(({ quantity }) => quantity))
    const committed = sum(
      reservations.filter(({ state }) => state === 'committed').map(({ lines }) => unitsOf(item.sku, lines)),
    )
    return [
      ...(moved === item.onHand
        ? []
        : [{ invariant: 'S2', detail: `${item.sku}: ${item.onHand} on hand, but its history sums to ${moved}` }]),
      ...(reserved === item.reserved
        ? []
        : [
            {
              invariant: 'S2',
              detail: `${item.sku}: ${item.reserved} reserved, but live reservations hold ${reserved}`,
            },
          ]),
      ...(sold === committed
        ? []
        : [{ invariant: 'S2', detail: `${item.sku}: ${sold} sold, but ${committed} in committed reservations` }]),
    ]
  })
  const unrest = reservations.filter(({ state }) => !['rejected', 'released', 'committed'].includes(state))
  return [
    ...stock,
    ...unrest.map(({ orderId, state }) => ({
      invariant: 'S3',
      detail: `the reservation of ${orderId} stays ${state}`,
    })),
  ]
}

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

const orderBroken = (order: Json, { payments, inventory, shipping }: End): Broken[] => {
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

const promisesBroken = async (end: End, people: People): Promise<Broken[]> => {
  const broken: Broken[] = []
  const ids = new Set(end.orders.map(({ id }) => id))
  for (const { told } of people.placed)
    for (const id of told)
      if (!ids.has(id)) broken.push({ invariant: 'O1', detail: `${id} was told of and is not there` })
  const shoppers = new Map(people.placed.map(({ shopper }) => [shopper.sub, shopper]))
  for (const [sub, shopper] of shoppers) {
    const mine = people.placed.filter((one) => one.shopper.sub === sub)
    if (people.erasures.asked.has(sub)) continue
    const listed = await people.list(shopper)
    const stored = end.orders.filter(({ customerId }) => customerId === sub).map(({ id }) => id)
    if (listed.length > mine.length)
      broken.push({ invariant: 'O1', detail: `${sub} used ${mine.length} keys and has ${listed.length} orders` })
    if ([...listed].sort().join() !== [...stored].sort().join())
      broken.push({ invariant: 'O1', detail: `the list of ${sub} does not show their orders` })
    for (const { told } of mine)
      for (const id of told) if (!listed.includes(id)) broken.push({ invariant: 'O1', detail: `${id} is on no list` })
  }
  return broken
}

/** E2, seen from outside: what the shop itself reckons from its events adds up. */
const reckonedBroken = async (people: People): Promise<Broken[]> =>
  (await people.reconcile()).map((drift) => ({ invariant: 'E2', detail: `reconciliation finds ${drift}` }))

const eventsBroken = (observer: Observer, bus: Bus, queues: Queues): Broken[] => [
  ...[...observer.events].flatMap(([name, id]) =>
    bus.published.has(id) ? [] : [{ invariant: 'E1', detail: `${name} was written and never published` }],
  ),
  ...[...bus.owed].flatMap((name) =>
    queues.done.has(name) ? [] : [{ invariant: 'E1', detail: `not worked off: ${name.slice(0, 160)}` }],
  ),
  ...queues.deadLetters().map((name) => ({ invariant: 'E1', detail: `stays dead, with nothing failing: ${name}` })),
]

/** E2 where it can be seen in other services: what the catalogue shows is what the stock is, and its lists say so, too. */
const viewsBroken = ({ catalog, inventory }: End): Broken[] =>
  byKey(catalog, 'product').flatMap(({ pk, availability, variants }) =>
    (variants as Json[]).flatMap(({ sku }) => {
      const shown = catalog.find((item) => item.pk === pk && item.sk === `product#availability#${sku}`)?.available ?? 0
      const stock = inventory.find((item) => item.pk === `stock#${sku}` && item.sk === 'stock')
      const listed = (availability[sku]?.available ?? 0) > 0
      return [
        ...(stock && stock.available !== shown
          ? [{ invariant: 'E2', detail: `the catalogue shows ${shown} of ${sku}, there are ${stock.available}` }]
          : []),
        ...(shown > 0 === listed
          ? []
          : [
              {
                invariant: 'E2',
                detail: `${shown} of ${sku} are shown, listed as ${listed ? 'in stock' : 'sold out'}`,
              },
            ]),
      ]
    }),
  )

/** C1: what was bought is taken out of its cart. One that went with its person, or whose time was over, cannot be looked into. */
const cartsBroken = ({ orders, carts }: End, { cleared }: Observer): Broken[] =>
  orders
    .filter(({ customerId }) => customerId !== nobody)
    .filter(({ timeline }) => timeline.some(({ status }: Json) => status === 'confirmed'))
    .filter(({ id, cartId }) => !cleared.has(id) && carts.some(({ pk }) => pk === `cart#${cartId}`))
    .map(({ id, cartId }) => ({ invariant: 'C1', detail: `what ${id} bought was not taken out of ${cartId}` }))

export const brokenInvariants = async (
  run: RunContext,
  end: End,
  people: People,
  observer: Observer,
  bus: Bus,
  queues: Queues,
): Promise<Broken[]> => [
  ...eventsBroken(observer, bus, queues),
  ...stockBroken(end),
  ...byKey(end.orders, 'order').flatMap((order) => orderBroken(order, end)),
  ...(await promisesBroken({ ...end, orders: byKey(end.orders, 'order') }, people)),
  ...viewsBroken(end),
  ...(hasSearch(run.seed) ? brokenSearch(end) : []),
  ...brokenReviews(end),
  ...brokenFriendships(end, people.erased()),
  ...leftAfterErasure(run, end, people.erasures),
  ...(await reckonedBroken(people)),
  ...cartsBroken({ ...end, orders: byKey(end.orders, 'order') }, observer),
]
