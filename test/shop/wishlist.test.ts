/** What customers wish for, and the link by which others see it: through HTTP only. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Json } from '../support/service.ts'
import { customer, openShop, productWithStock, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

describe('a wishlist', () => {
  test('is filled, shown with the prices of now, shared by a link, and ended', async () => {
    const [mug, pot] = [await productWithStock(shop, staff, 1, 700), await productWithStock(shop, staff, 0, 900)]
    const { token } = await customer(shop)
    const ask = (method: string, path: string) => shop.request(method, path, { token })
    const skus = ({ body }: Json) => body.data.map(({ sku }: Json) => sku)

    for (const { sku } of [mug, pot, mug]) assert.equal((await ask('PUT', `/me/wishlist/${sku}`)).status, 200)
    assert.equal((await ask('PUT', '/me/wishlist/NEVER-MADE')).status, 404)
    const mine = await ask('GET', '/me/wishlist')
    assert.deepEqual(skus(mine), [pot.sku, mug.sku])
    assert.deepEqual(mine.body.data[1].offer, {
      productId: mug.id,
      title: `Test ${mug.sku}`,
      options: {},
      price: { amount: 700, currency: 'EUR' },
    })

    const { body: link } = await ask('POST', '/me/wishlist/share')
    const path = `/wishlists/${link.shareId}`
    assert.deepEqual((await ask('POST', '/me/wishlist/share')).body, link)
    const price = { amount: 650, currency: 'EUR' }
    await shop.request('PATCH', `/variants/${mug.sku}`, { token: staff, body: { price } })
    await shop.request('DELETE', `/products/${pot.id}`, { token: staff })
    const shared = await shop.request('GET', path)
    assert.equal(shared.headers.get('cache-control'), 'no-store')
    assert.deepEqual(
      shared.body.data.map(({ sku, offer }: Json) => [sku, offer?.price]),
      [
        [pot.sku, undefined],
        [mug.sku, price],
      ],
    )

    assert.equal((await ask('DELETE', `/me/wishlist/${pot.sku}`)).status, 204)
    assert.deepEqual(skus(await shop.request('GET', path)), [mug.sku])
    assert.equal((await ask('DELETE', '/me/wishlist/share')).status, 204)
    assert.equal((await shop.request('GET', path)).status, 404)
    assert.deepEqual(skus(await ask('GET', '/me/wishlist')), [mug.sku])
  })
})
