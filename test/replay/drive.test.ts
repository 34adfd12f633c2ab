import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openShop, type ShopClient, ShopProblem } from '../../functions/client.ts'
import { drive } from '../tools/replay/driving/drive.ts'
import { fulfil, paidFor, placeOrder, refund } from '../tools/replay/driving/place.ts'
import { giveBack, type ReturnOutcomes } from '../tools/replay/driving/returns.ts'
import { stockUp } from '../tools/replay/driving/stocking.ts'
import type { Step } from '../tools/replay/invoices/orders.ts'
import { createTally } from '../tools/replay/invoices/tally.ts'
import { inParallel } from '../tools/replay/shop/parallel.ts'
import { orderOf, paymentOf, plannedOf, storyOf } from './fixtures/story.ts'

type Sent = { line: string; key: string | null; prefer: string | null; body: unknown }
type Reply = { status: number; body?: unknown; headers?: Record<string, string> }

/** A client of a shop that does as told. */
const clientOf = (answer: (sent: Sent) => Reply | Promise<Reply>): ShopClient =>
  openShop({
    url: 'http://shop.invalid',
    fetch: async (input, { method = 'GET', headers, body } = {}) => {
      const { pathname, search } = new URL(String(input))
      const told = new Headers(headers)
      const {
        status,
        body: content,
        headers: more,
      } = await answer({
        line: `${method} ${pathname}${search}`,
        key: told.get('idempotency-key'),
        prefer: told.get('prefer'),
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
      })
      const json = { 'content-type': 'application/json', ...more }
      return new Response(content === undefined ? null : JSON.stringify(content), { status, headers: json })
    },
  })

/** A shop that answers from a script: for each `METHOD path` a list of replies, the last one again and again. */
const scripted = (script: Record<string, Reply[]>) => {
  const sent: Sent[] = []
  const shopper = clientOf((request) => {
    const times = sent.filter((each) => each.line === request.line).length
    sent.push(request)
    const replies = script[request.line] ?? []
    return replies[Math.min(times, replies.length - 1)] ?? { status: 404 }
  })
  return { shopper, people: { staff: shopper }, sent, lines: () => sent.map(({ line }) => line) }
}

const problem = (status: number, code: string): Reply => ({ status, body: { code, detail: 'no' } })
const order = (more: Parameters<typeof orderOf>[0] = {}): Reply => ({ status: 200, body: orderOf(more) })

describe('placing an order', () => {
  const cart = { 'POST /carts': [{ status: 201, body: { id: 'crt_1', currency: 'EUR' } }] }
  const lines = { 'PUT /carts/crt_1/items': [{ status: 200 }] }

  test('fills a cart, and waits for the outcome', async () => {
    const {
      shopper,
      sent,
      lines: sentLines,
    } = scripted({
      ...cart,
      ...lines,
      'POST /orders': [{ status: 202, body: orderOf({ status: 'awaiting-payment' }) }],
      'GET /orders/ord_1': [order({ status: 'awaiting-payment' }), order()],
    })
    const story = await placeOrder(shopper, '501', plannedOf())
    assert.equal(story.status, 'confirmed')
    assert.deepEqual(sentLines().slice(0, 3), ['POST /carts', 'PUT /carts/crt_1/items', 'POST /orders'])
    const ordered = sent[2]
    assert.deepEqual({ key: ordered?.key, prefer: ordered?.prefer }, { key: 'replay-100001-1', prefer: 'wait=20' })
    assert.deepEqual(ordered?.body, {
      cartId: 'crt_1',
      email: 'customer-501@example.com',
      shippingAddress: {
        name: 'Customer 501',
        line1: '1 Replay Street',
        city: 'Invoice Town',
        postalCode: '10115',
        country: 'DE',
      },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    })
  })

  test('answers the bank once it asks', async () => {
    const { shopper, sent } = scripted({
      ...cart,
      ...lines,
      'POST /orders': [{ status: 202, body: orderOf({ status: 'placed' }) }],
      'GET /orders/ord_1/payment': [
        { status: 404 },
        { status: 200, body: paymentOf('pending', 0, 0, 0) },
        { status: 200, body: paymentOf('action-required', 0, 0, 0) },
      ],
      'POST /orders/ord_1/payment/confirm': [{ status: 200 }],
      'GET /orders/ord_1': [order({ status: 'cancelled', reason: 'declined' })],
    })
    const plan = plannedOf({ payment: 'sandbox_action_required', confirmation: 'failure' })
    const { status, reason } = await placeOrder(shopper, undefined, plan)
    assert.deepEqual({ status, reason }, { status: 'cancelled', reason: 'declined' })
    const confirmation = sent.find(({ line }) => line.endsWith('/confirm'))
    assert.deepEqual(confirmation?.body, { outcome: 'failure' })
    assert.equal(sent.find(({ line }) => line === 'POST /orders')?.prefer, null)
  })

  test('a refusal is thrown with its code', async () => {
    const { shopper } = scripted({ ...cart, ...lines, 'POST /orders': [problem(409, 'ITEM_UNAVAILABLE')] })
    await assert.rejects(placeOrder(shopper, '501', plannedOf()), (error: Error) => {
      assert.ok(error instanceof ShopProblem)
      assert.deepEqual({ status: error.status, code: error.code }, { status: 409, code: 'ITEM_UNAVAILABLE' })
      return true
    })
  })
})

