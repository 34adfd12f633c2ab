/** Shoppers: each acts for itself, by what it is told; what it wishes and how long it waits, the seed decides. */

import type { Caller, Http, Json } from '../../cloud/http.ts'
import { ulidOf } from '../../world/decide.ts'
import type { RunContext } from '../../world/run-context.ts'
import { hasConsumerOutage, hasServiceOutage, takesPart } from '../../world/sampling.ts'
import {
  aroundCart,
  aroundOrder,
  type BackgroundRequest,
  browsing,
  sendBackgroundRequests,
} from '../background-requests.ts'
import type { Erasures } from '../erasures.ts'
import { longWait, moment, rushMs, type SoldSku, skus } from '../fixtures.ts'
import { type Staff, staffCaller } from '../staff/staff.ts'
import { createCartUser } from './cart-users.ts'
import { createOrdering, type Placed } from './ordering.ts'
import { createReturner } from './returners.ts'
import { createReviewer } from './reviewers.ts'

/** @param placed where shoppers note what they were told @returns what one of them does from coming to going */
export const createShopper = (run: RunContext, http: Http, staff: Staff, placed: Placed[], erasures: Erasures) => {
  const inBackground = (caller: Caller, name: string, all: readonly BackgroundRequest[]) =>
    sendBackgroundRequests({ run, http }, caller, name, all)
  const ordering = createOrdering(run, http, placed, erasures)
  const { place, look, lookAsStranger } = ordering
  const putMore = createCartUser(run, http, ordering)
  const sendBack = createReturner(run, http, staff, ordering)

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
    if (put?.status === 200 && merged?.status === 200 && !isThere) run.violate('C1', `${name} merged and lost a teapot`)
  }

  /** What a shopper does with an order, beside what the shop does. */
  const confirmPayment = async (me: Caller, name: string, orderId: string): Promise<void> => {
    await run.sleep(run.pick(`${name} confirms after`, longWait))
    const outcome = run.chance(`${name} confirms`) < 0.8 ? 'success' : 'failure'
    await http.ask('payments/confirm-payment', `${name} confirms`, {
      caller: me,
      params: { orderId },
      body: { outcome },
    })
  }
  const cancel = async (me: Caller, name: string, orderId: string): Promise<void> => {
    await run.sleep(rushMs(run, orderId) ?? run.pick(`${name} cancels after`, longWait))
    await http.ask('orders/cancel-order', `${name} cancels`, { caller: me, params: { orderId } })
  }
  /** C2: a cart is there for 30 days after its last change. */
  const comeBack = async (me: Caller, name: string, cartId: string): Promise<void> => {
    await run.sleep(run.pick(`${name} comes back after`, [2 * 60 * 60_000, 25 * 60 * 60_000]))
    const cart = await http.ask('carts/read-cart', `${name} comes back`, { caller: me, params: { cartId } })
    if (cart && cart.status < 500 && cart.status !== 200 && !erasures.asked.has(me.sub))
      run.violate('C2', `${name} came back, and the cart reads ${cart.status}`)
  }
  const fill = async (me: Caller, name: string, cartId: string): Promise<void> => {
    const wanted: readonly SoldSku[] =
      run.chance(`${name} wants many things`) < 0.45 ? skus : [run.pick(`${name} wants`, skus)]
    const put = (sku: SoldSku, tab: string) =>
      http.ask('carts/set-line', `${name} takes ${sku}${tab}`, {
        caller: me,
        params: { cartId, sku },
        body: { quantity: run.pick(`${name} wants of ${sku}${tab}`, [1, 1, 2, 3]) },
      })
    for (const sku of wanted)
      await Promise.all([
        put(sku, ''),
        run.chance(`${name} has two tabs for ${sku}`) < 0.1 ? put(sku, ' in another tab') : undefined,
      ])
  }
  const review = createReviewer(run, http, staff, erasures)
  const isImpatient = hasConsumerOutage(run.seed) || hasServiceOutage(run.seed)
  const hasReviews = takesPart(run.seed, 'reviews')
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
      !erasures.asked.has(me.sub)
    )
      run.violate('Q1', `${name} asked for a cart and was told ${cart.status} ${cart.body?.code}`)
    if (cart?.status !== 201) return
    const cartId = cart.body.id
    await inBackground(me, `${name} looks around`, browsing(staff.productId()))
    await fill(me, name, cartId)
    await inBackground(me, `${name} at the cart`, aroundCart(cartId))
    if (run.chance(`${name} has two carts`) < 0.05) await mergeAnother(me, name, cartId)
    // Impatient people order the same cart in two tabs, each by a key of its own.
    const isTwice = run.chance(`${name} orders in two tabs`) < 0.1
    const [first, second] = await Promise.all([
      place(me, name, cartId),
      isTwice ? place(me, `${name} in another tab`, cartId) : undefined,
    ])
    const orderId = first ?? second ?? (await place(me, `${name} once more`, cartId))
    if (orderId === undefined) return
    await look(me, `${name} looks`, orderId)
    await inBackground(me, `${name} after the order`, aroundOrder(orderId))
    if (run.chance(`a stranger looks at ${orderId}`) < 0.05) await lookAsStranger(name, orderId)
    const wish = (action: string, probability: number) => run.chance(`${name} will ${action}`) < probability
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
    const kind = run.chance(`${name} is known`) < 0.5 ? 'usr' : 'gst'
    const me: Caller = { sub: `${kind}_${ulidOf(run.seed, name, run.nowMs)}`, scope: 'shop' }
    await run.sleep(run.pick(`${name} comes after`, moment))
    await Promise.all([visit(me, name), erasures.perhaps(me, name)])
  }
}
