import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { orders } from '../../../functions/orders/contract.ts'
import { shipmentDelivered, shipmentDispatched } from '../../../functions/published/shipping.ts'
import type { EventDeclaration } from '../../../shared/contract/event.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someEvent,
  someId,
  staff,
  startService,
  type TestCaller,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

let lines: { sku: string; quantity: number }[] = []
beforeEach(() => {
  lines = [
    { sku: 'A', quantity: 3 },
    { sku: 'B', quantity: 1 },
  ]
})

const service = await startService(
  orders,
  {
    procedures: {
      'carts-checkout-snapshot': () => ({ cart: { id: someId('crt'), version: 1, lines } }),
      'catalog-quote': (input) => ({
        variants: (input as { skus: string[] }).skus.map((sku) => ({
          sku,
          productId: someId('prd'),
          title: `The ${sku}`,
          options: {},
          unitPrice: eur(333),
          weightGrams: 100,
        })),
      }),
      'shipping-quote': () => ({ method: { id: 'standard', title: 'Standard', price: eur(490) } }),
      'inventory-reserve': () => ({ state: 'reserved', shortages: [] }),
      'payments-authorize': () => ({ status: 'authorized' }),
      'inventory-commit': () => ({}),
      'payments-capture': () => ({}),
    },
  },
  { SHOP_PRICES_INCLUDE_TAX: 'false' },
)
after(() => service.stop())
const published = async (id: string) => (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
const hear = (declaration: EventDeclaration, orderId: string, data: object = {}) =>
  service.deliver('settleOrder', [someEvent(declaration, orderId, { orderId, ...data })])
const delivered = (id: string) => hear(shipmentDelivered, id, { shipmentId: someId('shp') })
const read = async (id: string): Promise<Json> =>
  (await service.request('readOrder', { caller: staff(), params: { orderId: id } })).body
const email = 'ada@example.com'
const placed = async (caller: TestCaller): Promise<string> => {
  const { body } = await service.request('placeOrder', {
    caller,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      cartId: someId('crt'),
      shippingAddress: { name: 'Ada', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
      email,
    },
  })
  return body.id
}
const shipped = async (caller: TestCaller): Promise<string> => {
  const id = await placed(caller)
  const left = { orderId: id, shipmentId: someId('shp'), carrier: 'P', trackingNumber: '1' }
  await service.deliver('shipOrder', [someEvent(shipmentDispatched, id, left)])
  return id
}
const oneOfA = [{ sku: 'A', quantity: 1 }]
const sendBack = (orderId: string, caller: TestCaller, body: object = { lines: oneOfA }, key: string = randomUUID()) =>
  service.request('requestReturn', { caller, params: { orderId }, body, headers: { 'idempotency-key': key } })
const receive = (returnId: string, caller = staff(), headers = {}, body?: object) =>
  service.request('receiveReturn', { caller, params: { returnId }, headers, body })
const withdraw = (returnId: string, caller: TestCaller, headers = {}) =>
  service.request('withdrawReturn', { caller, params: { returnId }, headers })
const close = (returnId: string, caller = staff()) => service.request('closeReturn', { caller, params: { returnId } })
const readReturn = (returnId: string, caller: TestCaller) =>
  service.request('readReturn', { caller, params: { returnId } })
/** Makes the deadline of an order one that has passed, and lets the clock see it. */
const complete = async (id: string) => {
  const item = (await service.items()).find(({ pk, sk }) => pk === `order#${id}` && sk === 'order')
  const deadline = '2026-01-01T00:00:00.000Z'
  await service.put({ ...item, deadline, gsi3sk: `${deadline}#${id}` })
  await service.run('moveOverdue')
  assert.equal((await read(id)).status, 'completed')
}

describe('request-return', () => {
  test('writes the return into its order, with the event and the key, in one transaction', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const response = await sendBack(id, caller, { lines: oneOfA, reason: 'too small' })
    const { id: returnId, requestedAt, ...rest } = response.body
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets['request-return'])
    assert.deepEqual(
      { location: response.headers.location, etag: response.headers.etag },
      { location: `/returns/${returnId}`, etag: '"1"' },
    )
    // 3 x 3.33 and 1.90 tax: 11.89, of which the first unit is 3.96.
    assert.deepEqual(rest, {
      orderId: id,
      status: 'requested',
      lines: oneOfA,
      refund: eur(396),
      reason: 'too small',
      version: 1,
    })
    const order = await read(id)
    assert.deepEqual(
      { status: order.status, version: order.version, updatedAt: order.updatedAt },
      { status: 'shipped', version: 4, updatedAt: requestedAt },
    )
    assert.deepEqual(order.returns, [response.body])
    const [event] = await published(id)
    assert.deepEqual(
      { type: event?.type, sequence: event?.sequence, data: event?.data },
      {
        type: 'return.requested',
        sequence: 2,
        data: { orderId: id, customerId: caller.sub, returnId, lines: oneOfA, refund: eur(396) },
      },
    )
  })

  test('one key is one return, also at once and when it has been received; another body under it is refused', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const answers = await Promise.all([1, 2, 3].map(() => sendBack(id, caller, { lines: oneOfA }, 'k')))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    const [returnId, ...others] = new Set(answers.map(({ body }) => body.id))
    assert.deepEqual({ others, returns: (await read(id)).returns.length }, { others: [], returns: 1 })
    await receive(String(returnId))
    const later = await sendBack(id, caller, { lines: oneOfA }, 'k')
    assert.deepEqual(spent(later.database), budgets['request-return: key repeated'])
    assert.deepEqual(
      {
        laterStatus: later.status,
        idempotentReplayed: later.headers['idempotent-replayed'],
        location: later.headers.location,
        laterBodyStatus: later.body.status,
      },
      { laterStatus: 201, idempotentReplayed: 'true', location: `/returns/${returnId}`, laterBodyStatus: 'received' },
    )
    assert.equal(
      (await sendBack(id, caller, { lines: oneOfA, reason: 'x' }, 'k')).problem.code,
      'IDEMPOTENCY_KEY_REUSED',
    )
  })

  test('takes no more than was bought, less what other returns name; also at once', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const two = { lines: [{ sku: 'A', quantity: 2 }] }
    const answers = await Promise.all([sendBack(id, caller, two), sendBack(id, caller, two)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.equal(refused?.problem.code, 'RETURN_TOO_LARGE')
    const unknown = await sendBack(id, caller, { lines: [{ sku: 'C', quantity: 1 }] })
    assert.equal(unknown.problem.code, 'RETURN_TOO_LARGE')
    const rest = await sendBack(id, caller, { lines: [...oneOfA, { sku: 'B', quantity: 1 }] })
    // The last unit of A brings what the others left, 3.97; all of B costs 3.33 and 0.63 tax.
    assert.deepEqual({ status: rest.status, amount: rest.body.refund.amount }, { status: 201, amount: 397 + 396 })
  })

  test('takes at most twenty', async () => {
    const caller = guest()
    lines = [{ sku: 'A', quantity: 99 }]
    const id = await shipped(caller)
    for (let count = 0; count < 20; count += 1) assert.equal((await sendBack(id, caller)).status, 201)
    assert.equal((await sendBack(id, caller)).problem.code, 'TOO_MANY_RETURNS')
  })

  test('is for orders that are shipped or delivered', async () => {
    const caller = guest()
    assert.equal((await sendBack(await placed(caller), caller)).problem.code, 'NOT_RETURNABLE')
    const id = await shipped(caller)
    await delivered(id)
    assert.equal((await sendBack(id, caller)).status, 201)
    await complete(id)
    assert.equal((await sendBack(id, caller)).problem.code, 'NOT_RETURNABLE')
  })

  test('is for the owner and staff; others do not see the order; a stale tag stops it', async () => {
    const caller = customer()
    const id = await shipped(caller)
    assert.equal((await sendBack(id, customer())).status, 404)
    assert.equal((await sendBack(someId('ord'), caller)).status, 404)
    const stale = await service.request('requestReturn', {
      caller,
      params: { orderId: id },
      body: { lines: oneOfA },
      headers: { 'idempotency-key': 's', 'if-match': '"1"' },
    })
    assert.equal(stale.status, 412)
    assert.deepEqual((await read(id)).returns, [])
    assert.equal((await sendBack(id, staff())).status, 201)
    const keyless = await service.request('requestReturn', { caller, params: { orderId: id }, body: { lines: oneOfA } })
    assert.equal(keyless.problem.code, 'IDEMPOTENCY_KEY_MISSING')
  })

  test('refuses what makes no sense', async () => {
    const caller = guest()
    for (const [body, pointer] of [
      [{ lines: [] }, '/lines'],
      [{ lines: [...oneOfA, ...oneOfA] }, '/lines'],
      [{ lines: Array.from({ length: 101 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })) }, '/lines'],
      [{ lines: [{ sku: 'A', quantity: 0 }] }, '/lines/0/quantity'],
      [{ lines: [{ sku: 'A', quantity: 1.5 }] }, '/lines/0/quantity'],
      [{ lines: [{ sku: 'A', quantity: 1, refund: eur(9) }] }, '/lines/0/refund'],
      [{ lines: oneOfA, reason: 'x'.repeat(501) }, '/reason'],
      [{ lines: oneOfA, refund: eur(1) }, '/refund'],
    ] as const) {
      const response = await sendBack(someId('ord'), caller, body)
      assert.deepEqual(
        { status: response.status, pointer: response.problem.errors?.[0]?.pointer },
        { status: 400, pointer },
      )
    }
  })

  test('O3: what happens between its reading and its writing is not overwritten', async () => {
    const caller = guest()
    const id = await shipped(caller)
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems') return false
      service.fakes.fails = undefined
      await delivered(id)
      return false
    }
    const response = await sendBack(id, caller)
    assert.equal(response.status, 201)
    const order = await read(id)
    assert.deepEqual(
      { status: order.status, returns: order.returns.length, version: order.version },
      { status: 'delivered', returns: 1, version: 5 },
    )
  })
})

