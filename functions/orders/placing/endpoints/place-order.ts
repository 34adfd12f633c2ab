import type { InputError } from '../../../../shared/contract/problem.ts'
import { checkAddress } from '../../../../shared/domain/address.ts'
import { idOfHash } from '../../../../shared/domain/ids.ts'
import type { Result } from '../../../../shared/domain/result.ts'
import { now, sleep } from '../../../../shared/runtime/clock.ts'
import { AlreadyDoneError } from '../../../../shared/runtime/errors.ts'
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
import * as parts from '../../parts.ts'
import { answerOf } from '../../view.ts'
import { conduct } from '../conduct.ts'
import { type Admitted, admit, type NotAdmitted, type OpenOrders, openOrderOf, ordersToRead } from '../open-orders.ts'
import { type CartToOrder, orderFromCart } from '../order-from-cart.ts'

const needed = {
  orders: parts.orders,
  openOrders: parts.openOrders,
  guestUnits: parts.guestUnits,
  snapshot: parts.snapshot,
  quote: parts.quote,
  quoteShipping: parts.quoteShipping,
  contactOf: parts.contactOf,
  reserve: parts.reserve,
  authorize: parts.authorize,
  reprice: parts.reprice,
  shop: parts.shop,
  limits: parts.limits,
}
type Given = PartsOf<typeof needed>

/**
 * Asks again at growing intervals until payer or provider have decided, or the time is up. A wait holds a whole function: only the
 * request that placed the order waits, and only where it is the shopper's one undecided order. Repeating a request holds nothing.
 * @param untilMs milliseconds since the epoch
 */
const settled = async (orders: Given['orders'], order: Order, untilMs: number): Promise<Order> => {
  let latest = order
  for (let pauseMs = 40; isUndecided(latest) && now() < untilMs; pauseMs = Math.min(500, pauseMs * 1.3)) {
    await sleep(Math.min(pauseMs, untilMs - now()))
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

/** @param untilMs how long to wait for an outcome: milliseconds since the epoch */
const answer = async (given: Given, order: Order, untilMs: number) => {
  const conducted = await conduct(given, order)
  return { ...answerOf(await settled(given.orders, conducted, untilMs)), location: `/orders/${order.id}` }
}

/** An earlier request with this key has placed this order. An erased person's is nobody's to see. @throws AlreadyDoneError */
const repeatOf = ({ id, customerId, requestHash = '' }: Order, callerId: string) => {
  if (customerId !== callerId) return personIsErased()
  throw new AlreadyDoneError({ bodyHash: requestHash, resource: id })
}

/** An order that this one's request named before, and ended, is no other. */
const admission = async (
  orders: Given['orders'],
  open: OpenOrders,
  cart: CartToOrder,
  orderId: string,
): Promise<Result<Admitted, NotAdmitted>> => {
  const wanted = { cartId: cart.id, lastOrderId: cart.lastOrderId }
  const others = { ...open, orders: open.orders.filter((one) => one.orderId !== orderId) }
  return admit(others, await orders.getAll(ordersToRead(others, wanted, now())), wanted, now())
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

/**
 * Names the order among the shopper's open ones, and asks once more whether it may be placed where they placed another in between.
 * @returns how many others of theirs are undecided
 */
const claim = (given: Given, order: Order, cart: CartToOrder, first: OpenOrders, admitted: Admitted) => {
  const { orders, openOrders } = given
  let [open, { others, undecided }] = [first, admitted]
  return retryOnConflict<{ undecided: number } | Refused>(async () => {
    if (await openOrders.replace(order.customerId, open, [...others, openOrderOf(order)])) return { undecided }
    const before = await openOrders.readBefore(order.customerId, order.id)
    if (before.earlier) return repeatOf(before.earlier, order.customerId)
    if (before.isErased) return personIsErased()
    open = before.open
    const again = await admission(orders, open, cart, order.id)
    if (!again.ok) return refusal(again)
    ;({ others, undecided } = again.value)
    return undefined
  })
}

const place = async (given: Given, request: Placing, orderId: string): Promise<Outcome> => {
  const { orders, openOrders, snapshot, contactOf, limits } = given
  const { body, caller, idempotencyKey, ifMatch, waitSeconds } = request
  const { earlier, open, isErased } = await openOrders.readBefore(caller.id, orderId)
  if (earlier) return repeatOf(earlier, caller.id)
  const [{ cart }, { email }] = await Promise.all([
    snapshot({ cartId: body.cartId, ownerId: caller.id }),
    body.email === undefined ? contactOf({ userId: caller.id }) : { email: body.email },
  ])
  if (isErased || email === undefined) return personIsErased()
  if (!cart) return notFound('cart')
  const flaw = flawOf(cart, ifMatch, limits)
  if (flaw) return flaw
  const admitted = await admission(orders, open, cart, orderId)
  if (!admitted.ok) return refusal(admitted)
  const whose = { orderId, requestHash: idempotencyKey.bodyHash, customerId: caller.id }
  const order = await orderFromCart(given, cart, whose, { ...body, email })
  if ('problem' in order) return order
  // Last, since what it counts stays counted.
  const refused = await refusedByNetwork(given, request, cart)
  if (refused) return refused
  correlate({ orderId })
  const claimed = await claim(given, order, cart, open, admitted.value)
  if ('problem' in claimed) return claimed
  const placed = await orders.insert(order)
  if (placed === 'erased') return personIsErased()
  if (placed === 'there') return problem('IN_FLIGHT', 'The same request has just written this order.')
  count(metrics.ordersPlaced)
  return answer(given, placed, claimed.undecided === 0 ? now() + waitSeconds * 1000 : 0)
}

export const handler = serve(endpoints.placeOrder, needed, async function placeOrder(request, given) {
  if (request.replayOf) {
    const order = await given.orders.get(request.replayOf)
    return order ? answer(given, order, 0) : notFound('order')
  }
  const checked = checkAddress(request.body.shippingAddress)
  if (!checked.ok) return noSuchAddress(checked.errors)
  if (request.body.email === undefined && request.caller.kind === 'guest') return emailWanted()
  const orderId = idOfHash('ord', request.idempotencyKey.id)
  const body = { ...request.body, shippingAddress: checked.address }
  const outcome = await place(given, { ...request, body }, orderId)
  if (!('problem' in outcome)) return outcome
  // It may be this very request, sent twice at once, that has taken what is refused here.
  const twin = await given.orders.get(orderId)
  return twin ? repeatOf(twin, request.caller.id) : outcome
})
