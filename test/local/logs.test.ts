/** What the logs of the whole shop tell, and what they never do: no client can see them, so a shop on this machine. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { logLines, logText } from '../support/logs.ts'
import {
  address,
  cartWith,
  customer,
  eventually,
  idlePatienceMs,
  openLocalShop,
  productWithStock,
  staffToken,
} from '../support/shop.ts'

const shop = await openLocalShop()
after(() => shop.stop())
const staff = await staffToken(shop)
const shopper = await customer(shop)
const { sku } = await productWithStock(shop, staff, 3)

const traceId = randomUUID().replaceAll('-', '')
const orderOf = (email: string) => async () =>
  shop.request('POST', '/orders', {
    token: shopper.token,
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=15', traceparent: `00-${traceId}-1111111111111111-01` },
    body: {
      cartId: await cartWith(shop, shopper.token, { [sku]: 1 }),
      email,
      shippingAddress: address,
      shippingMethod: 'standard',
      payment: { method: 'sandbox_ok' },
    },
  })
const placed = await orderOf('ada@example.com')()

describe('an order in the logs', () => {
  test('mistake 17: one trace from the request to the mail', async () => {
    assert.match(placed.headers.get('traceparent') ?? '', new RegExp(traceId))
    await shop.cloud.idle(idlePatienceMs)
    const functions = new Set(
      logLines(shop.cloud)
        .filter((line) => line.trace_id === traceId)
        .map((line) => String(line.function_name)),
    )
    for (const hop of [
      'orders-place-order',
      'inventory-reserve-stock',
      'orders-settle-order',
      'payments-authorize-payment',
      'shipping-create-shipment',
      'carts-clear-cart',
      'notifications-tell-of-order',
    ])
      assert.ok(
        [...functions].some((name) => name.endsWith(hop)),
        `${hop} is not in the trace`,
      )
  })

  test('what becomes of it is noted for reconciliation', async () => {
    const path = `/orders/${placed.body.id}`
    const sent = await eventually(
      () =>
        shop.request('POST', `${path}/shipment/dispatch`, {
          token: staff,
          body: { carrier: 'Parcels', trackingNumber: 'P-1' },
        }),
      ({ status }) => status === 200,
    )
    assert.equal(sent.body.status, 'dispatched')
    const again = (await orderOf('ada@example.com')()).body
    await shop.request('POST', `/orders/${again.id}/cancel`, { token: shopper.token })
    await shop.cloud.idle(idlePatienceMs)
    const heard = logLines(shop.cloud).filter((line) => /reporting-note-event$/.test(line.function_name))
    for (const type of [
      'order.cancelled',
      'payment.captured',
      'payment.voided',
      'stock.committed',
      'shipment.dispatched',
    ])
      assert.ok(
        heard.some(({ event_type }) => event_type === type),
        `${type} was not noted`,
      )
  })
})

describe('what nobody may read in them', () => {
  test('mistake 13: no secret, address or name in a log line, of what was done nor of what was refused', async () => {
    await shop.request('POST', '/auth/login', { body: { email: shopper.email, password: 'a wrong pass phrase' } })
    await shop.request('POST', '/auth/refresh', { body: { refreshToken: `${shopper.refreshToken}x` } })
    assert.equal((await orderOf('not an address of grace@example')()).status, 400)
    await shop.cloud.idle(idlePatienceMs)
    const text = logText(shop.cloud)
    assert.ok(text.includes('"route":"POST /orders"'), 'the logs are there to be searched')
    for (const marked of [
      shopper.email,
      shopper.password,
      shopper.token,
      shopper.refreshToken,
      'a wrong pass phrase',
      'ada@example.com',
      'grace@example',
      address.name,
      address.line1,
    ])
      assert.ok(!text.includes(marked), marked.slice(0, 20))
  })
})