describe('fulfilling an order', () => {
  const shipment = '/orders/ord_1/shipment'

  test('waits for the shipment to exist, dispatches, delivers, and waits for the order to show it', async () => {
    const { people, shopper, lines } = scripted({
      [`POST ${shipment}/dispatch`]: [problem(409, 'IN_FLIGHT'), { status: 200 }],
      [`POST ${shipment}/deliver`]: [{ status: 200 }],
      'GET /orders/ord_1': [order(), order({ status: 'shipped' }), order({ status: 'delivered' })],
    })
    const story = storyOf({ shopper, plan: plannedOf({ fulfilment: 'delivered' }) })
    await fulfil(people, story)
    assert.equal(story.status, 'delivered')
    assert.equal(lines().filter((line) => line.startsWith('POST')).length, 3)
  })

  test('does nothing where nothing is planned, or where the order was cancelled', async () => {
    const { people, shopper, sent } = scripted({})
    await fulfil(people, storyOf({ shopper }))
    await fulfil(people, storyOf({ shopper, plan: plannedOf({ fulfilment: 'delivered' }), status: 'cancelled' }))
    assert.deepEqual(sent, [])
  })
})

describe('a refund', () => {
  test('is what was paid for the units, tax included, rounded down', () => {
    assert.equal(paidFor(orderOf({}), 'A', 2), 2380)
    assert.equal(paidFor(orderOf({}), 'A', 1), 1190)
    assert.equal(paidFor(orderOf({ pricesIncludeTax: true }), 'A', 1), 1000)
    assert.equal(paidFor(orderOf({}), 'C', 1), 0)
  })

  test('waits for the capture', async () => {
    const path = 'POST /orders/ord_1/payment/refunds'
    const { people, shopper, sent } = scripted({ [path]: [problem(409, 'NOT_CAPTURED'), { status: 201 }] })
    const story = storyOf({ shopper, status: 'shipped' })
    assert.equal(await refund(people, story, 'A', 1, 'key'), 1190)
    assert.equal(story.refunded, 1190)
    assert.deepEqual(
      sent.map(({ key }) => key),
      ['key', 'key'],
    )
  })
})