describe('read-return', () => {
  test('shows a return to the owner of its order and to staff, in two reads', async () => {
    const caller = customer()
    const { body } = await sendBack(await shipped(caller), caller)
    const mine = await readReturn(body.id, caller)
    assert.deepEqual(
      { status: mine.status, body: mine.body, etag: mine.headers.etag },
      { status: 200, body, etag: '"1"' },
    )
    assert.deepEqual(spent(mine.database), budgets['read-return'])
    const others = [staff(), customer(), guest()]
    const answers = await Promise.all(others.map((who) => readReturn(body.id, who)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 404, 404],
    )
  })

  test('knows no return that is none', async () => {
    assert.deepEqual(
      {
        unknown: (await readReturn(someId('ret'), staff())).status,
        malformed: (await readReturn('1', staff())).status,
      },
      { unknown: 404, malformed: 400 },
    )
  })
})

describe('receive-return', () => {
  test('notes that the goods are back, with its event, in one write; again, it answers the same', async () => {
    const caller = guest()
    const id = await shipped(caller)
    await delivered(id)
    const { body } = await sendBack(id, caller)
    const response = await receive(body.id)
    assert.deepEqual(spent(response.database), budgets['receive-return'])
    assert.deepEqual(
      { responseStatus: response.status, responseBodyStatus: response.body.status, version: response.body.version },
      { responseStatus: 200, responseBodyStatus: 'received', version: 2 },
    )
    assert.ok((response.body.receivedAt ?? '') >= body.requestedAt)
    const [event] = await published(id)
    const goods = { orderId: id, customerId: caller.sub, returnId: body.id, lines: oneOfA, refund: eur(396) }
    assert.deepEqual(
      [event?.type, event?.sequence, event?.data],
      [
        'return.received',
        3,
        {
          ...goods,
          number: (await read(id)).number,
          email,
          // Three of A were 11.89.
          paid: [{ sku: 'A', bought: 3, returned: 1, paid: eur(1189) }],
        },
      ],
    )
    const again = await receive(body.id)
    assert.deepEqual(
      { status: again.status, body: again.body, trips: spent(again.database) },
      { status: 200, body: response.body, trips: budgets['receive-return: unchanged'] },
    )
    const order = await read(id)
    assert.deepEqual(
      { status: order.status, returns: order.returns },
      { status: 'delivered', returns: [response.body] },
    )
  })

  test('twice at once: noted once', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const { body } = await sendBack(id, caller)
    const answers = await Promise.all([1, 2, 3].map(() => receive(body.id)))
    for (const answer of answers) assert.deepEqual(answer.body, answers[0]?.body)
    assert.equal((await read(id)).version, 5)
    assert.deepEqual(
      (await published(id)).map(({ type, sequence }) => [type, sequence]),
      [['return.received', 3]],
    )
  })

  test('with the last unit the order is returned; what is heard later changes nothing', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const { body: first } = await sendBack(id, caller)
    const { body: second } = await sendBack(id, caller, {
      lines: [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
      ],
    })
    await receive(second.id)
    assert.equal((await read(id)).status, 'shipped')
    await receive(first.id)
    const order = await read(id)
    assert.deepEqual(
      { orderStatus: order.status, timelineStatus: order.timeline.at(-1).status },
      { orderStatus: 'returned', timelineStatus: 'returned' },
    )
    await delivered(id)
    await receive(first.id)
    assert.deepEqual(await read(id), order)
    assert.equal((await sendBack(id, caller)).problem.code, 'NOT_RETURNABLE')
  })

  test('also when the order was completed in the meantime', async () => {
    const caller = guest()
    lines = oneOfA
    const id = await shipped(caller)
    await delivered(id)
    const { body } = await sendBack(id, caller)
    await complete(id)
    await receive(body.id)
    assert.equal((await read(id)).status, 'returned')
  })

  test('is for staff, and for returns that are; a stale tag stops it', async () => {
    const caller = customer()
    const { body } = await sendBack(await shipped(caller), caller)
    assert.equal((await receive(body.id, caller)).status, 403)
    assert.equal((await receive(someId('ret'))).status, 404)
    assert.equal((await receive(body.id, staff(), { 'if-match': '"2"' })).status, 412)
    assert.equal((await receive(body.id, staff(), { 'if-match': '"1"' })).status, 200)
    const withBody = await service.request('receiveReturn', {
      caller: staff(),
      params: { returnId: body.id },
      body: { lines: [] },
    })
    assert.equal(withBody.problem.code, 'INVALID_INPUT')
  })
})

