/** What the shop refuses, and that refusing changes nothing: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { services } from '../../functions/services.ts'
import type { EndpointDeclaration } from '../../shared/contract/endpoint.ts'
import { address, cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import { customer, eventually, guestToken, openShop, type RawAnswer, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)
const owner = await customer(shop)
const stranger = await customer(shop)
const product = await productWithStock(shop, staff, 50)
const cartId = await cartWith(shop, owner.token, { [product.sku]: 1 })
const order = (await placeOrder(shop, owner.token, cartId)).body
/** A return of the owner's, of another order. */
const requestedReturn = async (): Promise<string> => {
  const { body } = await placeOrder(shop, owner.token, await cartWith(shop, owner.token, { [product.sku]: 1 }))
  const params = { orderId: body.id }
  await eventually(
    () =>
      shop.request('POST /orders/{orderId}/shipment/dispatch', {
        token: staff,
        params,
        body: { carrier: 'Parcels', trackingNumber: 'P-1' },
      }),
    ({ status }) => status === 200,
  )
  await eventually(
    () => shop.request('GET /orders/{orderId}', { token: owner.token, params }),
    (answer) => answer.body.status === 'shipped',
  )
  const { body: returned } = await shop.request('POST /orders/{orderId}/returns', {
    token: owner.token,
    params,
    body: { lines: [{ sku: product.sku, quantity: 1 }] },
  })
  await shop.request('POST /orders/{orderId}/shipment/deliver', { token: staff, params })
  return returned.id
}
const returnId = await requestedReturn()
/** A review of the owner's, which nobody else may see. */
const hiddenReview = async (): Promise<string> => {
  const { body } = await eventually(
    () =>
      shop.request('POST /products/{productId}/reviews', {
        token: owner.token,
        params: { productId: product.id },
        body: { rating: 1 },
      }),
    ({ status }) => status === 201,
  )
  await shop.request('POST /reviews/{reviewId}/hide', { token: staff, params: { reviewId: body.id } })
  return body.id
}
const reviewId = await hiddenReview()
const filledCart = await cartWith(shop, owner.token, { [product.sku]: 2 })

const isProblem = (answer: Pick<RawAnswer, 'status' | 'headers' | 'problem'>, status: number, code: string) => {
  const { problem } = answer
  assert.equal(answer.status, status, JSON.stringify(problem))
  assert.match(answer.headers.get('content-type') ?? '', /application\/problem\+json/)
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  for (const field of ['type', 'title', 'detail', 'instance', 'trace_id'] as const)
    assert.equal(typeof problem[field], 'string', field)
  assert.ok(!JSON.stringify(problem).includes('at '.concat('file:')), 'mistake 13: a stack trace in an answer')
}