describe('a cancelled invoice', () => {
  const step = (
    lines: { sku: string; quantity: number }[],
    customer: string | undefined = '501',
  ): Step & { kind: 'return' } => ({
    kind: 'return',
    invoice: 'C1',
    at: '2011-01-04 08:30:00',
    customer,
    lines,
  })
  const outcomes = (): ReturnOutcomes => ({ lines: createTally(), refusals: createTally(), refunded: 0 })
  const named = (found: ReturnOutcomes) => found.lines.entries().map(({ name, count }) => `${count} ${name}`)

  test('cancels an order that has not left, as a whole, once', async () => {
    const { people, shopper, lines } = scripted({ 'POST /orders/ord_1/cancel': [{ status: 200 }] })
    const story = storyOf({ shopper })
    const found = outcomes()
    await giveBack(
      people,
      step([
        { sku: 'A', quantity: 1 },
        { sku: 'B', quantity: 1 },
      ]),
      [story],
      found,
    )
    assert.deepEqual({ status: story.status, reason: story.reason }, { status: 'cancelled', reason: 'by-customer' })
    assert.deepEqual(lines(), ['POST /orders/ord_1/cancel'])
    assert.deepEqual(named(found), ['1 cancelled together with its order', '1 its order cancelled'])
  })

  test('pays back what has left, after the shop refused to cancel it', async () => {
    const { people, shopper, lines } = scripted({
      'POST /orders/ord_1/cancel': [problem(409, 'NOT_CANCELLABLE')],
      'POST /orders/ord_1/payment/refunds': [{ status: 201 }],
    })
    const story = storyOf({ shopper, status: 'shipped' })
    const found = outcomes()
    await giveBack(
      people,
      step([
        { sku: 'A', quantity: 1 },
        { sku: 'B', quantity: 1 },
      ]),
      [story],
      found,
    )
    assert.deepEqual(lines(), [
      'POST /orders/ord_1/cancel',
      'POST /orders/ord_1/payment/refunds',
      'POST /orders/ord_1/payment/refunds',
    ])
    assert.deepEqual(found.refusals.entries(), [
      { name: 'NOT_CANCELLABLE', count: 1, example: 'order ord_1, which is shipped' },
    ])
    assert.equal(found.refunded, 2380)
    assert.equal(story.refunded, 2380)
    assert.deepEqual(named(found), ['2 refunded, since its order had been shipped'])
  })

  test('adds up the refunds of customers who give back at the same time', async () => {
    const { people, shopper } = scripted({
      'POST /orders/ord_1/cancel': [problem(409, 'NOT_CANCELLABLE')],
      'POST /orders/ord_2/cancel': [problem(409, 'NOT_CANCELLABLE')],
      'POST /orders/ord_1/payment/refunds': [{ status: 201 }],
      'POST /orders/ord_2/payment/refunds': [{ status: 201 }],
    })
    const stories = [storyOf({ shopper, status: 'shipped' }), storyOf({ shopper, id: 'ord_2', status: 'shipped' })]
    const found = outcomes()
    await Promise.all(stories.map((story) => giveBack(people, step([{ sku: 'A', quantity: 1 }]), [story], found)))
    assert.equal(found.refunded, 2380)
    assert.equal(
      found.refunded,
      stories.reduce((sum, { refunded }) => sum + refunded, 0),
    )
  })

  test('takes the latest orders first, and never more than they hold', async () => {
    const { people, shopper, sent } = scripted({
      'POST /orders/ord_1/cancel': [problem(409, 'NOT_CANCELLABLE')],
      'POST /orders/ord_2/cancel': [problem(409, 'NOT_CANCELLABLE')],
      'POST /orders/ord_1/payment/refunds': [{ status: 201 }],
      'POST /orders/ord_2/payment/refunds': [{ status: 201 }],
    })
    const earlier = [storyOf({ shopper, status: 'shipped' }), storyOf({ shopper, id: 'ord_2', status: 'delivered' })]
    const found = outcomes()
    await giveBack(people, step([{ sku: 'A', quantity: 3 }]), earlier, found)
    await giveBack(people, step([{ sku: 'A', quantity: 3 }]), earlier, found)
    await giveBack(people, step([{ sku: 'A', quantity: 1 }]), earlier, found)
    const refunds = sent.filter(({ line }) => line.endsWith('/refunds'))
    assert.deepEqual(
      refunds.map(({ line }) => line.slice(13, 18)),
      ['ord_2', 'ord_1', 'ord_1'].map((id) => id.slice(0, 5)),
    )
    assert.deepEqual(
      earlier.map(({ refunded }) => refunded),
      [2380, 2380],
    )
    assert.equal(found.lines.of('unmatched: the order was never confirmed, or had given back as many'), 1)
  })

  test('that nothing fits is counted with the reason', async () => {
    const { people, shopper, sent } = scripted({})
    const found = outcomes()
    const anonymous = { ...step([{ sku: 'A', quantity: 1 }]), customer: undefined }
    await giveBack(people, anonymous, [], found)
    await giveBack(people, step([{ sku: 'A', quantity: 1 }]), [], found)
    await giveBack(people, step([{ sku: 'C', quantity: 1 }]), [storyOf({ shopper })], found)
    await giveBack(
      people,
      step([{ sku: 'A', quantity: 1 }]),
      [storyOf({ shopper, status: 'cancelled', reason: 'declined' })],
      found,
    )
    assert.deepEqual(named(found), [
      '1 unmatched: no earlier order of this customer',
      '1 unmatched: no earlier order of this customer has it',
      '1 unmatched: the file names no customer',
      '1 unmatched: the order was never confirmed, or had given back as many',
    ])
    assert.deepEqual(sent, [])
  })
})

