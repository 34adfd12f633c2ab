/** What buyers say of products: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const write = (
  productId: string,
  token: string,
  body: { rating: number; title?: string; text?: string },
  key = randomUUID(),
) => shop.request('POST /products/{productId}/reviews', { token, params: { productId }, key, body })

/** An order of this product on the doorstep of someone. */
const deliver = async (sku: string, token: string): Promise<void> => {
  const { body: order } = await placeOrder(shop, token, await cartWith(shop, token, { [sku]: 1 }))
  assert.equal(order.status, 'confirmed')
  await eventually(
    () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: order.id } }),
    ({ status }) => status === 200,
  )
  await shop.request('POST /orders/{orderId}/shipment/dispatch', {
    token: staff,
    params: { orderId: order.id },
    body: { carrier: 'Parcels', trackingNumber: 'P-1' },
  })
  await shop.request('POST /orders/{orderId}/shipment/deliver', { token: staff, params: { orderId: order.id } })
}

/** What the product page shows once it shows this. */
const shown = (productId: string, rating: { average: number; count: number }) =>
  eventually(
    () => shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: productId } }),
    ({ body }) => JSON.stringify(body.rating) === JSON.stringify(rating),
  )

describe('reviews', () => {
  test('buyers review what has arrived; the product page shows what they think, and staff what is hidden', async () => {
    const { sku, id } = await productWithStock(shop, staff, 5)
    const [ada, ben] = [await customer(shop), await customer(shop)]
    const early = await write(id, ada.token, { rating: 5 })
    assert.deepEqual({ status: early.status, code: early.problem.code }, { status: 403, code: 'NOT_A_BUYER' })
    await Promise.all([deliver(sku, ada.token), deliver(sku, ben.token)])

    const first = await eventually(
      () => write(id, ada.token, { rating: 5, title: 'Holds water', text: 'And <em>how</em>.' }),
      ({ status }) => status !== 403,
    )
    assert.equal(first.status, 201)
    assert.equal(first.headers.get('location'), `/reviews/${first.body.id}`)
    assert.deepEqual(
      (await shop.request('GET /reviews/{reviewId}', { token: ada.token, params: { reviewId: first.body.id } })).body,
      first.body,
    )
    assert.equal((await write(id, ada.token, { rating: 1 })).problem.code, 'ALREADY_REVIEWED')
    const second = await eventually(
      () => write(id, ben.token, { rating: 2 }),
      ({ status }) => status !== 403,
    )
    assert.equal(second.status, 201)
    await shown(id, { average: 3.5, count: 2 })

    const listed = await eventually(
      () => shop.request('GET /products/{productId}/reviews', { params: { productId: id } }),
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
    const change = {
      token: ben.token,
      params: { reviewId: second.body.id },
      ifMatch: etag,
      body: { rating: 4, title: 'Better than I thought' },
    }
    assert.equal((await shop.request('PATCH /reviews/{reviewId}', { ...change, token: ada.token })).status, 404)
    const changed = await shop.request('PATCH /reviews/{reviewId}', change)
    assert.deepEqual(
      { status: changed.status, rating: changed.body.rating, version: changed.body.version },
      { status: 200, rating: 4, version: 2 },
    )
    assert.equal((await shop.request('PATCH /reviews/{reviewId}', change)).status, 412)
    await shown(id, { average: 4.5, count: 2 })

    const guest = await guestToken(shop)
    const reported = await shop.request('POST /reviews/{reviewId}/report', {
      token: guest,
      params: { reviewId: second.body.id },
      body: { reason: 'untrue' },
    })
    assert.equal(reported.status, 204)
    const reports = () => shop.request('GET /review-reports', { token: staff, query: { limit: 100 } })
    const waiting = ({ body }: Awaited<ReturnType<typeof reports>>) =>
      body.data.find(({ review }) => review.id === second.body.id)
    const listing = await eventually(reports, (answer) => waiting(answer) !== undefined)
    assert.deepEqual(waiting(listing)?.reports.reasons, { untrue: 1 })
    assert.equal(
      (await shop.request('POST /reviews/{reviewId}/hide', { token: ben.token, params: { reviewId: second.body.id } }))
        .status,
      403,
    )
    assert.equal(
      (await shop.request('POST /reviews/{reviewId}/hide', { token: staff, params: { reviewId: second.body.id } }))
        .status,
      200,
    )
    await shown(id, { average: 5, count: 1 })
    assert.equal(
      (await shop.request('GET /reviews/{reviewId}', { token: ada.token, params: { reviewId: second.body.id } }))
        .status,
      404,
    )
    assert.equal(
      (await shop.request('GET /reviews/{reviewId}', { token: ben.token, params: { reviewId: second.body.id } })).body
        .hidden,
      true,
    )
    await eventually(
      () => shop.request('GET /products/{productId}/reviews', { params: { productId: id } }),
      ({ body }) => body.data.length === 1 && body.rating.count === 1,
    )
    await shop.request('POST /reviews/{reviewId}/unhide', { token: staff, params: { reviewId: second.body.id } })
    await shown(id, { average: 4.5, count: 2 })

    assert.equal(
      (await shop.request('DELETE /reviews/{reviewId}', { token: ada.token, params: { reviewId: first.body.id } }))
        .status,
      204,
    )
    await shown(id, { average: 4, count: 1 })
    assert.deepEqual((await shop.request('GET /me/reviews', { token: ada.token })).body, {
      data: [],
      next_cursor: null,
    })
    assert.equal((await write(id, ada.token, { rating: 3 })).status, 201)
    await shown(id, { average: 3.5, count: 2 })
  })
})
