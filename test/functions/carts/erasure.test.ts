import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { carts } from '../../../functions/carts/contract.ts'
import { deliverWish, itemsAbout, saidOf, wishOf } from '../../support/erasure.ts'
import { customer, type Json, startService, type TestCaller } from '../../support/service.ts'

const service = await startService(carts, {
  procedures: {
    'catalog-quote': () => ({
      variants: [
        {
          sku: 'KETTLE-1',
          productId: 'prd_00000000000000000000000000',
          title: 'Kettle',
          options: {},
          unitPrice: { amount: 4900, currency: 'EUR' },
          weightGrams: 500,
        },
      ],
    }),
  },
})
after(() => service.stop())

const cartOf = async (caller: TestCaller): Promise<Json> => {
  const { body } = await service.request('createCart', { caller })
  const params = { cartId: body.id, sku: 'KETTLE-1' }
  return (await service.request('setLine', { caller, params, body: { quantity: 2 } })).body
}

describe('erase-person', () => {
  test('deletes the carts of the person, and of nobody else; said once', async () => {
    const [caller, other] = [customer(), customer()]
    for (const _ of [1, 2]) await cartOf(caller)
    const foreign = await cartOf(other)
    const wish = wishOf(caller.sub, false)
    assert.deepEqual(await deliverWish(service, wish), [])
    assert.deepEqual(await itemsAbout(service, caller.sub), [])
    assert.equal((await saidOf(service, wish)).length, 1)
    assert.equal((await service.request('readCart', { caller: other, params: { cartId: foreign.id } })).status, 200)
  })

  test('no cart comes after it', async () => {
    const caller = customer()
    await deliverWish(service, wishOf(caller.sub))
    const refused = await service.request('createCart', { caller, headers: { 'idempotency-key': 'late' } })
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 403, code: 'FORBIDDEN' })
    assert.deepEqual(await itemsAbout(service, caller.sub), [])
  })

  test('a cart that was being made at that moment goes when the wish comes once more', async () => {
    const caller = customer()
    const cart = await cartOf(caller)
    const [item] = await itemsAbout(service, cart.id)
    const wish = wishOf(caller.sub)
    await deliverWish(service, wish)
    await service.put(item)
    assert.deepEqual(await deliverWish(service, wish), [])
    assert.deepEqual(await itemsAbout(service, caller.sub), [])
  })
})

describe('export-person', () => {
  test('gives the carts as they are shown, page by page', async () => {
    const caller = customer()
    const made = [await cartOf(caller), await cartOf(caller)].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const { records } = await service.call('exportPerson', { userId: caller.sub })
    assert.deepEqual(
      records,
      made.map((data) => ({ kind: 'cart', data })),
    )
    const rest = await service.call('exportPerson', { userId: caller.sub, after: `cart#${made[0].id}` })
    assert.deepEqual(rest, { records: records.slice(1) })
    assert.deepEqual(await service.call('exportPerson', { userId: customer().sub }), { records: [] })
  })
})
