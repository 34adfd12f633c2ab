import type { InputError } from '../../../../shared/contract/problem.ts'
import { checkAddress } from '../../../../shared/domain/address.ts'
import type { Result } from '../../../../shared/domain/result.ts'
import { now, sleep } from '../../../../shared/runtime/clock.ts'
import type { IdempotencyKey } from '../../../../shared/runtime/idempotency.ts'
import type { PartsOf } from '../../../../shared/runtime/instance.ts'
import { correlate, count } from '../../../../shared/runtime/observability.ts'
import type { OrderLimits } from '../../../../shared/runtime/order-limits.ts'
import type { Request } from '../../../../shared/runtime/request.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import {
  type Answer,
  isStale,
  notFound,
  personIsErased,
  problem,
  serve,
  staleVersion,
} from '../../../../shared/runtime/serve.ts'
import { endpoints, metrics } from '../../contract.ts'
import { isUndecided, type Order } from '../../domain.ts'
import { eventsFor } from '../../events-of.ts'
import * as parts from '../../parts.ts'
import { answerOf } from '../../view.ts'
import { type Admitted, admit, type NotAdmitted, type OpenOrders, openOrderOf, ordersToRead } from '../open-orders.ts'
import { type CartToOrder, orderFromCart } from '../order-from-cart.ts'

const needed = {
  table: parts.table,
  orders: parts.orders,
  openOrders: parts.openOrders,
  guestUnits: parts.guestUnits,
  snapshot: parts.snapshot,
  quote: parts.quote,
  quoteShipping: parts.quoteShipping,
  contactOf: parts.contactOf,
  reprice: parts.reprice,
  shop: parts.shop,
  limits: parts.limits,
}
type Given = PartsOf<typeof needed>

/**
 * Asks again at growing intervals until the saga has confirmed or cancelled the order, or the time is up. A wait
 * holds a whole function: only the request that placed the order waits, and only where it is the shopper's one undecided
 * order. Repeating a request holds nothing.
 */
const settled = async (orders: Given['orders'], order: Order, waitSeconds: number): Promise<Order> => {
  const until = now() + waitSeconds * 1000
  let latest = order
  for (let pauseMs = 40; isUndecided(latest) && now() < until; pauseMs = Math.min(500, pauseMs * 1.3)) {
    await sleep(Math.min(pauseMs, until - now()))
    latest = (await orders.get(order.id)) ?? latest
  }
  return latest
}

/** Pointers of the address become pointers of the body that it stands in. */
const noSuchAddress = (errors: readonly InputError[]) =>
  problem('INVALID_INPUT', 'No address in this country looks like that.', {
    errors: errors.map((error) => ({ ...error, pointer: `/shippingAddress${error.pointer}` })),
  })

/** The shop knows no other way to tell a guest what becomes of an order. */
const emailWanted = () => {
  const detail = 'A guest says where mail about the order goes.'
  return problem('INVALID_INPUT', detail, { errors: [{ pointer: '/email', code: 'required', detail }] })
}

type Placing = Request<typeof endpoints.placeOrder>
type Outcome = Answer<typeof endpoints.placeOrder>
type Refused = Extract<Outcome, { problem: string }>

/** What is in flight is over in a moment; anything else the shopper ends, or time. */
const refusal = ({ reason, detail }: { reason: NotAdmitted; detail: string }) =>
  problem(reason, detail, reason === 'IN_FLIGHT' ? { retryAfterSeconds: 1 } : {})

/** What of a cart keeps it from being ordered, whoever orders it. */
const flawOf = (cart: CartToOrder, ifMatch: Placing['ifMatch'], { unitsPerLine }: OrderLimits) => {
  if (isStale(ifMatch, cart.version)) return { ...staleVersion(), current: { cart } }
  if (cart.lines.length === 0) return problem('CART_EMPTY', 'There is nothing in the cart.')
  const tooMany = cart.lines.filter(({ quantity }) => quantity > unitsPerLine)
  if (tooMany.length === 0) return undefined
  const skus = tooMany.map(({ sku }) => sku).join(', ')
  return problem('QUANTITY_LIMITED', `One order takes at most ${unitsPerLine} of a variant: ${skus}`.slice(0, 500))
}

