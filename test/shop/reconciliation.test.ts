/** The report on orders that do not add up: what the whole shop says of itself. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import { nothingLeft, reconcile } from '../support/reconcile.ts'
import { eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

describe('after orders that went through and orders that did not', () => {
  test('everything adds up, and the command says so', async () => {
    const { sku } = await productWithStock(shop, staff, 4, 2500)
    const token = await guestToken(shop)
    const orderBy = async (method: string, quantity = 1) => {
      const cartId = await cartWith(shop, token, { [sku]: quantity })
      return (await placeOrder(shop, token, cartId, { method })).body
    }
    const [sent, cancelled] = [await orderBy('sandbox_ok'), await orderBy('sandbox_ok')]
    assert.equal((await orderBy('sandbox_declined')).reason, 'declined')
    assert.equal((await orderBy('sandbox_ok', 9)).reason, 'out-of-stock')
    for (const { id } of [sent, cancelled])
      await eventually(
        () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: id } }),
        (answer) => answer.status === 200,
      )
    const dispatched = await shop.request('POST /orders/{orderId}/shipment/dispatch', {
      token: staff,
      params: { orderId: sent.id },
      body: { carrier: 'Parcels', trackingNumber: 'P-1' },
    })
    assert.equal(dispatched.status, 200)
    await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: sent.id } }),
      ({ body }) => body.status === 'captured',
    )
    assert.equal(
      (await shop.request('POST /orders/{orderId}/cancel', { token, params: { orderId: cancelled.id } })).body.status,
      'cancelled',
    )
    await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: cancelled.id } }),
      ({ body }) => body.status === 'voided',
    )
    await nothingLeft(shop, staff)
    const { status, output, errors } = await reconcile(['--url', shop.url, '--minutes', '0'], { SHOP_TOKEN: staff })
    assert.deepEqual({ status, errors }, { status: 0, errors: '' })
    assert.match(output, /orders, payments and stock agree/)
  })

  test('only staff may read it', async () => {
    assert.equal((await shop.request('GET /reports/reconciliation')).status, 401)
    const token = await guestToken(shop)
    assert.equal((await shop.request('GET /reports/reconciliation', { token })).status, 403)
  })
})
