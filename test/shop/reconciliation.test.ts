/** The report on orders that do not add up: what the whole shop says of itself, and the command that prints it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { projectRoot } from '../../cdk/constructs/bundle.ts'
import type { Cloud } from '../../cdk/local/cloud.ts'
import { prepareAssembly } from '../../cdk/local/prepare.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { orderAwaitingPayment } from '../../functions/orders/events.ts'
import { shipmentDispatched } from '../../functions/shipping/events.ts'
import { logLines } from '../support/logs.ts'
import { type Json, someEvent, someId, type TestEvent } from '../support/service.ts'
import {
  cartWith,
  eventually,
  guestToken,
  idlePatienceMs,
  openOwnShop,
  placeOrder,
  productWithStock,
  staffToken,
} from '../support/shop.ts'

const shop = await openOwnShop()
after(() => shop.stop())
const staff = await staffToken(shop)

const command = async (args: readonly string[], environment: Record<string, string> = {}) => {
  const child = spawn(process.execPath, ['cdk/operate/reconcile.ts', ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, out, err }
}

/** Everything that does not add up at this moment; of a shop that works, soon nothing. */
const nothingLeft = () =>
  eventually(
    () => shop.request('GET', '/reports/reconciliation?olderThanMinutes=0&limit=100', { token: staff }),
    ({ status, body }) => status === 200 && body.data.length === 0 && body.next_cursor === null,
  )

describe('after orders that went through and orders that did not', () => {
  test('everything adds up, and the command says so', async () => {
    const { sku } = await productWithStock(shop, staff, 4, 2500)
    const token = await guestToken(shop)
    const orderBy = async (method: string, quantity = 1) => {
      const cartId = await cartWith(shop, token, { [sku]: quantity })
      return (await placeOrder(shop, token, cartId, { method })).body
    }
    const [sent, cancelled] = [await orderBy('sandbox_ok'), await orderBy('sandbox_ok')]
    assert.equal((await orderBy('sandbox_declined')).reason, 'declined')
    assert.equal((await orderBy('sandbox_ok', 9)).reason, 'out-of-stock')
    for (const { id } of [sent, cancelled])
      await eventually(
        () => shop.request('GET', `/orders/${id}/shipment`, { token: staff }),
        ({ status }) => status === 200,
      )
    const dispatched = await shop.request('POST', `/orders/${sent.id}/shipment/dispatch`, {
      token: staff,
      body: { carrier: 'Parcels', trackingNumber: 'P-1' },
    })
    assert.equal(dispatched.status, 200)
    await eventually(
      () => shop.request('GET', `/orders/${sent.id}/payment`, { token }),
      ({ body }) => body.status === 'captured',
    )
    assert.equal((await shop.request('POST', `/orders/${cancelled.id}/cancel`, { token })).body.status, 'cancelled')
    await eventually(
      () => shop.request('GET', `/orders/${cancelled.id}/payment`, { token }),
      ({ body }) => body.status === 'voided',
    )
    await shop.cloud?.idle(idlePatienceMs)
    await nothingLeft()
    const heard = shop.cloud && logLines(shop.cloud).filter((line) => /reporting-note-event$/.test(line.function_name))
    for (const type of [
      'order.cancelled',
      'payment.captured',
      'payment.voided',
      'stock.committed',
      'shipment.dispatched',
    ])
      assert.ok(!heard || heard.some(({ event_type }) => event_type === type), `${type} was not noted`)

    const { status, out, err } = await command(['--url', shop.url, '--minutes', '0'], {
      // On this machine the command logs in by itself.
      SHOP_TOKEN: shop.cloud ? '' : staff,
    })
    assert.deepEqual([status, err], [0, ''])
    assert.match(out, /orders, payments and stock agree/)
  })

  test('only staff may read it', async () => {
    assert.equal((await shop.request('GET', '/reports/reconciliation')).status, 401)
    const token = await guestToken(shop)
    assert.equal((await shop.request('GET', '/reports/reconciliation', { token })).status, 403)
  })
})

const { prefix } = stageNamed('dev')

/** What an operator with all rights could do: runs a function past the routes and queues. */
const invoke = async (cloud: Cloud, name: string, payload: object): Promise<string> => {
  const answer = await cloud.invoke(`${prefix}-${name}`, payload)
  assert.ok(answer.kind === 'answered' && answer.functionError === undefined, `${name}: ${JSON.stringify(answer)}`)
  return answer.payload
}
const forge = async (cloud: Cloud, consumer: string, event: TestEvent): Promise<void> => {
  const body = JSON.stringify({ 'detail-type': event.type, detail: event })
  const answer = await invoke(cloud, consumer, { Records: [{ messageId: event.id, body }] })
  assert.deepEqual(JSON.parse(answer), { batchItemFailures: [] })
}

