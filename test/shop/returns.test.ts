/** Goods that come back after they were delivered: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { BodyOf, ShopRoutes } from '../../functions/client.ts'
import { cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const sendBack = (orderId: string, token: string, lines: { sku: string; quantity: number }[], key = randomUUID()) =>
  shop.request('POST /orders/{orderId}/returns', {
    token,
    params: { orderId },
    key,
    body: { lines, reason: 'does not fit' },
  })
const receive = (returnId: string, token = staff) =>
  shop.request('POST /returns/{returnId}/receive', { token, params: { returnId } })

/** An order of these quantities of two products, on the doorstep and paid for. */
const delivered = async (token: string, quantities: readonly [number, number]) => {
  const [one, two] = [await productWithStock(shop, staff, 10, 333), await productWithStock(shop, staff, 10, 1000)]
  const cartId = await cartWith(shop, token, { [one.sku]: quantities[0], [two.sku]: quantities[1] })
  const { body: order } = await placeOrder(shop, token, cartId)
  assert.equal(order.status, 'confirmed')
  await eventually(
    () => shop.request('GET /orders/{orderId}/shipment', { token: staff, params: { orderId: order.id } }),
    ({ status }) => status === 200,
  )
  const early = await sendBack(order.id, token, [{ sku: one.sku, quantity: 1 }])
  assert.deepEqual({ status: early.status, code: early.problem.code }, { status: 409, code: 'NOT_RETURNABLE' })
  await shop.request('POST /orders/{orderId}/shipment/dispatch', {
    token: staff,
    params: { orderId: order.id },
    body: { carrier: 'Parcels', trackingNumber: 'P-1' },
  })
  await shop.request('POST /orders/{orderId}/shipment/deliver', { token: staff, params: { orderId: order.id } })
  await eventually(
    () => shop.request('GET /orders/{orderId}', { token: staff, params: { orderId: order.id } }),
    ({ body }) => body.status === 'delivered',
  )
  return { order, one: one.sku, two: two.sku }
}

/** What the lines cost, without the shipping: what returns of all of them give back. */
const costOf = (order: BodyOf<ShopRoutes['GET /orders/{orderId}']>): number =>
  order.lines.reduce((sum, { total, tax }) => sum + total.amount + (order.pricesIncludeTax ? 0 : tax.amount), 0)

const settled = async (orderId: string, refundedMinor: number) => {
  const payment = await eventually(
    () => shop.request('GET /orders/{orderId}/payment', { token: staff, params: { orderId } }),
    ({ body }) => body.refunded.amount === refundedMinor,
  )
  const ledger = await shop.request('GET /orders/{orderId}/payment/ledger', { token: staff, params: { orderId } })
  const sum = (entries: readonly { amount: number }[]) => entries.reduce((total, { amount }) => total + amount, 0)
  assert.equal(sum(ledger.body.data), 0, 'M3: the ledger sums to zero')
  const held = ledger.body.data.filter(({ account }) => account === 'provider')
  assert.equal(sum(held), payment.body.captured.amount - refundedMinor)
  return payment.body
}

