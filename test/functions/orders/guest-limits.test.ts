import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { orders } from '../../../functions/orders/contract.ts'
import { networkOf } from '../../../shared/domain/network.ts'
import { customer, guest, someId, startService, type TestCaller } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const productId = someId('prd')

const service = await startService(
  orders,
  {
    procedures: {
      'carts-checkout-snapshot': (input) => {
        const { cartId } = input as { cartId: string }
        return { cart: { id: cartId, version: 1, lines: [{ sku: 'A', quantity: 40 }] } }
      },
      'catalog-quote': () => ({
        variants: [{ sku: 'A', productId, title: 'A', options: {}, unitPrice: eur(100), weightGrams: 1 }],
      }),
      'shipping-quote': () => ({ method: { id: 'standard', title: 'Standard', price: eur(0) } }),
    },
  },
  { SHOP_GUEST_UNITS_PER_NETWORK: '100' },
)
after(() => service.stop())

const place = (caller: TestCaller, sourceIp: string, more: object = {}) =>
  service.request('placeOrder', {
    caller,
    sourceIp,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      cartId: someId('crt'),
      email: 'ada@example.com',
      shippingAddress: { name: 'A', line1: 'B', city: 'Berlin', postalCode: '10115', country: 'DE' },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_action_required' },
      ...more,
    },
  })

describe('place-order: what the guests of one network may order in a quarter of an hour', () => {
  test('is not used up by orders that are refused for another reason', async () => {
    const from = '198.51.100.9'
    for (const guestOfMany of [guest(), guest(), guest()]) {
      const { status, problem } = await place(guestOfMany, from, { expectedTotal: eur(1) })
      assert.deepEqual({ status, code: problem.code }, { status: 409, code: 'TOTAL_CHANGED' })
    }
    for (const buyer of [guest(), guest()]) assert.equal((await place(buyer, from)).status, 202)
  })

  test('however many guests they are, and also all at once; others and customers order on', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => place(guest(), '198.51.100.7')))
    const refused = answers.filter(({ status }) => status === 429)
    assert.deepEqual(
      { answers: answers.filter(({ status }) => status === 202).length, refused: refused.length },
      { answers: 2, refused: 4 },
    )
    const [one] = refused
    assert.equal(one?.problem.code, 'TOO_MANY_REQUESTS')
    const seconds = Number(one?.headers['retry-after'])
    assert.ok(seconds > 0 && seconds <= 900, `${seconds} s`)
    assert.equal((await place(guest(), '198.51.100.8')).status, 202)
    assert.equal((await place(customer(), '198.51.100.7')).status, 202)
    const kept = JSON.stringify((await service.items()).filter(({ sk }) => sk === 'guest-units'))
    assert.ok(!kept.includes('198.51.100'), 'no address is kept')
  })

  test('a whole /64 of IPv6 is one network', async () => {
    const addresses = ['2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:1', '2001:db8:0:1:2:3:4:5']
    const statuses: number[] = []
    for (const address of addresses) statuses.push((await place(guest(), address)).status)
    assert.deepEqual(statuses, [202, 202, 429])
    assert.equal((await place(guest(), '2001:db8:0:2::1')).status, 202)
  })
})

describe('networkOf', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['2001:0db8:0000:0001::1', '2001:db8:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4'],
  ] as const)
    test(`${address} is of ${network}`, () => assert.equal(networkOf(address), network))
})