describe('filling the shop', () => {
  const product = { sku: 'A', title: 'Bell', slug: 'bell-a', category: 'other', price: 1250 }
  const shopOf = (staff: ShopClient) => ({ staff, currency: 'EUR', runId: 'run' })

  test('makes the product in the currency of the shop, and receives the demand in receipts of at most a million', async () => {
    const { shopper, sent } = scripted({
      'POST /products': [{ status: 201 }],
      'POST /stock/A/receipts': [{ status: 201 }],
    })
    const stocked = await stockUp(shopOf(shopper), [product], new Map([['A', 1_000_005]]), 4, () => undefined)
    assert.deepEqual(Object.fromEntries(stocked.openings), { A: { onHand: 0, reserved: 0, received: 1_000_005 } })
    assert.deepEqual(
      sent.slice(1).map((request) => [request.key, request.body]),
      [
        ['replay-run-A-0', { quantity: 1_000_000 }],
        ['replay-run-A-1000000', { quantity: 5 }],
      ],
    )
    const body = sent[0]?.body
    assert.ok(body && typeof body === 'object' && 'variants' in body)
    assert.deepEqual(body.variants, [
      { sku: 'A', options: {}, price: { amount: 1250, currency: 'EUR' }, weightGrams: 250 },
    ])
  })

  test('leaves a product alone that is there, and begins from its levels', async () => {
    const levels = { sku: 'A', onHand: 7, reserved: 2, available: 5 }
    const script = { 'GET /stock/A': [{ status: 200, body: levels }], 'POST /stock/A/receipts': [{ status: 201 }] }
    const replayed = { status: 201, headers: { 'idempotent-replayed': 'true' } }
    for (const known of [problem(409, 'SKU_TAKEN'), problem(422, 'IDEMPOTENCY_KEY_REUSED'), replayed]) {
      const { shopper } = scripted({ ...script, 'POST /products': [known] })
      const { existing, openings } = await stockUp(shopOf(shopper), [product], new Map([['A', 3]]), 4, () => undefined)
      assert.equal(existing, 1)
      assert.deepEqual(openings.get('A'), { onHand: 7, reserved: 2, received: 3 })
    }
  })

  test('stops at the first refusal', async () => {
    const { shopper, sent } = scripted({ 'POST /products': [problem(400, 'INVALID_INPUT')] })
    const products = Array.from({ length: 20 }, (_, n) => ({ ...product, sku: `S${n}` }))
    await assert.rejects(
      stockUp(shopOf(shopper), products, new Map(), 4, () => undefined),
      /answered 400 INVALID_INPUT/,
    )
    assert.ok(sent.length <= 4)
  })
})

