/** What becomes of an order while a service that it needs an answer of gives none: nothing is taken for granted. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endpoints } from '../../../functions/orders/contract.ts'
import { type Order, place, transition } from '../../../functions/orders/domain.ts'
import { handler } from '../../../functions/orders/endpoints/cancel-order.ts'
import { orderFromCart } from '../../../functions/orders/placing/order-from-cart.ts'
import { UnavailableError } from '../../../shared/runtime/errors.ts'
import { invoke } from '../../support/instance.ts'
import { httpEvent } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const orderId = 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const customerId = 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const cartId = 'crt_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const atMs = Date.UTC(2026, 0, 3)
const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Bonn', postalCode: '53111', country: 'DE' }
const variant = {
  sku: 'MUG',
  productId: 'prd_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  title: 'Mug',
  options: {},
  unitPrice: eur(1_250),
  weightGrams: 400,
}
const standard = { id: 'standard', title: 'Standard', price: eur(490) }

const silence = async (): Promise<never> => {
  throw new UnavailableError('it did not answer')
}

describe('an order of which something cannot be asked', () => {
  const shop = { currency: 'EUR', pricesIncludeTax: false }
  const asked = {
    quote: async () => ({ variants: [variant] }),
    quoteShipping: async () => ({ method: standard }),
    reprice: async () => ({}),
    shop,
  }
  const cart = { id: cartId, version: 1, lines: [{ sku: 'MUG', quantity: 2 }] }
  const whose = { orderId, requestHash: 'hash', customerId }
  const body = {
    cartId,
    email: 'ada@example.com',
    shippingAddress,
    shippingMethod: 'standard',
    payment: { method: 'sandbox_ok' as const },
  }

  test('costs lines, carriage and the tax on both where all answer', async () => {
    const order = await orderFromCart(asked, cart, whose, body)
    assert.ok('total' in order)
    // 25.00 and 4.90, with 19 % of each: 4.75 and 0.93.
    assert.deepEqual(order.total, eur(2_500 + 490 + 475 + 93))
  })

  for (const [name, silent] of [
    ['prices', { quote: silence }],
    ['carriage', { quoteShipping: silence }],
  ] as const)
    test(`is not made without its ${name}`, async () => {
      await assert.rejects(orderFromCart({ ...asked, ...silent }, cart, whose, body), UnavailableError)
    })
})

describe('a confirmed order whose shipment cannot be asked', () => {
  const confirmed = (): Order => {
    const placed = place({
      id: orderId,
      requestHash: 'hash',
      customerId,
      atMs,
      currency: 'EUR',
      pricesIncludeTax: false,
      cart: { id: cartId, version: 1, lines: [{ sku: 'MUG', quantity: 1 }] },
      variants: [variant],
      shippingMethod: standard,
      shippingAddress,
      paymentMethod: 'sandbox_ok',
    })
    assert.ok(placed.ok)
    const reserved = transition(placed.value, { type: 'stock.reserved' }, atMs)
    const paid = reserved && transition(reserved, { type: 'payment.authorized' }, atMs)
    assert.equal(paid?.status, 'confirmed')
    return paid
  }

  test('is not cancelled: the goods may have left', async () => {
    let order = confirmed()
    const cancel = handler.coldStart({
      orders: () => ({
        get: async () => order,
        replace: async (next) => {
          order = next
          return next
        },
      }),
      stop: () => silence,
    })
    const event = httpEvent(endpoints.cancelOrder, {
      params: { orderId },
      caller: { sub: customerId, scope: 'shop' },
    })
    assert.equal((await invoke(cancel, event)).statusCode, 503)
    assert.equal(order.status, 'confirmed')
  })
})
