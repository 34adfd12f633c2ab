/** Shoppers: each acts for itself, by what it is told; what it wishes and how long it waits, the seed decides. */
import { type Aside, aroundCart, aroundOrder, browsing, doAsides } from './asides.ts'
import { ulidOf } from './decide.ts'
import { address, longWait, methods, moment, skus } from './habits.ts'
import type { Answer, Caller, Http, Json } from './http.ts'
import type { Leavers } from './leavers.ts'
import { createReviewer } from './reviewers.ts'
import { type Staff, staffCaller } from './staff.ts'
import { hasStandstill, takesPart } from './taking-part.ts'
import type { World } from './world.ts'

/** What one shopper asked for by one key, and was told. */
export type Placed = {
  shopper: Caller
  key: string
  /** Ids of orders that answers named. More than one is a broken promise. */
  told: Set<string>
}

/** @param placed where shoppers note what they were told @returns what one of them does from coming to going */
export const createShopper = (world: World, http: Http, staff: Staff, placed: Placed[], leavers: Leavers) => {
  const asides = (caller: Caller, name: string, all: readonly Aside[]) => doAsides({ world, http }, caller, name, all)

  /** Q1: what a request was told once, its repetition is told again. */
  const place = async (me: Caller, name: string, cartId: string): Promise<string | undefined> => {
    const record: Placed = { shopper: me, key: `key of ${name}`.replaceAll(' ', '-'), told: new Set() }
    placed.push(record)
    const body = {
      cartId,
      email: `${me.sub}@example.com`,
      shippingAddress: { ...address, name: me.sub },
      shippingMethod: 'standard',
      payment: { method: world.pick(`method of ${name}`, methods) },
    }
    const request = { caller: me, headers: { 'idempotency-key': record.key }, body }
    const note = (answer: Answer | undefined) => {
      if (answer?.status === 202) record.told.add(answer.body.id)
    }
    const twin = world.chance(`twin of ${name}`) < 0.2
    const [first, second] = await Promise.all([
      http.ask('orders/place-order', `${name} places`, request),
      twin ? http.ask('orders/place-order', `${name} places at once`, request) : undefined,
    ])
    note(first)
    note(second)
    if (world.chance(`${name} repeats`) < 0.15) {
      await world.sleep(world.pick(`${name} repeats after`, [500, 11 * 60_000, 61 * 60_000, 25 * 60 * 60_000]))
      const again = await http.ask('orders/place-order', `${name} places again`, request)
      note(again)
      if (again?.status === 202 && first?.status === 202 && again.headers['idempotent-replayed'] !== 'true')
        world.violate('Q1', `${name} repeated a request and was not told that it was a repetition`)
      const other = { ...request, body: { ...body, email: 'eve@example.com' } }
      const refused = await http.ask('orders/place-order', `${name} places another`, other)
      if (first?.status === 202 && refused && refused.status !== 422)
        world.violate('Q1', `${name} used a key again for another body and was told ${refused.status}`)
    }
    if (record.told.size > 1) world.violate('O1', `${name} was told of ${[...record.told].join(' and ')} for one key`)
    return [...record.told][0]
  }

  const look = async (me: Caller, name: string, orderId: string): Promise<Json> => {
    const answer = await http.ask('orders/read-order', name, { caller: me, params: { orderId } })
    if (answer && answer.status !== 200 && !leavers.asked.has(me.sub))
      world.violate('Q1', `${name}: ${orderId} was told of, but reads ${answer.status}`)
    return answer?.status === 200 ? answer.body : undefined
  }

  /** P1: what is another's is not there. */
  const lookAsStranger = async (name: string, orderId: string): Promise<void> => {
    const stranger: Caller = { sub: `usr_${ulidOf(world.seed, `stranger to ${name}`, 0)}`, scope: 'shop' }
    for (const endpoint of ['orders/read-order', 'orders/cancel-order', 'payments/read-payment']) {
      const answer = await http.ask(endpoint, `a stranger to ${name}`, { caller: stranger, params: { orderId } })
      if (answer && answer.status !== 404) world.violate('P1', `a stranger at ${endpoint} was told ${answer.status}`)
    }
  }

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
    await world.sleep(world.pick(`${name} cancels after`, longWait))
    await http.ask('orders/cancel-order', `${name} cancels`, { caller: me, params: { orderId } })
  }
  const sendBack = async (me: Caller, name: string, orderId: string): Promise<void> => {
    for (let tries = 1; tries <= 6; tries += 1) {
      await world.sleep(world.pick(`${name} sends back after ${tries}`, [1_000, 60_000, 30 * 60_000, 2 * 60 * 60_000]))
      const order = await look(me, `${name} looks ${tries}`, orderId)
      const [line] = order?.lines ?? []
      if (!line || (order.status !== 'shipped' && order.status !== 'delivered')) continue
      if (order.status === 'shipped') world.reached.add('a return begun before the delivery was known')
      const part = world.chance(`${name} sends part back`) < 0.5
      const lines = part
        ? [{ sku: line.sku, quantity: 1 }]
        : order.lines.map(({ sku, quantity }: Json) => ({ sku, quantity }))
      const answer = await http.ask('orders/request-return', `${name} sends back`, {
        caller: me,
        params: { orderId },
        headers: { 'idempotency-key': `return of ${name}`.replaceAll(' ', '-') },
        body: { lines },
      })
      if (answer?.status === 201) {
        await asides(me, `${name} after the return`, [['orders/read-return', { params: { returnId: answer.body.id } }]])
        return staff.receive(name, answer.body.id)
      }
      return
    }
  }
  const review = createReviewer(world, http, staff, leavers)
  const isImpatient = hasStandstill(world.seed)
  const hasReviews = takesPart(world.seed, 'reviews')
  const visit = async (me: Caller, name: string): Promise<void> => {
    const cart = await http.ask('carts/create-cart', `${name} takes a cart`, {
      caller: me,
      headers: { 'idempotency-key': 'cart' },
    })
    if (cart?.status !== 201) return
    const cartId = cart.body.id
    await asides(me, `${name} looks around`, browsing(staff.productId()))
    const wanted = world.chance(`${name} wants two things`) < 0.4 ? skus : [world.pick(`${name} wants`, skus)]
    for (const sku of wanted)
      await http.ask('carts/set-line', `${name} takes ${sku}`, {
        caller: me,
        params: { cartId, sku },
        body: { quantity: world.pick(`${name} wants of ${sku}`, [1, 1, 2, 3]) },
      })
    await asides(me, `${name} at the cart`, aroundCart(cartId))
    if (world.chance(`${name} has two carts`) < 0.05) await mergeAnother(me, name, cartId)
    const orderId = await place(me, name, cartId)
    if (orderId === undefined) return
    await look(me, `${name} looks`, orderId)
    await asides(me, `${name} after the order`, aroundOrder(orderId))
    if (world.chance(`a stranger looks at ${orderId}`) < 0.05) await lookAsStranger(name, orderId)
    const wish = (action: string, probability: number) => world.chance(`${name} will ${action}`) < probability
    await Promise.all([
      wish('confirm', 0.8) ? confirmPayment(me, name, orderId) : undefined,
      wish('cancel', isImpatient ? 0.8 : 0.35) ? cancel(me, name, orderId) : undefined,
      wish('cancel twice', 0.05) ? cancel(staffCaller, `staff for ${name}`, orderId) : undefined,
      wish('send back', 0.3) ? sendBack(me, name, orderId) : undefined,
      wish('be served', 0.9) ? staff.serve(name, orderId) : undefined,
      hasReviews && wish('review', 0.9) ? review(me, name) : undefined,
      wish('be refunded', 0.25) ? staff.refund(name, orderId) : undefined,
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
