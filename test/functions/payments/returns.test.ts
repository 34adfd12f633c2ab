import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { orderAwaitingPayment, returnReceived } from '../../../functions/orders/events.ts'
import { payments } from '../../../functions/payments/contract.ts'
import { shipmentDispatched } from '../../../functions/shipping/events.ts'
import { type Json, someEvent, someId, staff, startService } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const service = await startService(payments)
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
  assert.deepEqual(await service.deliver('authorizePayment', [someEvent(orderAwaitingPayment, orderId, data)]), [])
  return orderId
}
const ship = (orderId: string) =>
  service.deliver('capturePaymentOnDispatch', [
    someEvent(shipmentDispatched, orderId, { orderId, shipmentId: someId('shp'), carrier: 'P', trackingNumber: '1' }),
  ])
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

describe('refund-return', () => {
  test('gives back the price of what came back and books it, once however often it is told', async () => {
    const orderId = await captured()
    const event = back(orderId, 1200)
    const trips = await during(() => hear(event))
    assert.deepEqual(trips, ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual(await during(() => hear(event)), ['GetItem'])
    assert.deepEqual(await hear(event, event), [])
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.refunded], ['partially-refunded', eur(1200)])
    assert.equal(await atTheProvider(orderId), 1200)
    const [told] = await published(orderId)
    assert.deepEqual(
      [told?.type, told?.data],
      [
        'payment.refunded',
        { orderId, amount: eur(1200), reason: 'goods returned', refundId: event.data.returnId, source: 'return' },
      ],
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
    assert.deepEqual([(await read(orderId)).refunded, await atTheProvider(orderId)], [eur(2500), 2500])
    assert.equal((await ledger(orderId)).length, 6)
  })

  test('gives back no more than is left, and nothing where nothing is', async () => {
    const orderId = await captured()
    assert.equal((await refundByStaff(orderId, 4000)).status, 201)
    assert.deepEqual(await hear(back(orderId, 1200)), [])
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.refunded], ['refunded', eur(5000)])
    assert.deepEqual(await during(() => hear(back(orderId, 1))), ['GetItem'])
    assert.deepEqual(await during(() => hear(back(orderId, 0))), ['GetItem'])
    assert.equal(await atTheProvider(orderId), 5000)
  })

  test('goods that are back before the capture is done are paid back after it, and staff find that much less', async () => {
    const orderId = await authorized()
    const event = back(orderId, 1200)
    assert.deepEqual(await during(() => hear(event)), ['GetItem', 'PutItem'])
    assert.deepEqual(await hear(event), [])
    assert.deepEqual([(await read(orderId)).refunded, (await ledger(orderId)).length], [eur(0), 0])
    await ship(orderId)
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.refunded], ['partially-refunded', eur(1200)])
    assert.equal((await refundByStaff(orderId, 3801)).body.code, 'REFUND_TOO_LARGE')
    assert.equal((await refundByStaff(orderId, 3800)).body.status, 'refunded')
  })

  test('as many returns as an order takes may wait for the capture: one delivery carries them all on', async () => {
    const orderId = await authorized()
    for (let count = 0; count < 20; count += 1) assert.deepEqual(await hear(back(orderId, 250)), [])
    assert.deepEqual(await ship(orderId), [])
    assert.deepEqual([(await read(orderId)).status, await atTheProvider(orderId)], ['refunded', 5000])
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
    assert.deepEqual([await atTheProvider(orderId), (await ledger(orderId)).length], [1200, 2])
    assert.deepEqual(await hear(event), [])
    assert.deepEqual([await atTheProvider(orderId), (await ledger(orderId)).length], [1200, 4])
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
