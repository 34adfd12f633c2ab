/** What customers wish for, and the link by which others see it: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { productWithStock } from '../support/purchase.ts'
import { customer, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

describe('a wishlist', () => {
  test('is filled, shown with the prices of now, shared by a link, and ended', async () => {
    const [mug, pot] = [await productWithStock(shop, staff, 1, 700), await productWithStock(shop, staff, 0, 900)]
    const { token } = await customer(shop)
    const skus = ({ body }: { body: { data: { sku: string }[] } }) => body.data.map(({ sku }) => sku)

    for (const { sku } of [mug, pot, mug])
      assert.equal((await shop.request('PUT /me/wishlist/{sku}', { token, params: { sku } })).status, 200)
    assert.equal((await shop.request('PUT /me/wishlist/{sku}', { token, params: { sku: 'NEVER-MADE' } })).status, 404)
    const mine = await shop.request('GET /me/wishlist', { token })
    assert.deepEqual(skus(mine), [pot.sku, mug.sku])
    assert.deepEqual(mine.body.data[1]?.offer, {
      productId: mug.id,
      title: `Test ${mug.sku}`,
      options: {},
      price: { amount: 700, currency: 'EUR' },
    })

    const { body: link } = await shop.request('POST /me/wishlist/share', { token })
    assert.deepEqual((await shop.request('POST /me/wishlist/share', { token })).body, link)
    const price = { amount: 650, currency: 'EUR' }
    await shop.request('PATCH /variants/{sku}', { token: staff, params: { sku: mug.sku }, body: { price } })
    await shop.request('DELETE /products/{productId}', { token: staff, params: { productId: pot.id } })
    const shared = await shop.request('GET /wishlists/{shareId}', { params: { shareId: link.shareId } })
    assert.equal(shared.headers.get('cache-control'), 'no-store')
    assert.deepEqual(
      shared.body.data.map(({ sku, offer }) => [sku, offer?.price]),
      [
        [pot.sku, undefined],
        [mug.sku, price],
      ],
    )

    assert.equal((await shop.request('DELETE /me/wishlist/{sku}', { token, params: { sku: pot.sku } })).status, 204)
    assert.deepEqual(skus(await shop.request('GET /wishlists/{shareId}', { params: { shareId: link.shareId } })), [
      mug.sku,
    ])
    assert.equal((await shop.request('DELETE /me/wishlist/share', { token })).status, 204)
    assert.equal((await shop.request('GET /wishlists/{shareId}', { params: { shareId: link.shareId } })).status, 404)
    assert.deepEqual(skus(await shop.request('GET /me/wishlist', { token })), [mug.sku])
  })
})
