/** A purchase written with the typed client: what it sends is understood, and what it is told has the promised shape. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openShop as openClient, tokensInMemory } from '../../functions/client.ts'
import { buy } from '../shared/client/purchase.ts'
import { address, productWithStock } from '../support/purchase.ts'
import { eventually, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())

describe('the typed client', () => {
  test('buys as its page shows', async () => {
    const { slug } = await productWithStock(shop, await staffToken(shop), 3)
    assert.match(await buy(shop.url, slug), /^\d{6}-/)
  })

  test('buys as a guest: token, product, cart, order, and finds it in the list', async () => {
    const { sku, id: productId } = await productWithStock(shop, await staffToken(shop), 3)
    const tokens = tokensInMemory()
    const client = openClient({ url: shop.url, tokens })
    tokens.write((await client.expect('POST /auth/guest')).tokens)

    const { variants } = await client.expect('GET /products/{idOrSlug}', { params: { idOrSlug: productId } })
    assert.equal(variants[0]?.sku, sku)
    const { id: cartId } = await client.expect('POST /carts')
    const setLine = () =>
      client.request('PUT /carts/{cartId}/items/{sku}', { params: { cartId, sku }, body: { quantity: 2 } })
    const cart = await setLine()
    assert.ok(cart.ok)
    assert.equal(cart.body.subtotal.amount, 2000)

    const order = await client.expect('POST /orders', {
      waitSeconds: 15,
      body: {
        cartId,
        email: 'ada@example.com',
        shippingMethod: 'standard',
        shippingAddress: address,
        payment: { method: 'sandbox_ok' },
      },
    })
    assert.match(order.id, /^ord_/)
    const read = () => client.request('GET /orders/{orderId}', { params: { orderId: order.id } })
    await eventually(read, (answer) => answer.ok && answer.body.status === 'confirmed')

    const listed: string[] = []
    for await (const { id } of client.items('GET /orders')) listed.push(id)
    assert.deepEqual(listed, [order.id])

    const missing = await client.request('GET /orders/{orderId}', {
      params: { orderId: 'ord_01K00000000000000000000001' },
    })
    assert.ok(!missing.ok)
    assert.equal(missing.problem.code, 'NOT_FOUND')
  })
})