describe('receive-return: what arrived', () => {
  test('less than was announced is given back as far as it came; the rest can be returned by another', async () => {
    const [caller, clerk] = [guest(), staff()]
    const id = await shipped(caller)
    const two = [{ sku: 'A', quantity: 2 }]
    const { body } = await sendBack(id, caller, { lines: [...two, { sku: 'B', quantity: 1 }] })
    const response = await receive(body.id, clerk, {}, { lines: oneOfA })
    assert.deepEqual(
      {
        status: response.status,
        lines: response.body.lines,
        announced: response.body.announced,
        refund: response.body.refund,
        by: response.body.by,
      },
      { status: 200, lines: oneOfA, announced: body.lines, refund: eur(396), by: clerk.sub },
    )
    const [event] = await published(id)
    assert.deepEqual(
      { type: event?.type, lines: event?.data.lines, refund: event?.data.refund },
      { type: 'return.received', lines: oneOfA, refund: eur(396) },
    )
    const mine = await readReturn(body.id, caller)
    assert.deepEqual({ status: mine.body.status, by: mine.body.by }, { status: 'received', by: undefined })
    assert.deepEqual((await receive(body.id, clerk, {}, { lines: oneOfA })).body, response.body)
    assert.equal((await receive(body.id, clerk, {}, { lines: two })).problem.code, 'RETURN_ENDED')
    assert.equal((await sendBack(id, caller, { lines: [...two, { sku: 'B', quantity: 1 }] })).status, 201)
  })

  test('more than was announced, or another thing, is refused', async () => {
    const caller = guest()
    const { body } = await sendBack(await shipped(caller), caller)
    for (const unannounced of [[{ sku: 'A', quantity: 2 }], [{ sku: 'B', quantity: 1 }]])
      assert.equal((await receive(body.id, staff(), {}, { lines: unannounced })).problem.code, 'NOT_ANNOUNCED')
    const twice = await receive(body.id, staff(), {}, { lines: [...oneOfA, ...oneOfA] })
    assert.deepEqual(
      { status: twice.status, pointer: twice.problem.errors?.[0]?.pointer },
      { status: 400, pointer: '/lines' },
    )
    assert.equal((await readReturn(body.id, caller)).body.status, 'requested')
  })
})

