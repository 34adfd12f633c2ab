/** An order from browsing to the doorstep, and every way in which it ends otherwise: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const statuses = (order: Json) => order.timeline.map((entry: Json) => entry.status)
const stockOf = async (sku: string) => (await shop.request('GET /stock/{sku}', { token: staff, params: { sku } })).body

describe('from browsing to the doorstep', () => {
  test('a guest buys, staff send, the parcel arrives', async () => {
    const { sku, slug, id } = await productWithStock(shop, staff, 5, 2500)
    const page = await eventually(
      () => shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: slug } }),
      ({ body }) => body.variants?.[0]?.available === 5,
    )
    assert.equal(page.body.id, id)
    assert.equal(page.body.inStock, true)
    const token = await guestToken(shop)
    const cartId = await cartWith(shop, token, { [sku]: 2 })
    const methods = await shop.request('GET /carts/{cartId}/shipping-methods', {
      token,
      params: { cartId },
      query: { country: 'DE' },
    })
    assert.deepEqual(
      methods.body.data.map((method: Json) => method.id),
      ['standard', 'express'],
    )
    const placed = await placeOrder(shop, token, cartId)
    assert.equal(placed.status, 202)
    const order = placed.body
    assert.equal(placed.headers.get('location'), `/orders/${order.id}`)
    assert.equal(order.status, 'confirmed')
    assert.equal(
      order.total.amount,
      order.subtotal.amount - order.discount.amount + order.shipping.amount + order.tax.amount,
    )
    assert.deepEqual(
      order.lines.map((line: Json) => [line.sku, line.quantity, line.total.amount]),
      [[sku, 2, 5000]],
    )
    const stock = await stockOf(sku)
    assert.deepEqual(
      { onHand: stock.onHand, reserved: stock.reserved, available: stock.available },
      { onHand: 5, reserved: 2, available: 3 },
    )

    await eventually(
      () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: order.id } }),
      ({ status }) => status === 200,
    )
    const sent = await shop.request('POST /orders/{orderId}/shipment/dispatch', {
      token: staff,
      params: { orderId: order.id },
      body: { carrier: 'Parcels', trackingNumber: 'P-1' },
    })
    assert.equal(sent.body.status, 'dispatched')
    const paid = await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: order.id } }),
      ({ body }) => body.status === 'captured',
    )
    assert.deepEqual(paid.body.captured, order.total)
    await shop.request('POST /orders/{orderId}/shipment/deliver', { token: staff, params: { orderId: order.id } })
    const arrived = await eventually(
      () => shop.request('GET /orders/{orderId}', { token, params: { orderId: order.id } }),
      ({ body }) => body.status === 'delivered',
    )
    assert.deepEqual(statuses(arrived.body), ['placed', 'awaiting-payment', 'confirmed', 'shipped', 'delivered'])
    const left = await eventually(
      () => shop.request('GET /stock/{sku}', { token: staff, params: { sku } }),
      ({ body }) => body.onHand === 3,
    )
    assert.deepEqual({ reserved: left.body.reserved, available: left.body.available }, { reserved: 0, available: 3 })
    const ledger = await shop.request('GET /orders/{orderId}/payment/ledger', {
      token: staff,
      params: { orderId: order.id },
    })
    assert.equal(
      ledger.body.data.reduce((sum: number, entry: Json) => sum + entry.amount, 0),
      0,
    )
    assert.equal(ledger.body.data.length, 2)
    const emptied = await shop.request('GET /carts/{cartId}', { token, params: { cartId } })
    assert.deepEqual(emptied.body.lines, [])
    const told = await eventually(
      () => shop.request('GET /me/notifications', { token }),
      ({ body }) => body.data.length === 2,
    )
    assert.deepEqual(
      told.body.data.map((message: Json) => message.kind),
      ['order-dispatched', 'order-confirmed'],
    )
  })

  test('a customer takes the guest cart along when logging in', async () => {
    const { sku } = await productWithStock(shop, staff, 3)
    const visitor = await guestToken(shop)
    const from = await cartWith(shop, visitor, { [sku]: 1 })
    const { token } = await customer(shop)
    const into = await cartWith(shop, token, {})
    const merged = await shop.request('POST /carts/{cartId}/merge', { token, params: { cartId: into }, body: { from } })
    assert.deepEqual(
      merged.body.lines.map((line: Json) => line.sku),
      [sku],
    )
    const placed = await placeOrder(shop, token, into)
    assert.equal(placed.body.status, 'confirmed')
    const mine = await eventually(
      () => shop.request('GET /orders', { token }),
      ({ body }) => body.data.length === 1,
    )
    assert.equal(mine.body.data[0]?.id, placed.body.id)
  })
})

describe('otherwise', () => {
  const order = async (method: string, stock = 3, quantity = 1) => {
    const { sku } = await productWithStock(shop, staff, stock)
    const token = await guestToken(shop)
    const cartId = await cartWith(shop, token, { [sku]: quantity })
    return { sku, token, cartId, placed: await placeOrder(shop, token, cartId, { method }) }
  }

  for (const [method, code] of [
    ['sandbox_declined', 'card_declined'],
    ['sandbox_insufficient_funds', 'insufficient_funds'],
  ] as const)
    test(`${method}: cancelled, and the stock is free again`, async () => {
      const { sku, token, placed } = await order(method)
      assert.deepEqual(
        { status: placed.body.status, reason: placed.body.reason },
        { status: 'cancelled', reason: 'declined' },
      )
      const payment = await shop.request('GET /orders/{orderId}/payment', {
        token,
        params: { orderId: placed.body.id },
      })
      assert.equal(payment.body.declineCode, code)
      await eventually(
        () => shop.request('GET /stock/{sku}', { token: staff, params: { sku } }),
        ({ body }) => body.reserved === 0 && body.available === 3,
      )
    })

  test('mistake 5: stock is looked at before money; too little is out of stock, and nothing is charged', async () => {
    const { sku, token, placed } = await order('sandbox_ok', 1, 2)
    assert.deepEqual(
      { status: placed.body.status, reason: placed.body.reason },
      { status: 'cancelled', reason: 'out-of-stock' },
    )
    const payment = await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: placed.body.id } }),
      ({ status }) => status === 200,
    )
    assert.equal(payment.body.status, 'voided')
    assert.equal(payment.body.captured.amount, 0)
    assert.deepEqual((await stockOf(sku)).available, 1)
  })

  test('sandbox_action_required: waits for the shopper, who agrees or does not', async () => {
    for (const [outcome, end] of [
      ['success', 'confirmed'],
      ['failure', 'cancelled'],
    ] as const) {
      const { sku } = await productWithStock(shop, staff, 3)
      const token = await guestToken(shop)
      const cartId = await cartWith(shop, token, { [sku]: 1 })
      const placed = await placeOrder(shop, token, cartId, { method: 'sandbox_action_required', waitSeconds: 1 })
      await eventually(
        () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: placed.body.id } }),
        ({ body }) => body.status === 'action-required',
      )
      const confirmed = await shop.request('POST /orders/{orderId}/payment/confirm', {
        token,
        params: { orderId: placed.body.id },
        body: { outcome },
      })
      assert.equal(confirmed.body.status, outcome === 'success' ? 'authorized' : 'declined')
      await eventually(
        () => shop.request('GET /orders/{orderId}', { token, params: { orderId: placed.body.id } }),
        ({ body }) => body.status === end,
      )
    }
  })

  test('sandbox_slow: authorized by the provider’s signed event', async () => {
    const { placed } = await order('sandbox_slow')
    assert.equal(placed.body.status, 'confirmed')
  })

  test('sandbox_flaky: gets through, and is charged once', async () => {
    const { token, placed } = await order('sandbox_flaky')
    assert.equal(placed.body.status, 'confirmed')
    const payment = await shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: placed.body.id } })
    assert.deepEqual(payment.body.authorized, placed.body.total)
  })

  test('mistake 10: a cancelled order gives back its authorization, its stock and its shipment', async () => {
    const { sku, token, placed } = await order('sandbox_ok')
    const cancelled = await shop.request('POST /orders/{orderId}/cancel', {
      token,
      params: { orderId: placed.body.id },
    })
    assert.deepEqual(
      { cancelledStatus: cancelled.status, cancelledBodyStatus: cancelled.body.status, reason: cancelled.body.reason },
      { cancelledStatus: 200, cancelledBodyStatus: 'cancelled', reason: 'by-customer' },
    )
    const again = await shop.request('POST /orders/{orderId}/cancel', { token, params: { orderId: placed.body.id } })
    assert.equal(again.body.version, cancelled.body.version)
    await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: placed.body.id } }),
      ({ body }) => body.status === 'voided',
    )
    await eventually(
      () => shop.request('GET /orders/{orderId}/shipment', { token, params: { orderId: placed.body.id } }),
      ({ body }) => body.status === 'stopped',
    )
    await eventually(
      () => shop.request('GET /stock/{sku}', { token: staff, params: { sku } }),
      ({ body }) => body.available === 3,
    )
  })

  test('what was sent cannot be cancelled; a refund is never more than was taken', async () => {
    const { token, placed } = await order('sandbox_ok')
    await eventually(
      () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: placed.body.id } }),
      ({ status }) => status === 200,
    )
    await shop.request('POST /orders/{orderId}/shipment/dispatch', {
      token: staff,
      params: { orderId: placed.body.id },
      body: { carrier: 'P', trackingNumber: '1' },
    })
    await eventually(
      () => shop.request('GET /orders/{orderId}', { token, params: { orderId: placed.body.id } }),
      ({ body }) => body.status === 'shipped',
    )
    const late = await shop.request('POST /orders/{orderId}/cancel', { token, params: { orderId: placed.body.id } })
    assert.deepEqual({ status: late.status, code: late.problem.code }, { status: 409, code: 'NOT_CANCELLABLE' })
    await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token, params: { orderId: placed.body.id } }),
      ({ body }) => body.status === 'captured',
    )
    const total = placed.body.total
    const refund = (amount: number, key: string) =>
      shop.request('POST /orders/{orderId}/payment/refunds', {
        token: staff,
        params: { orderId: placed.body.id },
        key,
        body: { amount: { ...total, amount }, reason: 'scratched' },
      })
    const both = await Promise.all([refund(total.amount - 100, 'a'), refund(total.amount - 100, 'b')])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409])
    const rest = await refund(100, 'c')
    assert.deepEqual(
      { status: rest.body.status, refunded: rest.body.refunded },
      { status: 'refunded', refunded: total },
    )
    const replayed = await refund(100, 'c')
    assert.deepEqual(
      {
        status: replayed.status,
        idempotentReplayed: replayed.headers.get('idempotent-replayed'),
        refunded: replayed.body.refunded,
      },
      { status: 201, idempotentReplayed: 'true', refunded: total },
    )
    assert.equal((await refund(99, 'c')).status, 422)
  })
})

describe('a shirt in red', () => {
  test('is told by size and colour in the cart, in the order, and to those who pack it', async () => {
    const sku = `SHIRT-${randomUUID()}`
    const options = { Size: 'M', Colour: 'Red' }
    const variant = { sku, options, price: { amount: 1900, currency: 'EUR' }, weightGrams: 200 }
    const as = { token: staff, headers: { 'idempotency-key': randomUUID() } }
    const body = { title: 'Shirt', category: 'tests', variants: [variant] }
    assert.equal((await shop.request('POST /products', { ...as, body })).status, 201)
    await shop.request('POST /stock/{sku}/receipts', { params: { sku }, ...as, body: { quantity: 1 } })
    const token = await guestToken(shop)
    const cartId = await cartWith(shop, token, { [sku]: 1 })
    assert.deepEqual(
      (await shop.request('GET /carts/{cartId}', { token, params: { cartId } })).body.lines[0]?.options,
      options,
    )
    const order = await placeOrder(shop, token, cartId)
    assert.deepEqual(
      { status: order.body.status, options: order.body.lines[0]?.options },
      { status: 'confirmed', options },
    )
    const shipment = () =>
      shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: order.body.id } })
    assert.deepEqual((await eventually(shipment, ({ status }) => status === 200)).body.lines[0]?.options, options)
  })
})

describe('asked twice', () => {
  test('mistake 1 and 12: a repeated or simultaneous order is one order', async () => {
    const { sku } = await productWithStock(shop, staff, 10)
    const token = await guestToken(shop)
    const cartId = await cartWith(shop, token, { [sku]: 1 })
    const key = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => placeOrder(shop, token, cartId, { key })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    )
    const later = await placeOrder(shop, token, cartId, { key })
    assert.equal(later.headers.get('idempotent-replayed'), 'true')
    assert.equal(new Set([...answers, later].map(({ body }) => body.id)).size, 1)
    assert.equal((await stockOf(sku)).reserved, 1)
    const other = await placeOrder(shop, token, cartId, { key, country: 'FR' })
    assert.deepEqual(
      { status: other.status, code: other.problem.code },
      { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
    )
  })
})
