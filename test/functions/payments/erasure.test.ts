import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { payments } from '../../../functions/payments/contract.ts'
import { newPayment, withoutPerson } from '../../../functions/payments/domain.ts'
import { erasedUserId } from '../../../shared/domain/erased-user.ts'
import { deliverWish, itemsAbout, saidOf, wishOf } from '../../support/erasure.ts'
import { customer, type Json, someId, staff, startService } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const service = await startService(payments)
after(() => service.stop())

const asked = (orderId: string, customerId: string) => ({ orderId, customerId, total: eur(5000), method: 'sandbox_ok' })
/** Captured, and given back in part with words of staff. */
const paid = async (customerId: string): Promise<string> => {
  const orderId = someId('ord')
  await service.call('authorize', asked(orderId, customerId))
  await service.call('capture', { orderId })
  await service.request('refundPayment', {
    caller: staff(),
    params: { orderId },
    headers: { 'idempotency-key': randomUUID() },
    body: { amount: eur(100), reason: 'Marked complained' },
  })
  return orderId
}
const asStaff = async <Name extends keyof typeof payments.endpoints>(name: Name, orderId: string) =>
  (await service.request(name, { caller: staff(), params: { orderId } })).body

describe('erase-person', () => {
  test('waits for the orders, then leaves amounts and ledger, and nobody who paid', async () => {
    const caller = customer()
    const orderId = await paid(caller.sub)
    const [payment, ledger] = [await asStaff('readPayment', orderId), await asStaff('readLedger', orderId)]
    const wish = wishOf(caller.sub, false)
    assert.deepEqual(await deliverWish(service, wish), [])
    assert.equal((await itemsAbout(service, caller.sub)).length, 1)
    assert.deepEqual(await saidOf(service, wish), [])

    const settled = { ...wish, data: { ...wish.data, ordersSettled: true } }
    assert.deepEqual(await deliverWish(service, settled), [])
    assert.deepEqual(await itemsAbout(service, caller.sub, 'Marked'), [])
    assert.equal((await saidOf(service, wish)).length, 1)
    const { version, refunds, ...kept } = payment
    const erased = { ...kept, refunds: refunds?.map((refund) => ({ ...refund, reason: 'erased' })) }
    assert.deepEqual(await asStaff('readPayment', orderId), { ...erased, version: version + 1 })
    assert.deepEqual(await asStaff('readLedger', orderId), ledger)
    assert.equal((await service.request('readPayment', { caller, params: { orderId } })).status, 404)
  })

  test('an order that is heard of later is paid by nobody', async () => {
    const caller = customer()
    await deliverWish(service, wishOf(caller.sub))
    const orderId = someId('ord')
    await service.call('authorize', asked(orderId, caller.sub))
    assert.equal((await asStaff('readPayment', orderId)).status, 'authorized')
    assert.deepEqual(await itemsAbout(service, caller.sub), [])
  })

  test("what stays of a payment: reasons of the shop's own, and no id of a card", () => {
    const refunds = (['cancellation', 'return', 'staff'] as const).map((source) => ({
      id: source,
      source,
      amountMinor: 1,
      reason: 'words',
      done: true,
    }))
    const begun = newPayment({ orderId: 'ord_1', customerId: 'usr_1', method: 'pm_123', total: eur(5) })
    const left = withoutPerson({ ...begun, refunds })
    assert.deepEqual([left.customerId, left.method], [erasedUserId, 'pm_erased'])
    assert.deepEqual(
      left.refunds.map(({ reason }) => reason),
      ['words', 'words', 'erased'],
    )
  })
})

describe('export-person', () => {
  test('gives payments with what was given back', async () => {
    const caller = customer()
    const orderId = await paid(caller.sub)
    const { records } = await service.call('exportPerson', { userId: caller.sub })
    assert.deepEqual(
      records.map(({ kind, data }: Json) => [kind, data.orderId, data.refunds]),
      [['payment', orderId, [{ amountMinor: 100, reason: 'Marked complained' }]]],
    )
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub }), { records: [] })
  })
})