describe('goods that come back', () => {
  test('a line, then the rest: refunded, back on the shelf, and the order is returned', async () => {
    const { token } = await customer(shop)
    const { order, one, two } = await delivered(token, [3, 1])
    const asked = await sendBack(order.id, token, [{ sku: one, quantity: 2 }])
    assert.deepEqual(
      { askedStatus: asked.status, askedBodyStatus: asked.body.status },
      { askedStatus: 201, askedBodyStatus: 'requested' },
    )
    assert.equal(asked.headers.get('location'), `/returns/${asked.body.id}`)
    assert.deepEqual(
      (await shop.request('GET /returns/{returnId}', { token, params: { returnId: asked.body.id } })).body,
      asked.body,
    )
    assert.equal(
      (
        await shop.request('GET /returns/{returnId}', {
          token: await guestToken(shop),
          params: { returnId: asked.body.id },
        })
      ).status,
      404,
    )
    const tooMuch = await sendBack(order.id, token, [{ sku: one, quantity: 2 }])
    assert.equal(tooMuch.problem.code, 'RETURN_TOO_LARGE')
    await eventually(
      () => shop.request('GET /stock/{sku}', { token: staff, params: { sku: one } }),
      ({ body }) => body.onHand === 7 && body.reserved === 0,
    )

    assert.equal((await receive(asked.body.id, token)).status, 403)
    const received = await receive(asked.body.id)
    assert.deepEqual(
      { receivedStatus: received.status, receivedBodyStatus: received.body.status },
      { receivedStatus: 200, receivedBodyStatus: 'received' },
    )
    assert.deepEqual((await receive(asked.body.id)).body, received.body)
    const part = await settled(order.id, asked.body.refund.amount)
    assert.equal(part.status, 'partially-refunded')
    await eventually(
      () => shop.request('GET /stock/{sku}', { token: staff, params: { sku: one } }),
      ({ body }) => body.onHand === 9 && body.available === 9,
    )
    assert.equal(
      (await shop.request('GET /orders/{orderId}', { token, params: { orderId: order.id } })).body.status,
      'delivered',
    )

    const rest = await sendBack(order.id, token, [
      { sku: one, quantity: 1 },
      { sku: two, quantity: 1 },
    ])
    assert.equal(asked.body.refund.amount + rest.body.refund.amount, costOf(order))
    await receive(rest.body.id)
    const { body: returned } = await shop.request('GET /orders/{orderId}', { token, params: { orderId: order.id } })
    assert.deepEqual(
      { returnedStatus: returned.status, timelineStatus: returned.timeline.at(-1)?.status },
      { returnedStatus: 'returned', timelineStatus: 'returned' },
    )
    assert.deepEqual(
      returned.returns.map(({ id, status }: Json) => [id, status]),
      [asked.body.id, rest.body.id].map((id) => [id, 'received']),
    )
    // The shipping is not given back.
    const paid = await settled(order.id, costOf(order))
    assert.equal(paid.status, 'partially-refunded')
    for (const sku of [one, two])
      await eventually(
        () => shop.request('GET /stock/{sku}', { token: staff, params: { sku } }),
        ({ body }) => body.onHand === 10 && body.available === 10,
      )
    const history = await shop.request('GET /stock/{sku}/history', { token: staff, params: { sku: one } })
    assert.deepEqual(
      history.body.data.map(({ kind, quantity }: Json) => [kind, quantity]),
      [
        ['return', 1],
        ['return', 2],
        ['sale', -3],
        ['receipt', 10],
      ],
    )
    const told = await eventually(
      () => shop.request('GET /me/notifications', { token }),
      ({ body }) => body.data.filter(({ kind }) => kind === 'return-received').length === 2,
    )
    assert.deepEqual(
      told.body.data.flatMap((message) => ('returnId' in message && message.returnId) || []).toSorted(),
      [asked.body.id, rest.body.id].toSorted(),
    )
  })

  test('M1: what staff gave back before is not given back again, and never more than was paid', async () => {
    const token = await guestToken(shop)
    const { order, one } = await delivered(token, [1, 1])
    await eventually(
      () => shop.request('GET /orders/{orderId}/payment', { token: staff, params: { orderId: order.id } }),
      ({ body }) => body.status === 'captured',
    )
    const left = 100
    const byStaff = await shop.request('POST /orders/{orderId}/payment/refunds', {
      token: staff,
      params: { orderId: order.id },
      body: { amount: { ...order.total, amount: order.total.amount - left }, reason: 'scratched' },
    })
    assert.equal(byStaff.status, 201)
    const key = randomUUID()
    const answers = await Promise.all([1, 2].map(() => sendBack(order.id, token, [{ sku: one, quantity: 1 }], key)))
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    await receive(answers[0]?.body.id ?? '')
    await eventually(
      () => shop.request('GET /stock/{sku}', { token: staff, params: { sku: one } }),
      ({ body }) => body.available > 0,
    )
    assert.equal((await settled(order.id, order.total.amount - left)).status, 'partially-refunded')
    const refund = (amount: number) =>
      shop.request('POST /orders/{orderId}/payment/refunds', {
        token: staff,
        params: { orderId: order.id },
        body: { amount: { ...order.total, amount }, reason: 'the shipping, too' },
      })
    assert.equal((await refund(left + 1)).problem.code, 'REFUND_TOO_LARGE')
    assert.equal((await refund(left)).status, 201)
    assert.equal((await settled(order.id, order.total.amount)).status, 'refunded')
  })
})

describe('notes', () => {
  test('staff note what they know of an order; its owner does not see it', async () => {
    const token = await guestToken(shop)
    const { sku } = await productWithStock(shop, staff, 1)
    const { body: order } = await placeOrder(shop, token, await cartWith(shop, token, { [sku]: 1 }))
    const written = await shop.request('POST /orders/{orderId}/notes', {
      token: staff,
      params: { orderId: order.id },
      body: { text: 'Rang; call back on Monday' },
    })
    assert.equal(written.status, 201)
    assert.deepEqual(
      (await shop.request('GET /orders/{orderId}/notes', { token: staff, params: { orderId: order.id } })).body,
      { data: [written.body], next_cursor: null },
    )
    assert.equal(
      (await shop.request('GET /orders/{orderId}/notes', { token, params: { orderId: order.id } })).status,
      403,
    )
    assert.equal(
      (
        await shop.request('POST /orders/{orderId}/notes', {
          token,
          params: { orderId: order.id },
          body: { text: 'x' },
        })
      ).status,
      403,
    )
  })
})
