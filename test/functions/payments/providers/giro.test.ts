/** A provider that the sources know nothing of, in the functions as they are bundled for a shop that is paid through it. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { paymentsThrough } from '../../../../functions/payments/contract.ts'
import { failing } from '../../../support/asking.ts'
import { guest, someId, staff, startService } from '../../../support/service.ts'
import { rightNumber, signatureOf } from './giro/adapter.ts'
import { provider } from './giro/provider.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const [owner, secret] = [guest(), 'agreed-with-the-bank']
const service = await startService(
  paymentsThrough(provider),
  { operations: { GetSecretValue: () => ({ SecretString: secret }) } },
  { PROVIDER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider' },
  'test/functions/payments/providers/giro',
)
after(() => service.stop())

const authorize = async (method: string): Promise<string> => {
  const orderId = someId('ord')
  await service.call('authorize', { orderId, customerId: owner.sub, total: eur(5000), method })
  return orderId
}
const dispatch = (orderId: string) => failing((input) => service.call('capture', input))({ orderId })
const statusOf = async (orderId: string): Promise<string> =>
  (await service.request('readPayment', { caller: owner, params: { orderId } })).body.status
const confirm = (orderId: string, body: object) =>
  service.request('confirmPayment', { caller: owner, params: { orderId }, body })
const report = (notice: object, signedWith = secret) => {
  const body = JSON.stringify(notice)
  return service.request('receiveProviderEvent', { body, headers: { 'giro-signature': signatureOf(signedWith, body) } })
}

describe('a shop with a payment provider of its own', () => {
  test('has no work put aside that another provider knows', () => {
    const { consumers, procedures, schedules, tasks } = paymentsThrough(provider)
    assert.deepEqual(tasks, {})
    for (const { defers } of [procedures.authorize, consumers.undoPayment, procedures.undo, schedules.settleDue])
      assert.deepEqual(defers, [])
  })

  test('asks its payer for what this provider wants to know, and for nothing else', async () => {
    const orderId = await authorize('giro_number')
    assert.equal((await confirm(orderId, { outcome: 'success' })).problem.code, 'INVALID_INPUT')
    assert.equal((await confirm(orderId, { transactionNumber: '1' })).body.status, 'action-required')
    assert.equal((await confirm(orderId, { transactionNumber: rightNumber })).body.status, 'authorized')
  })

  test('takes the money and gives some of it back', async () => {
    const orderId = await authorize('giro_account')
    assert.deepEqual(await dispatch(orderId), [])
    const { status, body } = await service.request('refundPayment', {
      caller: staff(),
      params: { orderId },
      headers: { 'idempotency-key': orderId },
      body: { amount: eur(2000), reason: 'scratched' },
    })
    assert.equal(status, 201)
    assert.deepEqual(body.refunded, eur(2000))
    const account = (await service.items()).find(({ pk, sk }) => pk === `giro#${orderId}` && sk === 'account')
    assert.equal(account.takenMinor, 5000)
    assert.equal(account.returnedMinor, 2000)
  })

  test('hears of what was pending, by its signature and its words', async () => {
    const orderId = await authorize('giro_slow')
    const items = await service.items()
    const account = items.find(({ pk, sk }) => pk === `giro#${orderId}` && sk === 'account')
    await service.put({ ...account, state: 'set-aside' })
    const notice = { notice: 'n-1', about: 'authorization', orderId }
    assert.equal((await report(notice, 'guessed')).status, 401)
    assert.equal(await statusOf(orderId), 'pending')
    assert.equal((await report(notice)).status, 204)
    assert.equal(await statusOf(orderId), 'authorized')
    assert.equal((await report({ ...notice, about: 'returned-refund' })).status, 204)
    assert.equal((await report({ ...notice, about: 'newsletter' })).status, 204)
    assert.equal((await report({ about: 'rumour' })).status, 400)
  })
})