describe('bodies', () => {
  const line = `/carts/${filledCart}/items/${product.sku}`
  const put = (body: unknown, headers = {}) => shop.raw('PUT', line, { token: owner.token, body, headers })

  test('malformed JSON', async () => isProblem(await put('{"quantity": 1'), 400, 'MALFORMED_JSON'))
  test('no JSON', async () =>
    isProblem(await put('quantity=1', { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'))
  test('more than 256 KB', async () =>
    isProblem(await put({ quantity: 1, note: 'x'.repeat(300_000) }), 413, 'BODY_TOO_LARGE'))
  test('a string of 2 MB', async () => isProblem(await put({ quantity: 'x'.repeat(2_000_000) }), 413, 'BODY_TOO_LARGE'))
  test('wrong types', async () => isProblem(await put({ quantity: 'two' }), 400, 'INVALID_INPUT'))
  test('an array', async () => isProblem(await put([1]), 400, 'INVALID_INPUT'))
  test('unknown fields', async () => {
    const answer = await put({ quantity: 1, price: 1 })
    isProblem(answer, 400, 'INVALID_INPUT')
    assert.deepEqual(answer.problem.errors?.[0]?.pointer, '/price')
  })
  test('__proto__', async () => isProblem(await put('{"quantity":1,"__proto__":{"staff":true}}'), 400, 'INVALID_INPUT'))
  test('nested too deep', async () => {
    const deep = `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`
    isProblem(await put(deep), 400, 'INVALID_INPUT')
  })
  for (const quantity of [0, -1, 1.5, 1e9])
    test(`mistake 13: a quantity of ${quantity}`, async () => isProblem(await put({ quantity }), 400, 'INVALID_INPUT'))

  test('none of it changed the cart', async () => {
    const { body } = await shop.request('GET /carts/{cartId}', { token: owner.token, params: { cartId: filledCart } })
    assert.deepEqual(
      body.lines.map(({ quantity }) => quantity),
      [2],
    )
  })
})

describe('things that are not there', () => {
  test('an unknown path', async () => isProblem(await shop.raw('GET', '/nowhere'), 404, 'NOT_FOUND'))
  test('a method that a path does not have', async () => {
    for (const [method, path, allow] of [
      ['POST', '/categories', 'GET, HEAD'],
      ['DELETE', '/', 'GET, HEAD'],
    ] as const) {
      const answer = await shop.raw(method, path, { body: {} })
      isProblem(answer, 405, 'METHOD_NOT_ALLOWED')
      assert.equal(answer.headers.get('allow'), allow)
    }
  })
  test('an unknown SKU', async () => {
    isProblem(await shop.request('GET /stock/{sku}', { params: { sku: 'NO-SUCH' } }), 404, 'NOT_FOUND')
    isProblem(
      await shop.request('PUT /carts/{cartId}/items/{sku}', {
        token: owner.token,
        params: { cartId: filledCart, sku: 'NO-SUCH' },
        body: { quantity: 1 },
      }),
      404,
      'NOT_FOUND',
    )
    isProblem(
      await shop.request('POST /stock/{sku}/receipts', {
        token: staff,
        params: { sku: 'NO-SUCH' },
        body: { quantity: 1 },
      }),
      404,
      'NOT_FOUND',
    )
  })
  test('a shipping method that does not exist', async () => {
    const answer = await shop.request('POST /orders', {
      token: owner.token,
      body: {
        cartId: filledCart,
        shippingAddress: address,
        shippingMethod: 'by-owl',
        payment: { method: 'sandbox_ok' },
      },
    })
    isProblem(answer, 409, 'SHIPPING_UNAVAILABLE')
  })
})

describe('money and keys', () => {
  test("a currency that is not the shop's", async () => {
    const answer = await shop.request('POST /products', {
      token: staff,
      body: {
        title: 'Foreign',
        category: 'tests',
        variants: [{ sku: randomUUID(), price: { amount: 1, currency: 'USD' } }],
      },
    })
    isProblem(answer, 400, 'INVALID_INPUT')
    assert.equal(answer.problem.errors?.[0]?.pointer, '/variants/0/price/currency')
  })

  test('an order without an idempotency key, or with a bad one', async () => {
    const body = {
      cartId: filledCart,
      shippingAddress: address,
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    }
    isProblem(await shop.raw('POST', '/orders', { token: owner.token, body }), 400, 'IDEMPOTENCY_KEY_MISSING')
    const bad = { 'idempotency-key': 'k'.repeat(256) }
    isProblem(
      await shop.raw('POST', '/orders', { token: owner.token, body, headers: bad }),
      400,
      'IDEMPOTENCY_KEY_INVALID',
    )
  })

  test('mistake 6: a total or a price from the client', async () => {
    const answer = await shop.raw('POST', '/orders', {
      token: owner.token,
      headers: { 'idempotency-key': randomUUID() },
      body: {
        cartId: filledCart,
        total: 1,
        shippingAddress: address,
        shippingMethod: 'standard',
        payment: { method: 'sandbox_ok' },
      },
    })
    isProblem(answer, 400, 'INVALID_INPUT')
  })

  test('a cursor from elsewhere, or no cursor at all', async () => {
    await productWithStock(shop, staff, 0)
    const { body } = await shop.request('GET /products', { query: { limit: '1' } })
    const cursor = body.next_cursor ?? ''
    assert.notEqual(cursor, '')
    isProblem(await shop.request('GET /products', { query: { category: 'tests', cursor } }), 400, 'INVALID_CURSOR')
    isProblem(await shop.request('GET /orders', { token: owner.token, query: { cursor } }), 400, 'INVALID_CURSOR')
    isProblem(await shop.request('GET /products', { query: { cursor: 'nonsense' } }), 400, 'INVALID_CURSOR')
    const forged = Buffer.from(
      JSON.stringify({
        ...JSON.parse(Buffer.from(cursor, 'base64url').toString()),
        k: { pk: 'a', sk: 'b', gsi3pk: 'products', gsi3sk: 7 },
      }),
    ).toString('base64url')
    isProblem(await shop.request('GET /products', { query: { cursor: forged } }), 400, 'INVALID_CURSOR')
  })

  test('limits out of range, and unknown filters', async () => {
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'colour=red'])
      isProblem(await shop.raw('GET', `/products?${query}`), 400, 'INVALID_INPUT')
  })
})

describe('who may', () => {
  /** A path with ids of the owner's own objects. */
  const pathOf = (path: string) =>
    path
      .replace('{cartId}', filledCart)
      .replace('{orderId}', order.id)
      .replace('{returnId}', returnId)
      .replace('{reviewId}', reviewId)
      .replace('{sku}', product.sku)
      .replace('{productId}', product.id)
      .replace('{userId}', owner.id)
  const routes = services
    .flatMap(({ endpoints }) => Object.values<EndpointDeclaration>(endpoints))
    .filter(({ method }) => method !== 'ANY')

  for (const { method, path, caller } of routes.filter((route) => route.caller !== 'anyone')) {
    test(`${method} ${path}: not without a token, nor with a broken one`, async () => {
      for (const token of [undefined, 'x', `${owner.token.slice(0, -3)}AAA`]) {
        const answer = await shop.raw(method, pathOf(path), { token })
        assert.equal(answer.status, 401, `${method} ${path}`)
      }
    })
    if (caller === 'customer')
      test(`${method} ${path}: not for guests`, async () => {
        const answer = await shop.raw(method, pathOf(path), { token: await guestToken(shop) })
        isProblem(answer, 403, 'ACCOUNT_NEEDED')
      })
    if (caller === 'staff')
      test(`${method} ${path}: staff only`, async () => {
        for (const token of [owner.token, await guestToken(shop)]) {
          const answer = await shop.raw(method, pathOf(path), { token, ...(method === 'GET' ? {} : { body: {} }) })
          assert.equal(answer.status, 403, `${method} ${path}`)
        }
      })
  }

  const bodies: Record<string, unknown> = {
    'PUT /carts/{cartId}/items/{sku}': { quantity: 9 },
    'PUT /carts/{cartId}/items': { items: [{ sku: product.sku, quantity: 9 }] },
    'POST /carts/{cartId}/merge': { from: filledCart },
    'POST /orders/{orderId}/payment/confirm': { outcome: 'success' },
    'PATCH /reviews/{reviewId}': { rating: 5 },
    'POST /reviews/{reviewId}/report': { reason: 'spam' },
    'POST /orders/{orderId}/returns': { lines: [{ sku: product.sku, quantity: 1 }] },
  }
  const queries: Record<string, string> = { 'GET /carts/{cartId}/shipping-methods': '?country=DE' }
  // Products are everybody's; and who follows a user, whoever has a token may see.
  const owned = routes.filter(({ caller, path }) => caller === 'shopper' && /\{(?!productId|userId)/.test(path))
  for (const { method, path } of owned)
    test(`${method} ${path}: another's object is not there`, async () => {
      const route = `${method} ${path}`
      for (const token of [stranger.token, await guestToken(shop)]) {
        const answer = await shop.raw(method, pathOf(path) + (queries[route] ?? ''), {
          token,
          headers: { 'idempotency-key': randomUUID() },
          ...(bodies[route] ? { body: bodies[route] } : {}),
        })
        isProblem(answer, 404, 'NOT_FOUND')
      }
    })

  test("another's cart cannot be ordered", async () => {
    const answer = await placeOrder(shop, stranger.token, filledCart)
    isProblem(answer, 404, 'NOT_FOUND')
  })

  test("a list shows one's own only", async () => {
    assert.deepEqual((await shop.request('GET /orders', { token: stranger.token })).body.data, [])
    isProblem(await shop.request('GET /orders', { token: stranger.token, query: { scope: 'all' } }), 403, 'FORBIDDEN')
  })

  test('the owner’s objects are as they were', async () => {
    const cart = await shop.request('GET /carts/{cartId}', { token: owner.token, params: { cartId: filledCart } })
    assert.deepEqual(
      cart.body.lines.map(({ quantity }) => quantity),
      [2],
    )
    assert.equal(
      (await shop.request('GET /orders/{orderId}', { token: owner.token, params: { orderId: order.id } })).body.status,
      'confirmed',
    )
  })
})

describe('what is told to whom', () => {
  test('personal answers are kept by nobody', async () => {
    for (const path of [`/orders/${order.id}`, `/carts/${filledCart}`, '/orders'])
      assert.equal((await shop.raw('GET', path, { token: owner.token })).headers.get('cache-control'), 'no-store')
  })

  test('shoppers see what can be bought, staff what is on hand', async () => {
    const stockFor = async (token?: string) =>
      (await shop.request('GET /stock/{sku}', { token, params: { sku: product.sku } })).body
    assert.deepEqual(Object.keys(await stockFor()), ['sku', 'available'])
    assert.deepEqual(Object.keys(await stockFor(owner.token)), ['sku', 'available'])
    assert.ok('onHand' in (await stockFor(staff)))
  })
})

describe('what HTTP asks of every server', () => {
  test('HEAD is answered as GET is, without a body (RFC 9110 9.3.2)', async () => {
    for (const path of [
      '/products',
      `/products/${product.id}`,
      '/orders',
      `/orders/${order.id}`,
      '/docs',
      '/openapi.json',
      '/me',
    ]) {
      const token = owner.token
      const [get, head] = [await shop.raw('GET', path, { token }), await shop.raw('HEAD', path, { token })]
      assert.deepEqual({ status: head.status, body: head.body }, { status: get.status, body: '' }, path)
      for (const name of ['content-type', 'etag', 'cache-control'])
        assert.equal(head.headers.get(name), get.headers.get(name), `${path}: ${name}`)
    }
    assert.equal((await shop.raw('HEAD', '/orders')).status, 401)
    assert.equal((await shop.raw('HEAD', '/nowhere')).status, 404)
  })

  test('a slash at the end leads to the path without it', async () => {
    const answer = await shop.raw('GET', '/products/?limit=1')
    assert.deepEqual({ status: answer.status, data: JSON.parse(answer.body).data.length }, { status: 200, data: 1 })
  })

  test('pages and documents are compressed, and not sent twice', async () => {
    for (const path of ['/', '/docs', '/docs/guarantees', '/docs/style.css', '/openapi.json', '/events.json']) {
      const response = await fetch(shop.url + path, { headers: { 'accept-encoding': 'br' } })
      const etag = response.headers.get('etag') ?? ''
      assert.equal(response.headers.get('content-encoding'), 'br', path)
      assert.ok((await response.text()).length > 100)
      const again = await fetch(shop.url + path, { headers: { 'accept-encoding': 'br', 'if-none-match': etag } })
      assert.deepEqual({ status: again.status, text: await again.text() }, { status: 304, text: '' }, path)
    }
  })
})