describe('withdraw-return', () => {
  test('a wrong return makes room for the right one; again, it answers the same', async () => {
    const caller = guest()
    const id = await shipped(caller)
    const all = { lines: [{ sku: 'A', quantity: 3 }] }
    const { body } = await sendBack(id, caller, all)
    assert.equal((await sendBack(id, caller)).problem.code, 'RETURN_TOO_LARGE')
    const response = await withdraw(body.id, caller)
    assert.deepEqual(
      {
        responseStatus: response.status,
        responseBodyStatus: response.body.status,
        version: response.body.version,
        trips: spent(response.database),
      },
      { responseStatus: 200, responseBodyStatus: 'withdrawn', version: 2, trips: budgets['withdraw-return'] },
    )
    const { endedAt } = response.body
    assert.ok(endedAt && endedAt >= body.requestedAt)
    assert.deepEqual((await withdraw(body.id, caller)).body, response.body)
    assert.equal((await receive(body.id)).problem.code, 'RETURN_ENDED')
    assert.equal((await sendBack(id, caller, all)).status, 201)
    assert.equal((await read(id)).updatedAt >= endedAt, true)
  })

  test('is for the owner and for staff, who are named; not once the goods are back, nor by a stale tag', async () => {
    const [caller, clerk] = [customer(), staff()]
    const id = await shipped(caller)
    const { body } = await sendBack(id, caller)
    assert.equal((await withdraw(body.id, customer())).status, 404)
    assert.equal((await withdraw(body.id, caller, { 'if-match': '"2"' })).status, 412)
    const byStaff = await withdraw(body.id, clerk)
    assert.deepEqual({ status: byStaff.body.status, by: byStaff.body.by }, { status: 'withdrawn', by: clerk.sub })
    const { body: other } = await sendBack(id, caller)
    await receive(other.id)
    assert.equal((await withdraw(other.id, caller)).problem.code, 'RETURN_RECEIVED')
    assert.equal((await withdraw(someId('ret'), caller)).status, 404)
  })
})

