import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { payments } from '../../../functions/payments/contract.ts'
import { returnReceived } from '../../../functions/published/orders.ts'
import { failing } from '../../support/asking.ts'
import { spent } from '../../support/round-trips.ts'
import { type Json, someEvent, someId, staff, startService } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
/** What the orders say was paid: 47.60 for A, 10.00 for three of B, and 5.83 for the shipping. */
const paid = {
  lines: [
    { sku: 'A', quantity: 1, paid: eur(4760) },
    { sku: 'B', quantity: 3, paid: eur(1000) },
  ],
  shipping: eur(583),
}
let asked = 0
const service = await startService(payments, {
  procedures: {
    'orders-paid-parts': () => {
      asked += 1
      return { paid }
    },
  },
})
after(() => service.stop())

const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
/** One step at the provider: reads what it knows, and remembers the step. */
const atProvider = ['GetItem', 'PutItem']
const authorized = async (orderId = someId('ord')): Promise<string> => {
  const data = { orderId, customerId: someId('gst'), total: eur(5000), method: 'sandbox_ok' }
  await service.call('authorize', data)
  return orderId
}
const ship = (orderId: string) => failing((input) => service.call('capture', input))({ orderId })
const captured = async (): Promise<string> => {
  const orderId = await authorized()
  assert.deepEqual(await ship(orderId), [])
  return orderId
}
const back = (orderId: string, amount: number, returnId = someId('ret')) =>
  someEvent(returnReceived, orderId, {
    orderId,
    customerId: someId('gst'),
    returnId,
    lines: [{ sku: 'A', quantity: 1 }],
    refund: eur(amount),
  })
const hear = (...events: ReturnType<typeof back>[]) => service.deliver('refundReturn', events)
const read = async (orderId: string): Promise<Json> =>
  (await service.request('readPayment', { caller: staff(), params: { orderId } })).body
const ledger = async (orderId: string): Promise<Json[]> =>
  (await service.request('readLedger', { caller: staff(), params: { orderId } })).body.data
const published = async (orderId: string) =>
  (await service.outbox()).filter(({ aggregateId }) => aggregateId === orderId)
const atTheProvider = async (orderId: string): Promise<number> =>
  (await service.items()).find(({ pk }) => pk === `sandbox#${orderId}`).refundedMinor
const refundByStaff = (orderId: string, amount: number) =>
  service.request('refundPayment', {
    caller: staff(),
    params: { orderId },
    body: { amount: eur(amount), reason: 'scratched' },
    headers: { 'idempotency-key': randomUUID() },
  })

/** A return with the last of those units that have come back of each line by then. */
const backOf = (orderId: string, returned: { A?: number; B?: number }) => {
  const lines = paid.lines.flatMap(({ sku, quantity, paid: paidForLine }) => {
    const units = sku === 'A' ? returned.A : returned.B
    return units === undefined ? [] : [{ sku, bought: quantity, returned: units, paid: paidForLine }]
  })
  const returnId = someId('ret')
  return someEvent(returnReceived, orderId, {
    orderId,
    customerId: someId('gst'),
    returnId,
    lines: lines.map((line) => ({ sku: line.sku, quantity: line.returned })),
    refund: eur(1),
    paid: lines,
  })
}
const refund = (orderId: string, body: object, caller = staff()) =>
  service.request('refundPayment', {
    caller,
    params: { orderId },
    body: { reason: 'scratched', ...body },
    headers: { 'idempotency-key': randomUUID() },
  })
const capturedWhole = async (): Promise<string> => {
  const orderId = someId('ord')
  const data = { orderId, customerId: someId('gst'), total: eur(4760 + 1000 + 583), method: 'sandbox_ok' }
  await service.call('authorize', data)
  assert.deepEqual(await ship(orderId), [])
  return orderId
}