describe('driving the steps', () => {
  const stepFor = (invoice: string, customer: string | undefined): Step => ({
    kind: 'orders',
    invoice,
    at: '2011-01-03 09:00:00',
    customer,
    orders: [plannedOf({ key: `${invoice}-1`, lines: [{ sku: 'A', quantity: 2 }] })],
  })
  const shopOf = (shopper: ShopClient) => ({ staff: shopper, beGuest: async () => shopper })
  const cart = {
    'POST /carts': [{ status: 201, body: { id: 'crt_1', currency: 'EUR' } }],
    'PUT /carts/crt_1/items': [{ status: 200 }],
  }

  test('counts outcomes and refusals, and tells what was not to be expected', async () => {
    const { shopper } = scripted({
      ...cart,
      'POST /orders': [
        { status: 202, body: orderOf({}) },
        { status: 202, body: orderOf({ status: 'cancelled', reason: 'out-of-stock' }) },
        problem(409, 'SHIPPING_UNAVAILABLE'),
        problem(500, 'INTERNAL'),
      ],
    })
    const steps = ['1', '2', '3', '4'].map((invoice) => stepFor(invoice, '501'))
    let done = 0
    const driven = await drive(shopOf(shopper), { steps }, 4, (lines) => {
      done += lines
    })
    assert.equal(done, 4)
    assert.deepEqual(
      driven.outcomes.entries().map(({ name }) => name),
      ['cancelled: out-of-stock', 'confirmed'],
    )
    assert.deepEqual(
      driven.refusals.entries().map(({ name }) => name),
      ['SHIPPING_UNAVAILABLE'],
    )
    assert.deepEqual(driven.trouble, [
      'order ord_1 (2-1): confirmed was expected, is cancelled (out-of-stock)',
      'invoice 4: POST /orders answered 500 INTERNAL: no',
    ])
  })

  test('takes one customer’s steps one after another, and several customers’ at once', async () => {
    const running = new Map<string, number>()
    let most = 0
    const shopper = clientOf(async ({ line, body }) => {
      const customer = JSON.stringify(body ?? '').match(/customer-(\d+)/)?.[1] ?? ''
      if (line === 'POST /orders') {
        running.set(customer, (running.get(customer) ?? 0) + 1)
        most = Math.max(most, [...running.values()].filter((count) => count > 0).length)
        assert.equal(running.get(customer), 1, 'one at a time')
        await new Promise((resolve) => setImmediate(resolve))
        running.set(customer, 0)
        return { status: 202, body: orderOf({}) }
      }
      return { status: line.startsWith('PUT') ? 200 : 201, body: { id: 'crt_1', currency: 'EUR' } }
    })
    const steps = Array.from({ length: 30 }, (_, n) => stepFor(String(n), String(n % 3)))
    const { stories } = await drive(shopOf(shopper), { steps }, 6, () => undefined)
    assert.equal(stories.length, 30)
    assert.ok(most > 1 && most <= 3, String(most))
  })

  test('gives up on a shop that answers nothing but errors', async () => {
    const { shopper } = scripted({ 'POST /carts': [problem(500, 'INTERNAL')] })
    const steps = Array.from({ length: 500 }, (_, n) => stepFor(String(n), undefined))
    const { trouble } = await drive(shopOf(shopper), { steps }, 4, () => undefined)
    assert.ok(trouble.length <= 60, String(trouble.length))
    assert.match(trouble.at(-1) ?? '', /given up/)
  })
})

describe('working in parallel', () => {
  test('begins in order, so many at a time, and nothing after an error', async () => {
    const begun: number[] = []
    let running = 0
    await assert.rejects(
      inParallel([1, 2, 3, 4, 5, 6, 7], 2, async (item) => {
        begun.push(item)
        running += 1
        assert.ok(running <= 2)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        if (item === 4) throw new Error('four')
      }),
      /four/,
    )
    assert.deepEqual(begun.slice(0, 4), [1, 2, 3, 4])
    assert.ok(begun.length <= 5)
  })
})
