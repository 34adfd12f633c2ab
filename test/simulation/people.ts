/**
 * Shoppers and staff. Each acts for itself, by what it is told; what they wish and how long they wait, the seed decides.
 * What shoppers were told is kept, to be held against what the shop has in the end.
 */

import { type Aside, aroundCart, aroundOrder, browsing, doAsides, papers } from './asides.ts'
import { ulidOf } from './decide.ts'
import type { Answer, Caller, Http, Json, Request } from './http.ts'
import type { World } from './world.ts'

/** What one shopper asked for by one key, and was told. */
export type Placed = {
  shopper: Caller
  key: string
  /** Ids of orders that answers named. More than one is a broken promise. */
  told: Set<string>
}

export type People = {
  placed: Placed[]
  /** @param shoppers who comes, by number */
  begin(shoppers: readonly number[]): void
  /** After all faults: staff send and deliver what still waits. */
  finish(orderIds: readonly string[]): void
  /** What the shop's own reconciliation finds wrong. */
  reconcile(): Promise<string[]>
  /** Ids of the orders that a shopper's list shows. */
  list(shopper: Caller): Promise<string[]>
}

export const skus = ['MUG', 'TEAPOT'] as const
const prices = { MUG: 1_250, TEAPOT: 3_990 } as const

const staff: Caller = { sub: `usr_${ulidOf(0, 'staff', 0)}`, scope: 'shop staff' }
const address = { name: 'Ada', line1: 'Main Street 1', city: 'Bonn', postalCode: '53111', country: 'DE' }
const methods = [
  'sandbox_ok',
  'sandbox_ok',
  'sandbox_ok',
  'sandbox_declined',
  'sandbox_action_required',
  'sandbox_slow',
  'sandbox_slow',
  'sandbox_flaky',
] as const

const moment = [0, 5, 60, 300, 1_000, 5_000, 60_000] as const
const longWait = [...moment, 14 * 60_000, 15 * 60_000, 16 * 60_000, 2 * 60 * 60_000] as const