describe('refund-payment: what it is for', () => {
  test('lines by units or amount and the shipping, with who gave it: staff see it, the payer does not', async () => {
    const [orderId, caller] = [await capturedWhole(), staff()]
    const lines = [
      { sku: 'A', amount: eur(2380) },
      { sku: 'B', quantity: 2 },
    ]
    const given = await refund(orderId, { lines, shipping: eur(583) }, caller)
    assert.deepEqual(
      { status: given.status, refunded: given.body.refunded },
      { status: 201, refunded: eur(2380 + 666 + 583) },
    )
    assert.deepEqual(
      given.body.refunds?.map(({ id: _, ...rest }: Json) => rest),
      [
        {
          amount: eur(3629),
          reason: 'scratched',
          status: 'done',
          lines: [
            { sku: 'A', amount: eur(2380) },
            { sku: 'B', quantity: 2, amount: eur(666) },
          ],
          shipping: eur(583),
          by: caller.sub,
        },
      ],
    )
    const { customerId } = (await service.items()).find(({ pk, sk }) => pk === `payment#${orderId}` && sk === 'payment')
    const mine = await service.request('readPayment', {
      caller: { sub: customerId, scope: 'shop' },
      params: { orderId },
    })
    assert.deepEqual(
      { status: mine.status, refunded: mine.body.refunded, refunds: mine.body.refunds },
      { status: 200, refunded: eur(3629), refunds: undefined },
    )
    assert.deepEqual((await read(orderId)).refunds, given.body.refunds)
    // All comes back: what is left of the goods, and no more.
    await hear(backOf(orderId, { A: 1 }))
    await hear(backOf(orderId, { A: 1, B: 3 }))
    assert.deepEqual(
      { status: (await read(orderId)).status, atTheProvider: await atTheProvider(orderId) },
      { status: 'refunded', atTheProvider: 4760 + 1000 + 583 },
    )
  })

  test('half of a line by hand, then its return: 47.60 in all, whether the refund said what it was for or not', async () => {
    for (const body of [{ amount: eur(2380) }, { amount: eur(2380), lines: [{ sku: 'A', amount: eur(2380) }] }]) {
      const orderId = await capturedWhole()
      assert.equal((await refund(orderId, body)).status, 201)
      const event = backOf(orderId, { A: 1 })
      assert.deepEqual(await hear(event, event), [])
      assert.deepEqual((await read(orderId)).refunded, eur(4760))
      assert.deepEqual(await hear(backOf(orderId, { A: 1, B: 3 }), event), [])
      assert.deepEqual((await read(orderId)).refunded, eur(5760))
    }
  })

  test('asks what was paid only where it says what it is for', async () => {
    const orderId = await capturedWhole()
    asked = 0
    await refund(orderId, { amount: eur(100) })
    assert.equal(asked, 0)
    await refund(orderId, { lines: [{ sku: 'A', amount: eur(100) }] })
    assert.equal(asked, 1)
  })

  test('refuses parts that do not add up, are too large, or make no sense', async () => {
    const orderId = await capturedWhole()
    for (const [body, status, code, pointer] of [
      [{ amount: eur(1), lines: [{ sku: 'A', amount: eur(2) }] }, 400, 'INVALID_INPUT', '/amount'],
      [{ amount: eur(1), shipping: eur(2) }, 400, 'INVALID_INPUT', '/amount'],
      [{ lines: [{ sku: 'A', amount: { amount: 1, currency: 'USD' } }] }, 400, 'INVALID_INPUT', '/lines/0/amount'],
      [{ shipping: { amount: 1, currency: 'USD' } }, 400, 'INVALID_INPUT', '/shipping'],
      [{ lines: [{ sku: 'A', amount: eur(1), quantity: 1 }] }, 400, 'INVALID_INPUT', '/lines/0'],
      [{ lines: [{ sku: 'A' }] }, 400, 'INVALID_INPUT', '/lines/0'],
      [{ lines: [] }, 400, 'INVALID_INPUT', '/lines'],
      [{}, 400, 'INVALID_INPUT', ''],
      [{ lines: [{ sku: 'A', amount: eur(0) }] }, 400, 'INVALID_INPUT', '/amount'],
      [{ lines: [{ sku: 'C', quantity: 1 }] }, 409, 'NOT_ORDERED', undefined],
      [{ lines: [{ sku: 'B', quantity: 4 }] }, 409, 'REFUND_TOO_LARGE', undefined],
      [{ lines: [{ sku: 'A', amount: eur(4761) }] }, 409, 'REFUND_TOO_LARGE', undefined],
      [{ shipping: eur(584) }, 409, 'REFUND_TOO_LARGE', undefined],
    ] as const) {
      const answer = await refund(orderId, body)
      assert.deepEqual(
        { status: answer.status, code: answer.problem.code, pointer: answer.problem.errors?.[0]?.pointer },
        { status, code, pointer },
        JSON.stringify(body),
      )
    }
    assert.equal((await refund(orderId, { shipping: eur(583) })).status, 201)
    assert.equal((await refund(orderId, { shipping: eur(1) })).problem.code, 'REFUND_TOO_LARGE')
  })
})