const answer = async (orders: Given['orders'], order: Order, waitSeconds: number) => ({
  ...answerOf(await settled(orders, order, waitSeconds)),
  location: `/orders/${order.id}`,
})

const admission = async (
  orders: Given['orders'],
  open: OpenOrders,
  cart: CartToOrder,
): Promise<Result<Admitted, NotAdmitted>> => {
  const wanted = { cartId: cart.id, lastOrderId: cart.lastOrderId }
  return admit(open, await orders.getAll(ordersToRead(open, wanted, now())), wanted, now())
}

const refusedByNetwork = async ({ guestUnits, limits }: Given, { caller, sourceIp }: Placing, cart: CartToOrder) => {
  if (caller.kind !== 'guest' || limits.guestUnitsPerNetwork === undefined) return undefined
  const units = cart.lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const taken = await guestUnits.take(sourceIp, units, limits.guestUnitsPerNetwork)
  if (taken.ok) return undefined
  const { retryAfterSeconds } = taken
  return problem('TOO_MANY_REQUESTS', 'Guests of this network order too much at a time: log in, or wait.', {
    retryAfterSeconds,
  })
}

/** Asks once more whether the order may be placed where the shopper placed another in between. */
const write = (
  { orders, openOrders }: Given,
  order: Order,
  cart: CartToOrder,
  first: OpenOrders,
  admitted: Admitted,
  idempotencyKey: IdempotencyKey | undefined,
) => {
  let [open, { others, undecided }] = [first, admitted]
  return retryOnConflict<{ order: Order; undecided: number } | Refused>(async () => {
    const along = openOrders.put(order.customerId, open, [...others, openOrderOf(order)])
    const written = await orders.insert(order, eventsFor(order), along, idempotencyKey)
    if (written === 'erased') return personIsErased()
    if (written !== 'raced') return { order: written, undecided }
    open = await openOrders.get(order.customerId)
    const again = await admission(orders, open, cart)
    if (!again.ok) return refusal(again)
    ;({ others, undecided } = again.value)
    return undefined
  })
}

const place = async (given: Given, request: Placing): Promise<Outcome> => {
  const { orders, openOrders, snapshot, contactOf, limits } = given
  const { body, caller, idempotencyKey, ifMatch, waitSeconds } = request
  const [{ cart }, open, { email }] = await Promise.all([
    snapshot({ cartId: body.cartId, ownerId: caller.id }),
    openOrders.get(caller.id),
    body.email === undefined ? contactOf({ userId: caller.id }) : { email: body.email },
  ])
  if (email === undefined) return personIsErased()
  if (!cart) return notFound('cart')
  const flaw = flawOf(cart, ifMatch, limits)
  if (flaw) return flaw
  const admitted = await admission(orders, open, cart)
  if (!admitted.ok) return refusal(admitted)
  const refused = await refusedByNetwork(given, request, cart)
  if (refused) return refused
  const order = await orderFromCart(given, cart, caller.id, { ...body, email })
  if ('problem' in order) return order
  correlate({ orderId: order.id })
  const placed = await write(given, order, cart, open, admitted.value, idempotencyKey)
  if ('problem' in placed) return placed
  count(metrics.ordersPlaced)
  return answer(orders, placed.order, placed.undecided === 0 ? waitSeconds : 0)
}

export const handler = serve(endpoints.placeOrder, needed, async function placeOrder(request, given) {
  if (request.replayOf) {
    const order = await given.orders.get(request.replayOf)
    return order ? answer(given.orders, order, 0) : notFound('order')
  }
  const checked = checkAddress(request.body.shippingAddress)
  if (!checked.ok) return noSuchAddress(checked.errors)
  if (request.body.email === undefined && request.caller.kind === 'guest') return emailWanted()
  const outcome = await place(given, { ...request, body: { ...request.body, shippingAddress: checked.address } })
  // It may be this very request, sent twice at once, that has taken what is refused here.
  if ('problem' in outcome) await given.orders.refuseRepetition(request.idempotencyKey)
  return outcome
})
