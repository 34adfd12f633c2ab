/**
 * What the shop holds of a person, and how it goes: through HTTP only. Where the shop is on this machine, its tables are
 * searched besides for what no answer shows.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { BodyOf, ShopRoutes } from '../../functions/client.ts'
import { services } from '../../functions/services.ts'
import { cartWith, productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { awsEndpointUnder, customer, eventually, guestToken, openShop, staffToken } from '../support/shop.ts'
import { itemsOfTables } from '../support/tables.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const mark = `mark${randomUUID().slice(0, 8)}`
/** What one person tells the shop, and what staff write of them: each can be searched for. */
const marked = {
  email: `${mark}@example.com`,
  nickname: `${mark} nickname`,
  bio: `${mark} bio`,
  name: `${mark} Lovelace`,
  street: `${mark} Dock Road`,
  phone: `+49 30 ${mark}`,
  home: `${mark} home`,
  review: `${mark} review`,
  reason: `${mark} does not fit`,
  note: `${mark} rang`,
  refund: `${mark} complained`,
  parcel: `${mark}-1`,
}
const address = { name: marked.name, line1: marked.street, city: 'Berlin', postalCode: '10115', country: 'DE' }

const orderOf = async (
  token: string,
  sku: string,
  shippingAddress = address,
): Promise<BodyOf<ShopRoutes['POST /orders']>> => {
  const answer = await shop.request('POST /orders', {
    token,
    waitSeconds: 15,
    body: {
      cartId: await cartWith(shop, token, { [sku]: 1 }),
      email: marked.email,
      shippingAddress: { ...shippingAddress, phone: marked.phone },
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    },
  })
  assert.equal(answer.status, 202)
  await eventually(
    () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: answer.body.id } }),
    ({ status }) => status === 200,
  )
  return answer.body
}

/** Sent, on the doorstep, paid for. */
const delivered = async (order: { id: string }): Promise<void> => {
  await shop.request('POST /orders/{orderId}/shipment/dispatch', {
    token: staff,
    params: { orderId: order.id },
    body: { carrier: 'Parcels', trackingNumber: marked.parcel },
  })
  await shop.request('POST /orders/{orderId}/shipment/deliver', { token: staff, params: { orderId: order.id } })
  await eventually(
    () => shop.request('GET /orders/{orderId}', { token: staff, params: { orderId: order.id } }),
    ({ body }) => body.status === 'delivered',
  )
  await eventually(
    () => shop.request('GET /orders/{orderId}/payment', { token: staff, params: { orderId: order.id } }),
    ({ body }) => body.status === 'captured',
  )
}

/** Somebody who has left a trace in every corner of the shop. */
const someoneBusy = async () => {
  const { sku, id: productId } = await productWithStock(shop, staff, 10)
  const password = `pass phrase ${randomUUID()}`
  const { email, nickname } = marked
  const registered = await shop.request('POST /auth/register', { body: { email, password, nickname } })
  const { accessToken: token, refreshToken } = registered.body.tokens
  const userId: string = registered.body.user.id
  const changed = await shop.request('PATCH /me', { token, body: { bio: marked.bio } })
  assert.equal(changed.status, 200)
  assert.equal(
    (await shop.request('POST /me/addresses', { token, body: { ...address, line1: marked.home } })).status,
    201,
  )
  const friend = await customer(shop)
  assert.equal((await shop.request('PUT /users/{userId}/follow', { token, params: { userId: friend.id } })).status, 204)
  assert.equal(
    (await shop.request('PUT /users/{userId}/follow', { token: friend.token, params: { userId } })).status,
    204,
  )
  await shop.request('PUT /me/wishlist/{sku}', { token, params: { sku } })
  await shop.request('POST /me/wishlist/share', { token })
  const order = await orderOf(token, sku)
  await cartWith(shop, token, { [sku]: 1 })
  await delivered(order)
  await shop.request('POST /orders/{orderId}/returns', {
    token,
    params: { orderId: order.id },
    body: { lines: [{ sku, quantity: 1 }], reason: marked.reason },
  })
  await shop.request('POST /orders/{orderId}/notes', {
    token: staff,
    params: { orderId: order.id },
    body: { text: marked.note },
  })
  await shop.request('POST /orders/{orderId}/payment/refunds', {
    token: staff,
    params: { orderId: order.id },
    body: {
      amount: { amount: 1, currency: 'EUR' },
      reason: marked.refund,
    },
  })
  const review = await eventually(
    () =>
      shop.request('POST /products/{productId}/reviews', {
        token,
        params: { productId },
        body: { rating: 5, text: marked.review },
      }),
    ({ status }) => status === 201,
  )
  await eventually(
    () => shop.request('GET /me/notifications', { token }),
    ({ body }) => body.data.length >= 3,
  )
  return { token, refreshToken, password, userId, friend, order, review: review.body, sku, productId }
}

/** Names of services in whose tables one of the texts stands; undefined where the shop is not on this machine. */
const servicesAbout = async (...texts: string[]) => {
  const endpoint = awsEndpointUnder(shop)
  const items = endpoint === undefined ? undefined : await itemsOfTables(endpoint)
  const found = items?.filter(({ item }) => texts.some((text) => JSON.stringify(item).includes(text)))
  return found?.map(({ table, item }) => ({
    service: services.find(({ name }) => table.includes(`-${name}-`))?.name,
    key: `${item.pk} ${item.sk}`,
  }))
}

