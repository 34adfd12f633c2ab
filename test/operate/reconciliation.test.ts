/** Orders that do not add up, which no client can bring about: found, told, and settled. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { nothingLeft, reconcile } from '../support/reconcile.ts'
import { type Json, someId } from '../support/service.ts'
import { eventually, openLocalShop, staffToken } from '../support/shop.ts'

const shop = await openLocalShop()
after(() => shop.stop())
const staff = await staffToken(shop)
const { prefix } = stageNamed('dev')

/** What an operator with all rights could do: runs a function past the routes and queues. */
const invoke = async (name: string, payload: object): Promise<string> => {
  const answer = await shop.cloud.invoke(`${prefix}-${name}`, payload)
  assert.ok(answer.kind === 'answered' && answer.functionError === undefined, `${name}: ${JSON.stringify(answer)}`)
  return answer.payload
}

/** Lets half an hour pass over a record. */
const age = async (orderId: string): Promise<void> => {
  const stack = `${prefix}-reporting`
  const template = JSON.parse(readFileSync(join(await prepareAssembly(), `${stack}.template.json`), 'utf8'))
  const table = Object.entries<Json>(template.Resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table')
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: shop.cloud.awsEndpoint,
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
    const orderId = someId('ord')
    const customerId = someId('gst')
    const total = { amount: 4200, currency: 'EUR' }
    await invoke('payments-authorize', { input: { orderId, customerId, total, method: 'sandbox_ok' } })
    await invoke('payments-capture', { input: { orderId } })
    const read = (query: { olderThanMinutes?: number }) =>
      shop.request('GET /reports/reconciliation', { token: staff, query })
    const found = await eventually(
      () => read({ olderThanMinutes: 0 }),
      ({ body }) => body.data.length === 1,
    )
    const [drift] = found.body.data
    assert.deepEqual(
      { orderId: drift?.orderId, drifts: drift?.drifts },
      { orderId, drifts: ['captured-unknown-order'] },
    )
    await invoke('reporting-reconcile', {})
    const payment = () => shop.request('GET /orders/{orderId}/payment', { token: staff, params: { orderId } })
    assert.equal((await payment()).body.status, 'captured', 'not before its time')

    await age(orderId)
    const told = await reconcile(['--url', shop.url], { SHOP_TOKEN: staff })
    assert.equal(told.status, 1)
    assert.match(told.output, new RegExp(`1 order does not add up.*\\n\\n +${orderId} +30 min +captured-unknown-order`))
    await invoke('reporting-reconcile', {})
    assert.deepEqual(
      { status: (await payment()).body.status, refunded: (await payment()).body.refunded },
      { status: 'refunded', refunded: total },
    )
    await nothingLeft(shop, staff)
  })
})
