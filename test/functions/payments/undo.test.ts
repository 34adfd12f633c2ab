import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { payments } from '../../../functions/payments/contract.ts'
import { orderCancelled } from '../../../functions/published/orders.ts'
import { spent } from '../../support/round-trips.ts'
import { guest, someEvent, someId, staff, startService } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const service = await startService(payments, { operations: { SendMessage: () => ({ MessageId: 'm-1' }) } })
after(() => service.stop())

const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
/** One step at the sandbox, which stands for an outside provider: reads what it knows, and remembers the step. */
const atProvider = ['GetItem', 'PutItem']

const customerId = guest().sub
const authorized = async (method = 'sandbox_ok'): Promise<string> => {
  const orderId = someId('ord')
  await service.call('authorize', { orderId, customerId, total: eur(5000), method })
  return orderId
}
const captured = async (): Promise<string> => {
  const orderId = await authorized()
  await service.call('capture', { orderId })
  return orderId
}
const cancelled = (orderId: string) =>
  someEvent(orderCancelled, orderId, {
    orderId,
    customerId,
    reason: 'by-customer',
    order: {
      number: '1',
      lines: [],
      subtotal: eur(5000),
      discount: eur(0),
      shipping: eur(0),
      tax: eur(0),
      total: eur(5000),
      pricesIncludeTax: false,
      shippingMethod: { id: 's', title: 'S' },
      shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    },
  })
const undo = (orderId: string) => service.call('undo', { orderId })
const asked = (orderId: string) => service.request('readPayment', { caller: staff(), params: { orderId } })
const read = async (orderId: string) => (await asked(orderId)).body
const published = async (orderId: string) =>
  (await service.outbox())
    .filter(({ aggregateId }) => aggregateId === orderId)
    .map(({ type, sequence }) => [type, sequence])

describe('undo', () => {
  test('refunds what was captured, once, however often it is asked', async () => {
    const orderId = await captured()
    const calls = await during(async () => assert.deepEqual(await undo(orderId), { undone: true }))
    assert.deepEqual(calls, ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual(spent(await during(() => undo(orderId))), budgets['undo: unchanged'])
    const payment = await read(orderId)
    assert.deepEqual(
      { status: payment.status, refunded: payment.refunded },
      { status: 'refunded', refunded: eur(5000) },
    )
    assert.deepEqual(await published(orderId), [['payment.refunded', 3]])
  })

  test('asked several times at once: one refund', async () => {
    const orderId = await captured()
    await Promise.all([undo(orderId), undo(orderId), undo(orderId)])
    assert.deepEqual(
      { refunded: (await read(orderId)).refunded, published: await published(orderId) },
      { refunded: eur(5000), published: [['payment.refunded', 3]] },
    )
  })

  test('voids what was only authorized', async () => {
    const orderId = await authorized()
    assert.deepEqual(await undo(orderId), { undone: true })
    assert.equal((await read(orderId)).status, 'voided')
    assert.deepEqual(await published(orderId), [['payment.voided', 2]])
  })

  test('ends what the provider has not decided', async () => {
    const orderId = await authorized('sandbox_action_required')
    assert.deepEqual(await undo(orderId), { undone: true })
    assert.equal((await read(orderId)).status, 'voided')
  })

  test('before and after the cancellation is heard of: it is one', async () => {
    for (const steps of [
      [undo, (orderId: string) => service.deliver('undoPayment', [cancelled(orderId)])],
      [(orderId: string) => service.deliver('undoPayment', [cancelled(orderId)]), undo],
    ]) {
      const orderId = await captured()
      for (const step of steps) await step(orderId)
      assert.deepEqual(
        { refunded: (await read(orderId)).refunded, published: await published(orderId) },
        { refunded: eur(5000), published: [['payment.refunded', 3]] },
      )
    }
  })

  test('carries on an undoing that ended half-way', async () => {
    const orderId = await captured()
    let writes = 0
    service.fakes.fails = ({ operation }) => {
      if (operation !== 'GetItem') writes += 1
      return writes === 3
    }
    await assert.rejects(undo(orderId))
    service.fakes.fails = undefined
    assert.equal((await read(orderId)).refunded.amount, 0)
    assert.deepEqual(await undo(orderId), { undone: true })
    assert.deepEqual(
      { refunded: (await read(orderId)).refunded, published: await published(orderId) },
      { refunded: eur(5000), published: [['payment.refunded', 3]] },
    )
  })

  test('a payment that does not exist: says so, and leaves nothing behind', async () => {
    const orderId = someId('ord')
    assert.deepEqual(
      spent(await during(async () => assert.deepEqual(await undo(orderId), { undone: false }))),
      budgets['undo: unchanged'],
    )
    assert.equal((await asked(orderId)).problem.code, 'NOT_FOUND')
  })

  test('refuses what is no order', async () => {
    await assert.rejects(service.call('undo', { orderId: 'x' }))
    await assert.rejects(service.call('undo', { orderId: someId('ord'), amount: 1 }))
  })
})