export const createPeople = (world: World, http: Http): People => {
  const placed: Placed[] = []

  const askAsStaff = (endpoint: string, name: string, request: Request): Promise<Answer | undefined> =>
    http.ask(endpoint, name, { ...request, caller: staff })

  const asides = (caller: Caller, name: string, all: readonly Aside[]) => doAsides({ world, http }, caller, name, all)
  let productId = `prd_${ulidOf(world.seed, 'no product', 0)}`

  /** The catalogue and the shelves, before anybody comes. */
  const openShop = async (): Promise<void> => {
    const made = await askAsStaff('catalog/create-product', 'staff make a product', {
      headers: { 'idempotency-key': 'product' },
      body: {
        title: 'For tea',
        category: 'kitchen',
        variants: skus.map((sku) => ({ sku, price: { amount: prices[sku], currency: 'EUR' }, weightGrams: 400 })),
      },
    })
    productId = made?.body?.id ?? productId
    for (const sku of skus)
      await askAsStaff('inventory/receive-stock', `staff fill the shelf of ${sku}`, {
        params: { sku },
        headers: { 'idempotency-key': `first-${sku}` },
        body: { quantity: world.pick(`stock of ${sku}`, [1, 2, 3, 4, 6]) },
      })
  }

  /** Q1: what a request was told once, its repetition is told again. */
  const place = async (me: Caller, name: string, cartId: string): Promise<string | undefined> => {
    const record: Placed = { shopper: me, key: `key of ${name}`.replaceAll(' ', '-'), told: new Set() }
    placed.push(record)
    const body = {
      cartId,
      email: 'ada@example.com',
      shippingAddress: address,
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
    if (answer && answer.status !== 200)
      world.violate('Q1', `${name}: ${orderId} was told of, but reads ${answer.status}`)
    return answer?.body
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
        return receive(name, answer.body.id)
      }
      return
    }
  }
  const receive = async (name: string, returnId: string): Promise<void> => {
    await world.sleep(world.pick(`goods of ${name} come back after`, longWait))
    const request = { params: { returnId } }
    await Promise.all([
      askAsStaff('orders/receive-return', `staff receive what ${name} sent back`, request),
      world.chance(`received twice ${name}`) < 0.2
        ? askAsStaff('orders/receive-return', `other staff receive what ${name} sent back`, request)
        : undefined,
    ])
  }

  const shopper = async (number: number): Promise<void> => {
    const name = `shopper ${number}`
    const kind = world.chance(`${name} is known`) < 0.5 ? 'usr' : 'gst'
    const me: Caller = { sub: `${kind}_${ulidOf(world.seed, name, world.nowMs)}`, scope: 'shop' }
    await world.sleep(world.pick(`${name} comes after`, moment))
    const cart = await http.ask('carts/create-cart', `${name} takes a cart`, {
      caller: me,
      headers: { 'idempotency-key': 'cart' },
    })
    if (cart?.status !== 201) return
    const cartId = cart.body.id
    await asides(me, `${name} looks around`, browsing(productId))
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
      wish('cancel', 0.35) ? cancel(me, name, orderId) : undefined,
      wish('cancel twice', 0.05) ? cancel(staff, `staff for ${name}`, orderId) : undefined,
      wish('send back', 0.3) ? sendBack(me, name, orderId) : undefined,
      wish('be served', 0.9) ? serveOrder(name, orderId) : undefined,
      wish('be refunded', 0.25) ? refund(name, orderId) : undefined,
    ])
  }

  /** Staff pack, send and deliver, trying until the order is ready for it or it is clear that it never will be. */
  const serveOrder = async (name: string, orderId: string): Promise<void> => {
    const clerk = `staff for ${name}`
    await asides(staff, `${clerk} at their papers`, papers(orderId, productId))
    if (world.chance(`${clerk} capture early`) < 0.2) {
      await world.sleep(world.pick(`${clerk} capture after`, moment))
      await askAsStaff('payments/capture-payment', `${clerk} capture`, {
        params: { orderId },
        headers: { 'idempotency-key': `capture-${orderId}` },
      })
    }
    for (let tries = 1; tries <= 5; tries += 1) {
      await world.sleep(world.pick(`${clerk} send after ${tries}`, longWait))
      const sent = await askAsStaff('shipping/dispatch-shipment', `${clerk} send ${tries}`, {
        params: { orderId },
        body: { carrier: 'Post', trackingNumber: `T-${orderId.slice(-6)}` },
      })
      if (sent?.status === 200) break
    }
    await world.sleep(world.pick(`${clerk} deliver after`, longWait))
    await askAsStaff('shipping/deliver-shipment', `${clerk} deliver`, { params: { orderId } })
  }

  const refund = async (name: string, orderId: string): Promise<void> => {
    await world.sleep(world.pick(`refund for ${name} after`, longWait))
    await askAsStaff('payments/refund-payment', `staff refund ${name}`, {
      params: { orderId },
      headers: { 'idempotency-key': `refund-${orderId}` },
      body: {
        amount: { amount: world.pick(`refund of ${name}`, [1, 500, 1_250, 9_999]), currency: 'EUR' },
        reason: 'sorry',
      },
    })
  }

  /** Something that was sold once, and is no more. */
  const tryAnotherProduct = async (): Promise<void> => {
    const price = { amount: 2_500, currency: 'EUR' }
    const made = await askAsStaff('catalog/create-product', 'staff make another product', {
      headers: { 'idempotency-key': 'another-product' },
      body: { title: 'A kettle', category: 'kitchen', variants: [{ sku: 'KETTLE', price, weightGrams: 900 }] },
    })
    if (made?.status !== 201) return
    const params = { productId: made.body.id }
    await askAsStaff('catalog/add-variant', 'staff add a variant', {
      params,
      headers: { 'idempotency-key': 'another-variant' },
      body: { sku: 'BIG-KETTLE', options: { size: 'big' }, price },
    })
    await askAsStaff('catalog/archive-product', 'staff archive it', { params })
  }

  /** The shelves change while people buy. */
  const keepShelves = async (): Promise<void> => {
    if (world.chance('staff try another product') < 0.03) await tryAnotherProduct()
    for (let round = 1; round <= 2; round += 1) {
      const sku = world.pick(`shelf ${round}`, skus)
      await world.sleep(world.pick(`shelf ${round} after`, longWait))
      const counts = world.chance(`shelf ${round} counts`) < 0.5
      const endpoint = counts ? 'inventory/adjust-stock' : 'inventory/receive-stock'
      const quantity = counts
        ? world.pick(`shelf ${round} by`, [-2, -1, 1, 2])
        : world.pick(`shelf ${round} by`, [1, 2])
      await askAsStaff(endpoint, `staff at shelf ${round}`, {
        params: { sku },
        headers: { 'idempotency-key': `shelf-${round}` },
        body: counts ? { quantity, reason: 'counted' } : { quantity },
      })
    }
  }

  /** A person of ours that stumbles is a fault of the simulation, to be seen as such. */
  const watched = (work: Promise<void>): void => {
    work.catch((error: unknown) =>
      world.violate('simulation', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
  }

  return {
    placed,
    begin(shoppers) {
      const everybody = async () => {
        if (world.chance('nothing is easy from the start') < 0.15) world.startFaults()
        await openShop()
        world.startFaults()
        await Promise.all([keepShelves(), ...shoppers.map(shopper)])
      }
      watched(everybody())
    },
    finish(orderIds) {
      const sendAll = async () => {
        for (const orderId of orderIds) {
          const request = { params: { orderId } }
          const body = { carrier: 'Post', trackingNumber: `T-${orderId.slice(-6)}` }
          await askAsStaff('shipping/dispatch-shipment', `staff send ${orderId} in the end`, { ...request, body })
          await askAsStaff('shipping/deliver-shipment', `staff deliver ${orderId} in the end`, request)
        }
      }
      watched(sendAll())
    },
    async reconcile() {
      const query = { limit: '100', olderThanMinutes: '0' }
      const answer = await askAsStaff('reporting/read-reconciliation', 'staff reconcile', { query })
      return (answer?.body?.data ?? []).map((drift: Json) => JSON.stringify(drift))
    },
    async list(me) {
      const answer = await http.ask('orders/list-orders', `${me.sub} lists`, { caller: me, query: { limit: '100' } })
      return (answer?.body?.data ?? []).map(({ id }: Json) => id)
    },
  }
}