describe('close-return', () => {
  test('staff close a return whose goods never came, and it can be asked for again', async () => {
    const [caller, clerk] = [guest(), staff()]
    const id = await shipped(caller)
    const { body } = await sendBack(id, caller, { lines: [{ sku: 'A', quantity: 3 }] })
    assert.equal((await close(body.id, caller)).status, 403)
    const closed = await close(body.id, clerk)
    assert.deepEqual(
      { closedStatus: closed.status, closedBodyStatus: closed.body.status, by: closed.body.by },
      { closedStatus: 200, closedBodyStatus: 'closed', by: clerk.sub },
    )
    assert.equal((await sendBack(id, caller)).status, 201)
    assert.equal((await close(someId('ret'))).status, 404)
  })
})

describe('order-status', () => {
  test('says how an order stands and whose it is', async () => {
    const caller = guest()
    const id = await placed(caller)
    const order = { status: 'confirmed', customerId: caller.sub }
    assert.deepEqual(await service.call('orderStatus', { orderId: id }), { order })
    assert.deepEqual(await service.call('orderStatus', { orderId: someId('ord') }), {})
  })
})

describe('paid-parts', () => {
  test('says what was paid for each line and the shipping: the order’s total, together', async () => {
    const id = await placed(guest())
    // 9.99 and 1.90 tax, 3.33 and 0.63, 4.90 and 0.93.
    assert.deepEqual(await service.call('paidParts', { orderId: id }), {
      paid: {
        lines: [
          { sku: 'A', quantity: 3, paid: eur(1189) },
          { sku: 'B', quantity: 1, paid: eur(396) },
        ],
        shipping: eur(583),
      },
    })
    assert.equal((await read(id)).total.amount, 1189 + 396 + 583)
    assert.deepEqual(await service.call('paidParts', { orderId: someId('ord') }), {})
  })
})

