/** What the logs of the whole shop tell, and what they never do: no client can see them, so a shop on this machine. */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { checkoutSnapshot } from '../../functions/published/carts.ts'
import { quote as catalogQuote } from '../../functions/published/catalog.ts'
import { reserve } from '../../functions/published/inventory.ts'
import { authorize } from '../../functions/published/payments.ts'
import { quote as shippingQuote } from '../../functions/published/shipping.ts'
import { services } from '../../functions/services.ts'
import { kebab } from '../../shared/contract/endpoint.ts'
import { logLines, logText } from '../support/logs.ts'
import { address, cartWith, productWithStock } from '../support/purchase.ts'
import type { Json } from '../support/service.ts'
import { customer, eventually, idlePatienceMs, openLocalShop, staffToken } from '../support/shop.ts'

/** What functions tell of requests that X-Ray records, as its daemon would receive it. */
const segments: Json[] = []
const daemon = createSocket('udp4')
daemon.on('message', (message) => segments.push(JSON.parse(message.toString().split('\n')[1] ?? '{}')))
daemon.bind(0, '127.0.0.1')
await once(daemon, 'listening')
process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${daemon.address().port}`

const shop = await openLocalShop()
after(async () => {
  await shop.stop()
  daemon.close()
})
const staff = await staffToken(shop)
const shopper = await customer(shop)
const { sku } = await productWithStock(shop, staff, 3)

const traceId = randomUUID().replaceAll('-', '')
const traceparent = `00-${traceId}-1111111111111111-01`
const orderOf =
  (email: string, trace: Record<string, string> = { traceparent }) =>
  async () =>
    shop.raw('POST', '/orders', {
      token: shopper.token,
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=15', ...trace },
      body: {
        cartId: await cartWith(shop, shopper.token, { [sku]: 1 }),
        email,
        shippingAddress: address,
        shippingMethod: 'standard',
        payment: { method: 'sandbox_ok' },
      },
    })
const placed = await orderOf('ada@example.com')()
const orderId = String(JSON.parse(placed.body).id)
const path = `/orders/${orderId}`
/** Does something with the order in its trace, as soon as the order lets it be done. */
const act = (method: string, at: string, token: string, body?: Json) =>
  eventually(
    () => shop.raw(method, at, { token, headers: { traceparent, 'idempotency-key': randomUUID() }, body }),
    ({ status }) => status < 300,
  )
await act('POST', `${path}/shipment/dispatch`, staff, { carrier: 'Parcels', trackingNumber: 'P-1' })
await act('POST', `${path}/shipment/deliver`, staff)
const returned = await act('POST', `${path}/returns`, shopper.token, {
  lines: [{ sku, quantity: 1 }],
  reason: 'does not fit',
})
await act('POST', `/returns/${JSON.parse(returned.body).id}/receive`, staff)
await shop.cloud.idle(idlePatienceMs)
const lines = logLines(shop.cloud).filter((line) => line.service !== undefined && line.level !== undefined)
const traced = lines.filter((line) => line.trace_id === traceId)

const deployedName = (service: string, name: string): string => `${service}-${kebab(name)}`
const isBy = (line: Json, name: string): boolean => `${line.service}-${line.function}` === name
/** A line may tell of several events, each as `order.placed evt_…`. */
const eventsIn = (line: Json): { type: string; id: string }[] =>
  line.events.map((told: string) => {
    const [type = '', id = ''] = told.split(' ')
    return { type, id }
  })
/** Everyone who asked to be told of such events, as their contracts say. */
const consumersOf = (type: string): string[] =>
  services.flatMap(({ name, consumers = {} }) =>
    Object.entries(consumers).flatMap(([consumer, { on }]) =>
      on.some((event) => event.type === type) ? [deployedName(name, consumer)] : [],
    ),
  )

/** Not where prices have changed, or where only the account knows the e-mail address. */
const alwaysCalled = [checkoutSnapshot, catalogQuote, shippingQuote, reserve, authorize]

describe('an order in the logs', () => {
  const published = traced.filter(({ message }) => message === 'published').flatMap(eventsIn)
  const consumed = traced.filter(({ message }) => message === 'consumed')

  test('one trace from the request over what it calls to every event that follows', () => {
    assert.match(placed.headers.get('traceparent') ?? '', new RegExp(traceId))
    const answered = (name: string, message: string) =>
      traced.some((line) => isBy(line, name) && line.message === message)
    assert.ok(answered(deployedName('orders', 'placeOrder'), 'answered'))
    for (const { service, name } of alwaysCalled)
      assert.ok(answered(deployedName(service, name), 'answered a call'), `${service}/${name} is not in the trace`)
    const types = new Set(published.map(({ type }) => type))
    for (const type of [
      'stock.reserved',
      'payment.authorized',
      'order.confirmed',
      'stock.committed',
      'shipment.dispatched',
      'payment.captured',
      'shipment.delivered',
      'return.requested',
      'return.received',
      'payment.refunded',
    ])
      assert.ok(types.has(type), `${type} is not in the trace`)
  })

  test('mistake 17: every consumer of each of these events has it in its log, in the same trace', () => {
    const missing = published.flatMap(({ type, id }) =>
      consumersOf(type)
        .filter(
          (consumer) =>
            !consumed.some((line) => isBy(line, consumer) && eventsIn(line).some((event) => event.id === id)),
        )
        .map((consumer) => `${type} ${id} at ${consumer}`),
    )
    assert.deepEqual(missing, [])
  })

  test('what is about the order says so, and so does each mail about it', () => {
    const silent = consumed.filter(
      (line) =>
        eventsIn(line).some(({ type }) => /^(order|payment|shipment|return)\./.test(type)) && line.order_id !== orderId,
    )
    assert.deepEqual(silent, [])
    const folder = join(shop.cloud.logsDirectory, '..', 'mail')
    const mails = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const about = mails.filter((mail) => mail.includes(`X-Trace-Id: ${traceId}\r\n`))
    assert.ok(about.length >= 2, `${about.length} of ${mails.length} mails`)
  })

  test('every line tells who wrote it and in which trace', () => {
    for (const line of lines)
      for (const field of ['level', 'timestamp', 'service', 'function', 'trace_id', 'span_id'])
        assert.ok(line[field] !== undefined, `no ${field}: ${JSON.stringify(line).slice(0, 300)}`)
    const cold = lines.filter(({ cold_start }) => cold_start !== undefined)
    assert.ok(cold.length > 0 && cold.every(({ cold_start }) => cold_start === true), 'cold starts say so, no others')
  })

  test('what becomes of it is noted for reconciliation; and one that X-Ray records is a single trace there, too', async () => {
    assert.equal(segments.length, 0, 'nothing is recorded of what is not sampled')
    const [time, rest] = [randomBytes(4).toString('hex'), randomBytes(12).toString('hex')]
    const root = `1-${time}-${rest}`
    const answer = await orderOf('ada@example.com', { 'x-amzn-trace-id': `Root=${root};Sampled=1` })()
    const again = JSON.parse(answer.body)
    assert.match(answer.headers.get('traceparent') ?? '', new RegExp(`^00-${time}${rest}-.*-01$`))
    await shop.cloud.idle(idlePatienceMs)
    const recorded = (isOwnTrace: boolean) =>
      new Set(
        segments
          .filter(({ trace_id }) => (trace_id === root) === isOwnTrace)
          .map(({ annotations }) => annotations.Service),
      )
    for (const { annotations } of segments) assert.equal(annotations.trace_id, time + rest)
    // The endpoint, what it calls and whoever hears of it are one trace.
    assert.deepEqual(recorded(false), new Set())
    for (const service of [
      'orders',
      ...alwaysCalled.map((procedure) => procedure.service),
      'notifications',
      'reporting',
    ])
      assert.ok(recorded(true).has(service), `${service} is not in it`)
    await shop.request('POST /orders/{orderId}/cancel', { token: shopper.token, params: { orderId: again.id } })
    await shop.cloud.idle(idlePatienceMs)
    const recordEvent = deployedName('reporting', 'recordEvent')
    const heard = logLines(shop.cloud)
      .filter((line) => isBy(line, recordEvent) && line.message === 'consumed')
      .flatMap(eventsIn)
    for (const type of [
      'order.cancelled',
      'payment.captured',
      'payment.voided',
      'stock.committed',
      'shipment.dispatched',
    ])
      assert.ok(
        heard.some((event) => event.type === type),
        `${type} was not noted`,
      )
  })
})

describe('what nobody may read in them', () => {
  test('mistake 13: no secret, address or name in a log line, of what was done nor of what was refused', async () => {
    await shop.request('POST /auth/login', { body: { email: shopper.email, password: 'a wrong pass phrase' } })
    await shop.request('POST /auth/refresh', { body: { refreshToken: `${shopper.refreshToken}x` } })
    assert.equal((await orderOf('not an address of grace@example')()).status, 400)
    await shop.cloud.idle(idlePatienceMs)
    const text = logText(shop.cloud)
    assert.ok(text.includes('"function":"place-order"'), 'the logs are there to be searched')
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