describe('refund-return', () => {
  test('gives back the price of what came back and books it, once however often it is told', async () => {
    const orderId = await captured()
    const event = back(orderId, 1200)
    const trips = await during(() => hear(event))
    assert.deepEqual(trips, ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual(spent(await during(() => hear(event))), budgets['refund-return: unchanged'])
    assert.deepEqual(await hear(event, event), [])
    const payment = await read(orderId)
    assert.deepEqual(
      { status: payment.status, refunded: payment.refunded },
      { status: 'partially-refunded', refunded: eur(1200) },
    )
    assert.equal(await atTheProvider(orderId), 1200)
    const [told] = await published(orderId)
    assert.deepEqual(
      { type: told?.type, data: told?.data },
      {
        type: 'payment.refunded',
        data: { orderId, amount: eur(1200), reason: 'goods returned', refundId: event.data.returnId, source: 'return' },
      },
    )
    const entries = await ledger(orderId)
    assert.deepEqual(
      entries.map(({ kind, account, amount }) => [kind, account, amount]),
      [
        ['capture', 'customer', -5000],
        ['capture', 'provider', 5000],
        ['refund', 'customer', 1200],
        ['refund', 'provider', -1200],
      ],
    )
  })

  test('two deliveries and several returns at once: each is given back once', async () => {
    const orderId = await captured()
    const [one, two] = [back(orderId, 1000), back(orderId, 1500)]
    await hear(one, two, one, two)
    // What lost too many races comes again, as its queue would bring it.
    assert.deepEqual(await hear(two, one), [])
    assert.deepEqual(
      { refunded: (await read(orderId)).refunded, atTheProvider: await atTheProvider(orderId) },
      { refunded: eur(2500), atTheProvider: 2500 },
    )
    assert.equal((await ledger(orderId)).length, 6)
  })

  test('gives back no more than is left, and nothing where nothing is', async () => {
    const orderId = await captured()
    assert.equal((await refundByStaff(orderId, 4000)).status, 201)
    assert.deepEqual(await hear(back(orderId, 1200)), [])
    const payment = await read(orderId)
    assert.deepEqual(
      { status: payment.status, refunded: payment.refunded },
      { status: 'refunded', refunded: eur(5000) },
    )
    assert.deepEqual(spent(await during(() => hear(back(orderId, 1)))), budgets['refund-return: unchanged'])
    assert.deepEqual(spent(await during(() => hear(back(orderId, 0)))), budgets['refund-return: unchanged'])
    assert.equal(await atTheProvider(orderId), 5000)
  })

  test('goods that are back before the capture is done are paid back after it, and staff find that much less', async () => {
    const orderId = await authorized()
    const event = back(orderId, 1200)
    assert.deepEqual(spent(await during(() => hear(event))), budgets['refund-return: before the capture'])
    assert.deepEqual(await hear(event), [])
    assert.deepEqual(
      { refunded: (await read(orderId)).refunded, ledger: (await ledger(orderId)).length },
      { refunded: eur(0), ledger: 0 },
    )
    await ship(orderId)
    const payment = await read(orderId)
    assert.deepEqual(
      { status: payment.status, refunded: payment.refunded },
      { status: 'partially-refunded', refunded: eur(1200) },
    )
    assert.equal((await refundByStaff(orderId, 3801)).problem.code, 'REFUND_TOO_LARGE')
    assert.equal((await refundByStaff(orderId, 3800)).body.status, 'refunded')
  })

  test('as many returns as an order takes may wait for the capture: one delivery carries them all on', async () => {
    const orderId = await authorized()
    for (let count = 0; count < 20; count += 1) assert.deepEqual(await hear(back(orderId, 250)), [])
    assert.deepEqual(await ship(orderId), [])
    assert.deepEqual(
      { status: (await read(orderId)).status, atTheProvider: await atTheProvider(orderId) },
      { status: 'refunded', atTheProvider: 5000 },
    )
    const entries = await ledger(orderId)
    assert.equal(entries.length, 42)
    assert.equal(
      entries.reduce((sum, { amount }) => sum + amount, 0),
      0,
    )
  })

  test('mistake 3: dies after the provider has given back; repeated, it gives back once and books it', async () => {
    const orderId = await captured()
    const event = back(orderId, 1200)
    let writes = 0
    service.fakes.fails = ({ operation }) => operation === 'PutItem' && ++writes > 2
    assert.deepEqual(await hear(event), [event.id])
    service.fakes.fails = undefined
    assert.deepEqual(
      { atTheProvider: await atTheProvider(orderId), ledger: (await ledger(orderId)).length },
      { atTheProvider: 1200, ledger: 2 },
    )
    assert.deepEqual(await hear(event), [])
    assert.deepEqual(
      { atTheProvider: await atTheProvider(orderId), ledger: (await ledger(orderId)).length },
      { atTheProvider: 1200, ledger: 4 },
    )
    assert.deepEqual((await read(orderId)).refunded, eur(1200))
  })

  test('without a payment the message fails, and is heard when there is one', async () => {
    const orderId = someId('ord')
    const event = back(orderId, 1200)
    assert.deepEqual(await hear(event), [event.id])
    await authorized(orderId)
    assert.deepEqual(await hear(event), [])
  })
})
