/** What buyers say of products: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { Json } from '../support/service.ts'
import {
  cartWith,
  customer,
  eventually,
  guestToken,
  openShop,
  placeOrder,
  productWithStock,
  staffToken,
} from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const read = (path: string, token?: string) => shop.request('GET', path, { token })
const write = (productId: string, token: string, body: object, key = randomUUID()) =>
  shop.request('POST', `/products/${productId}/reviews`, { token, headers: { 'idempotency-key': key }, body })

/** An order of this product on the doorstep of someone. */
const deliver = async (sku: string, token: string): Promise<void> => {
  const { body: order } = await placeOrder(shop, token, await cartWith(shop, token, { [sku]: 1 }))
  assert.equal(order.status, 'confirmed')
  const path = `/orders/${order.id}/shipment`
  await eventually(
    () => read(path, staff),
    ({ status }) => status === 200,
  )
  await shop.request('POST', `${path}/dispatch`, { token: staff, body: { carrier: 'Parcels', trackingNumber: 'P-1' } })
  await shop.request('POST', `${path}/deliver`, { token: staff })
}

/** What the product page shows once it shows this. */
const shown = (productId: string, rating: Json) =>
  eventually(
    () => read(`/products/${productId}`),
    ({ body }) => JSON.stringify(body.rating) === JSON.stringify(rating),
  )

describe('reviews', () => {
  test('buyers review what has arrived; the product page shows what they think, and staff what is hidden', async () => {
    const { sku, id } = await productWithStock(shop, staff, 5)
    const [ada, ben] = [await customer(shop), await customer(shop)]
    const early = await write(id, ada.token, { rating: 5 })
    assert.deepEqual([early.status, early.body.code], [403, 'NOT_A_BUYER'])
    await Promise.all([deliver(sku, ada.token), deliver(sku, ben.token)])

    const first = await eventually(
      () => write(id, ada.token, { rating: 5, title: 'Holds water', text: 'And <em>how</em>.' }),
      ({ status }) => status !== 403,
    )
    assert.equal(first.status, 201)
    assert.equal(first.headers.get('location'), `/reviews/${first.body.id}`)
    assert.deepEqual((await read(`/reviews/${first.body.id}`, ada.token)).body, first.body)
    assert.equal((await write(id, ada.token, { rating: 1 })).body.code, 'ALREADY_REVIEWED')
    const second = await eventually(
      () => write(id, ben.token, { rating: 2 }),
      ({ status }) => status !== 403,
    )
    assert.equal(second.status, 201)
    await shown(id, { average: 3.5, count: 2 })

    const listed = await eventually(
      () => read(`/products/${id}/reviews`),
      ({ body }) => body.data.length === 2,
    )
    assert.deepEqual(
      listed.body.data.map((one: Json) => [one.id, one.author.userId, one.text]),
      [
        [second.body.id, ben.id, undefined],
        [first.body.id, ada.id, 'And <em>how</em>.'],
      ],
    )
    assert.deepEqual(listed.body.rating, { count: 2, average: 3.5, stars: { 1: 0, 2: 1, 3: 0, 4: 0, 5: 1 } })

    const etag = second.headers.get('etag') ?? ''
    const path = `/reviews/${second.body.id}`
    const change = {
      token: ben.token,
      headers: { 'if-match': etag },
      body: { rating: 4, title: 'Better than I thought' },
    }
    assert.equal((await shop.request('PATCH', path, { ...change, token: ada.token })).status, 404)
    const changed = await shop.request('PATCH', path, change)
    assert.deepEqual([changed.status, changed.body.rating, changed.body.version], [200, 4, 2])
    assert.equal((await shop.request('PATCH', path, change)).status, 412)
    await shown(id, { average: 4.5, count: 2 })

    const guest = await guestToken(shop)
    const reported = await shop.request('POST', `${path}/report`, { token: guest, body: { reason: 'untrue' } })
    assert.equal(reported.status, 204)
    const waits = ({ body }: Json) => body.data.find(({ review }: Json) => review.id === second.body.id)
    const waiting = await eventually(() => read('/review-reports?limit=100', staff), waits)
    assert.deepEqual(waits(waiting).reports.reasons, { untrue: 1 })
    assert.equal((await shop.request('POST', `${path}/hide`, { token: ben.token })).status, 403)
    assert.equal((await shop.request('POST', `${path}/hide`, { token: staff })).status, 200)
    await shown(id, { average: 5, count: 1 })
    assert.equal((await read(path, ada.token)).status, 404)
    assert.equal((await read(path, ben.token)).body.hidden, true)
    await eventually(
      () => read(`/products/${id}/reviews`),
      ({ body }) => body.data.length === 1 && body.rating.count === 1,
    )
    await shop.request('POST', `${path}/unhide`, { token: staff })
    await shown(id, { average: 4.5, count: 2 })

    assert.equal((await shop.request('DELETE', `/reviews/${first.body.id}`, { token: ada.token })).status, 204)
    await shown(id, { average: 4, count: 1 })
    assert.deepEqual((await read('/me/reviews', ada.token)).body, { data: [], next_cursor: null })
    assert.equal((await write(id, ada.token, { rating: 3 })).status, 201)
    await shown(id, { average: 3.5, count: 2 })
  })
})