describe('a person', () => {
  test('has all that the shop holds of them, and is erased wherever they stood', async () => {
    const person = await someoneBusy()
    const { token, userId, order } = person
    const holding = services.filter(({ personalData }) => personalData !== 'none').map(({ name }) => name)
    const before = await servicesAbout(mark, userId)
    if (before) {
      const registered = new Set<string | undefined>(holding)
      const strangers = before.filter(({ service }) => !registered.has(service))
      assert.deepEqual(strangers, [], 'a service that holds personal data says so')
      assert.deepEqual([...new Set(before.map(({ service }) => service))].toSorted(), holding.toSorted())
    }

    const exported = await shop.request('GET /me/export', { token })
    assert.equal(exported.status, 200)
    assert.deepEqual(
      { services: Object.keys(exported.body.services).toSorted(), next_cursor: exported.body.next_cursor },
      { services: holding.toSorted(), next_cursor: null },
    )
    const text = JSON.stringify(exported.body)
    for (const [what, mine] of Object.entries(marked)) assert.ok(text.includes(mine), `${what} is exported`)
    assert.ok(!text.includes(person.password) && !/argon2|scrypt/.test(text))

    const { body: kept } = await shop.request('GET /orders/{orderId}', { token: staff, params: { orderId: order.id } })
    const erasing = await shop.request('DELETE /me', { token })
    assert.equal(erasing.status, 202)
    const location = erasing.headers.get('location') ?? ''
    assert.equal(location, `/erasures/${erasing.body.id}`)
    const receipt = await eventually(
      () => shop.request('GET /erasures/{erasureId}', { params: { erasureId: erasing.body.id } }),
      ({ body }) => body.status === 'erased',
    )
    assert.deepEqual(receipt.body.services.map(({ service }) => service).toSorted(), holding.toSorted())
    assert.ok(!JSON.stringify(receipt.body).includes(userId))

    const credentials = { email: marked.email, password: person.password }
    assert.equal((await shop.request('POST /auth/login', { body: credentials })).status, 401)
    const refreshed = await shop.request('POST /auth/refresh', { body: { refreshToken: person.refreshToken } })
    assert.equal(refreshed.status, 401)
    assert.equal((await shop.request('DELETE /me', { token })).body.id, erasing.body.id)

    const { body: left } = await shop.request('GET /orders/{orderId}', { token: staff, params: { orderId: order.id } })
    for (const field of ['number', 'status', 'lines', 'total', 'tax', 'placedAt', 'timeline'] as const)
      assert.deepEqual(left[field], kept[field], `${field} of the order is kept`)
    assert.deepEqual({ country: left.shippingAddress.country, email: left.email }, { country: 'DE', email: undefined })
    const ledger = await shop.request('GET /orders/{orderId}/payment/ledger', {
      token: staff,
      params: { orderId: order.id },
    })
    assert.ok(ledger.body.data.length > 0)
    assert.equal((await shop.request('GET /users/{userId}/profile', { params: { userId } })).status, 404)
    assert.equal(
      (await shop.request('GET /reviews/{reviewId}', { token: staff, params: { reviewId: person.review.id } })).status,
      404,
    )
    const followers = await shop.request('GET /users/{userId}/followers', {
      token: person.friend.token,
      params: { userId: person.friend.id },
    })
    assert.deepEqual(followers.body.data, [])

    const nothing = await shop.request('GET /me/export', { token })
    assert.deepEqual(
      new Set(Object.values(nothing.body.services).map((records) => JSON.stringify(records))),
      new Set(['[]']),
    )
    const items = await servicesAbout(mark, userId)
    const others = items?.filter(({ key }) => !key.startsWith('erasure#'))
    if (others) assert.deepEqual(others, [], 'nothing of the person is left in any table')

    assert.equal((await shop.request('POST /carts', { token })).status, 403)
    const again = await shop.request('POST /auth/register', { body: credentials })
    assert.equal(again.status, 201, 'the address is free')
  })

  test('whose order is under way gets it first', async () => {
    const { sku } = await productWithStock(shop, staff, 5)
    const token = await guestToken(shop)
    const order = await orderOf(token, sku)
    const { body: erasing } = await shop.request('DELETE /me', { token })
    const isErased = ({ body }: Json, service: string) =>
      body.services.some((one: Json) => one.service === service && one.status === 'erased')
    const receipt = await eventually(
      () => shop.request('GET /erasures/{erasureId}', { params: { erasureId: erasing.id } }),
      (answer) => isErased(answer, 'carts') && isErased(answer, 'identity'),
    )
    for (const service of ['orders', 'payments', 'shipping', 'notifications'])
      assert.equal(isErased(receipt, service), false, `${service} waits`)
    assert.equal(receipt.body.status, 'erasing')
    const { body: running } = await shop.request('GET /orders/{orderId}', {
      token: staff,
      params: { orderId: order.id },
    })
    assert.equal(running.shippingAddress.line1, marked.street)
    await delivered(order)
  })

  test('is not ended by a token that was left behind', async () => {
    const { token: fresh, refreshToken, password } = await customer(shop)
    assert.equal((await shop.request('DELETE /me', { token: fresh, body: { password: 'not mine' } })).status, 403)
    const { body } = await shop.request('POST /auth/refresh', { body: { refreshToken } })
    const erased = await shop.request('DELETE /me', { token: body.tokens.accessToken, body: { password } })
    assert.equal(erased.status, 202)
    assert.equal((await shop.request('DELETE /me', { token: staff })).problem.code, 'STAFF_ACCOUNT')
    assert.equal((await shop.request('DELETE /me')).status, 401)
    assert.equal((await shop.request('GET /me/export')).status, 401)
  })
})
