/** Shoppers: each acts for itself, by what it is told; what it wishes and how long it waits, the seed decides. */

import type { Caller, Http, Json } from '../../cloud/http.ts'
import { ulidOf } from '../../world/decide.ts'
import type { World } from '../../world/run-context.ts'
import { hasSilence, hasStandstill, takesPart } from '../../world/sampling.ts'
import { type Aside, aroundCart, aroundOrder, browsing, doAsides } from '../background-requests.ts'
import type { Leavers } from '../erasures.ts'
import { longWait, moment, rushMs, type SoldSku, skus } from '../fixtures.ts'
import { type Staff, staffCaller } from '../staff/staff.ts'
import { createCartUser } from './cart-users.ts'
import { createOrdering, type Placed } from './ordering.ts'
import { createReturner } from './returners.ts'
import { createReviewer } from './reviewers.ts'

/** @param placed where shoppers note what they were told @returns what one of them does from coming to going */
export const createShopper = (world: World, http: Http, staff: Staff, placed: Placed[], leavers: Leavers) => {
  const asides = (caller: Caller, name: string, all: readonly Aside[]) => doAsides({ world, http }, caller, name, all)
  const ordering = createOrdering(world, http, placed, leavers)
  const { place, look, lookAsStranger } = ordering
  const putMore = createCartUser(world, http, ordering)
  const sendBack = createReturner(world, http, staff, ordering)

  /** C1: a second cart's line comes over to the first, whole. */
  const mergeAnother = async (me: Caller, name: string, cartId: string): Promise<void> => {
    const other = await http.ask('carts/create-cart', `${name} takes another cart`, {
      caller: me,
      headers: { 'idempotency-key': 'other-cart' },
    })
    if (other?.status !== 201) return
    const from: string = other.body.id
    const put = await http.ask('carts/set-line', `${name} puts a teapot aside`, {
      caller: me,
      params: { cartId: from, sku: 'TEAPOT' },
      body: { quantity: 1 },
    })
    const request = { caller: me, params: { cartId }, body: { from } }
    const merged = await http.ask('carts/merge-cart', `${name} merges`, request)
    const isThere = (merged?.body?.lines ?? []).some(({ sku }: Json) => sku === 'TEAPOT')
    if (put?.status === 200 && merged?.status === 200 && !isThere)
      world.violate('C1', `${name} merged and lost a teapot`)
  }

  /** What a shopper does with an order, beside what the shop does. */
  const confirmPayment = async (me: Caller, name: string, orderId: string): Promise<void> => {
    await world.sleep(world.pick(`${name} confirms after`, longWait))
    const outcome = world.chance(`${name} confirms`) < 0.8 ? 'success' : 'failure'
    await http.ask('payments/confirm-payment', `${name} confirms`, {
      caller: me,
      params: { orderId },
      body: { outcome },
    })
  }
  const cancel = async (me: Caller, name: string, orderId: string): Promise<void> => {
    await world.sleep(rushMs(world, orderId) ?? world.pick(`${name} cancels after`, longWait))
    await http.ask('orders/cancel-order', `${name} cancels`, { caller: me, params: { orderId } })
  }
  /** C2: a cart is there for 30 days after its last change. */
  const comeBack = async (me: Caller, name: string, cartId: string): Promise<void> => {
    await world.sleep(world.pick(`${name} comes back after`, [2 * 60 * 60_000, 25 * 60 * 60_000]))
    const cart = await http.ask('carts/read-cart', `${name} comes back`, { caller: me, params: { cartId } })
    if (cart && cart.status < 500 && cart.status !== 200 && !leavers.asked.has(me.sub))
      world.violate('C2', `${name} came back, and the cart reads ${cart.status}`)
  }
  const fill = async (me: Caller, name: string, cartId: string): Promise<void> => {
    const wanted: readonly SoldSku[] =
      world.chance(`${name} wants many things`) < 0.45 ? skus : [world.pick(`${name} wants`, skus)]
    const put = (sku: SoldSku, tab: string) =>
      http.ask('carts/set-line', `${name} takes ${sku}${tab}`, {
        caller: me,
        params: { cartId, sku },
        body: { quantity: world.pick(`${name} wants of ${sku}${tab}`, [1, 1, 2, 3]) },
      })
    for (const sku of wanted)
      await Promise.all([
        put(sku, ''),
        world.chance(`${name} has two tabs for ${sku}`) < 0.1 ? put(sku, ' in another tab') : undefined,
      ])
  }
  const review = createReviewer(world, http, staff, leavers)
  const isImpatient = hasStandstill(world.seed) || hasSilence(world.seed)
  const hasReviews = takesPart(world.seed, 'reviews')
  const visit = async (me: Caller, name: string): Promise<void> => {
    const cart = await http.ask('carts/create-cart', `${name} takes a cart`, {
      caller: me,
      headers: { 'idempotency-key': 'cart' },
    })
    if (
      cart &&
      cart.status >= 400 &&
      cart.status < 500 &&
      cart.body?.code !== 'IN_FLIGHT' &&
      !leavers.asked.has(me.sub)
    )
      world.violate('Q1', `${name} asked for a cart and was told ${cart.status} ${cart.body?.code}`)
    if (cart?.status !== 201) return
    const cartId = cart.body.id
    await asides(me, `${name} looks around`, browsing(staff.productId()))
    await fill(me, name, cartId)
    await asides(me, `${name} at the cart`, aroundCart(cartId))
    if (world.chance(`${name} has two carts`) < 0.05) await mergeAnother(me, name, cartId)
    // Impatient people order the same cart in two tabs, each by a key of its own.
    const isTwice = world.chance(`${name} orders in two tabs`) < 0.1
    const [first, second] = await Promise.all([
      place(me, name, cartId),
      isTwice ? place(me, `${name} in another tab`, cartId) : undefined,
    ])
    const orderId = first ?? second ?? (await place(me, `${name} once more`, cartId))
    if (orderId === undefined) return
    await look(me, `${name} looks`, orderId)
    await asides(me, `${name} after the order`, aroundOrder(orderId))
    if (world.chance(`a stranger looks at ${orderId}`) < 0.05) await lookAsStranger(name, orderId)
    const wish = (action: string, probability: number) => world.chance(`${name} will ${action}`) < probability
    await Promise.all([
      wish('come back', 0.1) ? comeBack(me, name, cartId) : undefined,
      wish('put more', 0.35) ? putMore(me, name, cartId, orderId) : undefined,
      wish('confirm', 0.8) ? confirmPayment(me, name, orderId) : undefined,
      wish('cancel', isImpatient ? 0.8 : 0.35) ? cancel(me, name, orderId) : undefined,
      wish('cancel twice', 0.05) ? cancel(staffCaller, `staff for ${name}`, orderId) : undefined,
      wish('send back', 0.4) ? sendBack(me, name, orderId) : undefined,
      wish('be served', 0.9) ? staff.serve(name, orderId) : undefined,
      hasReviews && wish('review', 0.9) ? review(me, name) : undefined,
      wish('be refunded', 0.3) ? staff.refund(name, orderId) : undefined,
    ])
  }
  return async (number: number): Promise<void> => {
    const name = `shopper ${number}`
    const kind = world.chance(`${name} is known`) < 0.5 ? 'usr' : 'gst'
    const me: Caller = { sub: `${kind}_${ulidOf(world.seed, name, world.nowMs)}`, scope: 'shop' }
    await world.sleep(world.pick(`${name} comes after`, moment))
    await Promise.all([visit(me, name), leavers.perhaps(me, name)])
  }
}