/** Lets half an hour pass over a record. */
const age = async (cloud: Cloud, orderId: string): Promise<void> => {
  const stack = `${prefix}-reporting`
  const template = JSON.parse(readFileSync(join(await prepareAssembly(), `${stack}.template.json`), 'utf8'))
  const table = Object.entries<Json>(template.Resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table')
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: cloud.awsEndpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const since = new Date(Date.now() - 30 * 60_000).toISOString()
  await client.send(
    new UpdateItemCommand({
      TableName: `${stack}-${table?.[0]}`,
      Key: { pk: { S: `order#${orderId}` }, sk: { S: 'record' } },
      UpdateExpression: 'SET since = :since, gsi1sk = :sort',
      ConditionExpression: 'attribute_exists(gsi1pk)',
      ExpressionAttributeValues: { ':since': { S: since }, ':sort': { S: `${since}#${orderId}` } },
    }),
  )
  client.destroy()
}

describe('money that is held for no order', () => {
  test('is found, told by the command, and given back by the next run', async () => {
    const { cloud } = shop
    if (!cloud) return assert.ok(shop.url, 'only on this machine can events be forged')
    const orderId = someId('ord')
    const [customerId, shipmentId] = [someId('gst'), someId('shp')]
    const total = { amount: 4200, currency: 'EUR' }
    await forge(
      cloud,
      'payments-authorize-payment',
      someEvent(orderAwaitingPayment, orderId, { orderId, customerId, total, method: 'sandbox_ok' }),
    )
    await forge(
      cloud,
      'payments-capture-payment-on-dispatch',
      someEvent(shipmentDispatched, shipmentId, { orderId, shipmentId, carrier: 'P', trackingNumber: '1' }),
    )
    const read = (query: string) => shop.request('GET', `/reports/reconciliation${query}`, { token: staff })
    const found = await eventually(
      () => read('?olderThanMinutes=0'),
      ({ body }) => body.data.length === 1,
    )
    assert.deepEqual([found.body.data[0].orderId, found.body.data[0].drifts], [orderId, ['captured-unknown-order']])
    await invoke(cloud, 'reporting-reconcile', {})
    const payment = () => shop.request('GET', `/orders/${orderId}/payment`, { token: staff })
    assert.equal((await payment()).body.status, 'captured', 'not before its time')

    await age(cloud, orderId)
    const told = await command(['--url', shop.url], { SHOP_TOKEN: staff })
    assert.equal(told.status, 1)
    assert.match(told.out, new RegExp(`1 order does not add up.*\\n\\n +${orderId} +30 min +captured-unknown-order`))
    await invoke(cloud, 'reporting-reconcile', {})
    assert.deepEqual([(await payment()).body.status, (await payment()).body.refunded], ['refunded', total])
    await nothingLeft()
  })
})

describe('npm run reconcile', () => {
  const one = 'ord_01K00000000000000000000001'
  const two = 'ord_01K00000000000000000000002'
  const checkedAt = '2026-11-21T12:00:00.000Z'
  /** A shop with two orders that do not add up, on two pages. */
  const asked: string[] = []
  const server = createServer(({ method, url, headers }, answer) => {
    asked.push(`${method} ${url} ${headers.authorization ?? ''}`.trim())
    const send = (status: number, body: object) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url === '/auth/login') return send(200, { tokens: { accessToken: 'local' } })
    if (headers.authorization === 'Bearer wrong')
      return send(403, { code: 'FORBIDDEN', detail: 'This needs a staff account.' })
    if (url?.includes('cursor=next'))
      return send(200, {
        data: [
          { orderId: one, drifts: ['cancelled-keeps-money', 'captured-not-total'], since: '2026-11-21T10:00:00.000Z' },
        ],
        next_cursor: null,
        checkedAt,
      })
    return send(200, {
      data: [{ orderId: two, drifts: ['sent-not-captured'], since: '2026-11-21T11:37:00.000Z' }],
      next_cursor: 'next',
      checkedAt,
    })
  })
  const listening = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
    })
  })
  after(() => server.close())

  test('prints each order, the oldest first, and ends with 1', async () => {
    const { status, out } = await command(['--url', await listening], { SHOP_TOKEN: '' })
    assert.equal(status, 1)
    assert.match(out, /2 orders do not add up/)
    assert.match(
      out,
      new RegExp(`${one} +2 h +cancelled-keeps-money, captured-not-total\n +${two} +23 min +sent-not-captured`),
    )
    assert.deepEqual(asked.slice(0, 3), [
      'POST /auth/login',
      'GET /reports/reconciliation?limit=100&olderThanMinutes=15 Bearer local',
      'GET /reports/reconciliation?limit=100&olderThanMinutes=15&cursor=next Bearer local',
    ])
  })

  test('says what is wrong when it cannot ask, and ends with 2', async () => {
    const url = await listening
    const cases: [string[], Record<string, string>, RegExp][] = [
      [['--url', 'https://api.example.com'], { SHOP_TOKEN: '' }, /set SHOP_TOKEN to a staff access token/],
      [['--url', 'nowhere'], {}, /--url takes an address/],
      [['--minutes', 'soon'], {}, /--minutes takes a whole number, not "soon"/],
      [['--hours', '1'], {}, /Unknown option '--hours'/],
      [['--url', url], { SHOP_TOKEN: 'wrong' }, /answered 403 FORBIDDEN: This needs a staff account/],
      [['--url', 'http://127.0.0.1:1'], {}, /open it with npm start/],
    ]
    for (const [args, environment, said] of cases) {
      const { status, err } = await command(args, environment)
      assert.equal(status, 2, args.join(' '))
      assert.match(err, said)
      assert.doesNotMatch(err, /\n +at /, 'no stack')
    }
  })

  test('--help', async () => {
    const { status, out } = await command(['--help'])
    assert.equal(status, 0)
    assert.match(out, /--minutes N/)
  })
})