const note = (orderId: string, body: object, caller = staff(), headers = {}) =>
  service.request('addNote', { caller, params: { orderId }, body, headers })

describe('add-note', () => {
  test('writes a note if there is such an order, in one transaction, and leaves the order as it is', async () => {
    const id = await placed(guest())
    const caller = staff()
    const response = await note(id, { text: ' Asked for a gift wrap ' }, caller)
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 201, trips: budgets['add-note'] },
    )
    assert.deepEqual(
      { text: response.body.text, authorId: response.body.authorId },
      { text: 'Asked for a gift wrap', authorId: caller.sub },
    )
    assert.equal(response.headers.location, `/orders/${id}/notes`)
    assert.equal((await read(id)).version, 2)
    const unknown = await note(someId('ord'), { text: 'x' })
    assert.deepEqual(
      { status: unknown.status, trips: spent(unknown.database) },
      { status: 404, trips: budgets['add-note'] },
    )
  })

  test('one key is one note; another text under it is refused', async () => {
    const id = await placed(guest())
    const [caller, headers] = [staff(), { 'idempotency-key': 'n' }]
    const first = await note(id, { text: 'once' }, caller, headers)
    assert.deepEqual(spent(first.database), budgets['add-note: with a key'])
    const again = await note(id, { text: 'once' }, caller, headers)
    assert.deepEqual(
      {
        status: again.status,
        body: again.body,
        idempotentReplayed: again.headers['idempotent-replayed'],
        trips: spent(again.database),
      },
      { status: 201, body: first.body, idempotentReplayed: 'true', trips: budgets['add-note: key repeated'] },
    )
    assert.equal((await note(id, { text: 'twice' }, caller, headers)).problem.code, 'IDEMPOTENCY_KEY_REUSED')
  })

  test('is for staff, who write something', async () => {
    const caller = guest()
    const id = await placed(caller)
    assert.equal((await note(id, { text: 'x' }, caller)).status, 403)
    for (const text of ['', '  ', 'x'.repeat(2001), 7]) {
      const response = await note(id, { text })
      assert.deepEqual(
        { status: response.status, pointer: response.problem.errors?.[0]?.pointer },
        { status: 400, pointer: '/text' },
      )
    }
    assert.equal((await note(id, { text: 'x', authorId: someId('usr') })).problem.errors?.[0]?.pointer, '/authorId')
  })
})

describe('list-notes', () => {
  const list = (orderId: string, query = {}, caller = staff()) =>
    service.request('listNotes', { caller, params: { orderId }, query })

  test('lists an order’s notes, newest first, page by page, in one read each', async () => {
    const id = await placed(guest())
    const written: Json[] = []
    for (const text of ['one', 'two', 'three']) {
      written.push((await note(id, { text })).body)
      // Ids sort by the millisecond.
      await sleep(2)
    }
    const first = await list(id, { limit: '2' })
    assert.deepEqual(spent(first.database), budgets['list-notes'])
    const second = await list(id, { limit: '2', cursor: first.body.next_cursor })
    assert.deepEqual([...first.body.data, ...second.body.data], written.toReversed())
    assert.equal(second.body.next_cursor, null)
    const elsewhere = await list(await placed(guest()), { cursor: first.body.next_cursor })
    assert.equal(elsewhere.problem.code, 'INVALID_CURSOR')
  })

  test('is for staff; an order without notes, and one that does not exist, have none', async () => {
    const caller = guest()
    const id = await placed(caller)
    assert.equal((await list(id, {}, caller)).status, 403)
    assert.deepEqual((await list(id)).body, { data: [], next_cursor: null })
    assert.deepEqual((await list(someId('ord'))).body.data, [])
  })
})
