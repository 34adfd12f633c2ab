/**
 * Which orders of a shopper may still keep something from others, or lie in their cart: what bounds how many a shopper may have
 * undecided, and lets a cart be ordered once. Pure.
 */
import { ok, type Result, refused } from '../../../shared/domain/result.ts'
import { isOverdue, isUndecided, maxUndecidedOrders, type Order, placedAtOf, timeouts } from '../domain.ts'

/** An order of a shopper, as it was placed. `until`: RFC 3339; by then it is decided, one way or the other. */
export type OpenOrder = { orderId: string; cartId: string; until: string }

/** Those of one shopper, oldest first. Version 0 stands for a shopper who has not ordered yet. */
export type OpenOrders = { orders: readonly OpenOrder[]; version: number }

/** More carts than anyone orders at a time: of those ordered before, the lines were taken out long ago. */
export const maxOpenOrders = 20

/** @param lastOrderId the latest order whose lines were taken out of the cart */
export type WantedCart = { cartId: string; lastOrderId?: string | undefined }

const isYoung = ({ until }: OpenOrder, nowMs: number): boolean => Date.parse(until) > nowMs

/** An order is named here before it is written. One that is not there after so long never will be: milliseconds. */
const writtenWithinMs = 2 * 60_000

/** Whether an order that is not there may be on its way. */
const isBeingWritten = ({ until }: OpenOrder, nowMs: number): boolean =>
  Date.parse(until) - timeouts.unconfirmedMs + writtenWithinMs > nowMs

/** The order that the cart's lines, as they lie there, may be a part of already. */
const orderOfCart = (open: OpenOrders, { cartId, lastOrderId }: WantedCart): OpenOrder | undefined =>
  open.orders.find((order) => order.cartId === cartId && order.orderId !== lastOrderId)

/**
 * The orders to be read before another is placed: for nearly everybody none, since one is undecided for a quarter of an hour
 * at most. @param nowMs milliseconds since the epoch
 */
export const ordersToRead = (open: OpenOrders, cart: WantedCart, nowMs: number): string[] => {
  const ofCart = orderOfCart(open, cart)
  return open.orders.filter((order) => order === ofCart || isYoung(order, nowMs)).map(({ orderId }) => orderId)
}

/** `others`: the open orders that stay beside the new one; `undecided`: how many of them are. */
export type Admitted = { others: readonly OpenOrder[]; undecided: number }

export type NotAdmitted = 'CART_ORDERED' | 'IN_FLIGHT' | 'TOO_MANY_UNDECIDED_ORDERS'

export const openOrderOf = (order: Order): OpenOrder => ({
  orderId: order.id,
  cartId: order.cartId,
  until: order.deadline ?? placedAtOf(order),
})

/** A cart is ordered once: until its order is decided, and then until its lines are taken out of the cart. */
const stillOrderedBy = (order: Order): Result<never, NotAdmitted> =>
  isUndecided(order)
    ? refused(
        'CART_ORDERED',
        `This cart was ordered as ${order.number}, which is ${order.status}: pay it, or cancel it.`,
      )
    : refused('IN_FLIGHT', `This cart was ordered as ${order.number}; its lines are being taken out of it.`)

/**
 * Whether a shopper may order a cart now. A cart whose order was cancelled can be ordered again, with another card, say.
 * @param known the orders that were to be read
 */
export const admit = (
  open: OpenOrders,
  known: readonly Order[],
  cart: WantedCart,
  nowMs: number,
): Result<Admitted, NotAdmitted> => {
  const byId = new Map(known.map((order) => [order.id, order]))
  const ofCart = orderOfCart(open, cart)
  const before = ofCart && byId.get(ofCart.orderId)
  if (before && before.status !== 'cancelled') return stillOrderedBy(before)
  if (ofCart && !before && isBeingWritten(ofCart, nowMs))
    return refused('IN_FLIGHT', 'Another order of this cart is being written down.')
  const stillOpen = open.orders.filter((one) => byId.get(one.orderId)?.status !== 'cancelled')
  const undecided = stillOpen.filter((one) => {
    const order = byId.get(one.orderId)
    return order ? isUndecided(order) && !isOverdue(order, nowMs) : isBeingWritten(one, nowMs)
  })
  if (undecided.length >= maxUndecidedOrders)
    return refused(
      'TOO_MANY_UNDECIDED_ORDERS',
      `${maxUndecidedOrders} of your orders are not confirmed yet: pay them, cancel one, or wait.`,
    )
  const others = stillOpen.filter(({ cartId }) => cartId !== cart.cartId).slice(1 - maxOpenOrders)
  return ok({ others, undecided: undecided.length })
}
