/** The `dead-letters` command against a running shop: one whose parts cannot do their work, then the same one mended. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Cloud, manualClock, startCloud } from '../../../cdk/local/cloud.ts'
import { readAnnouncement } from '../../../cdk/local/state/announcement.ts'
import { objectOf, parseObject, textOf } from '../../../cdk/local/template/json.ts'
import { prepareAssembly } from '../../../cdk/operate/start/prepare.ts'
import { ensureStaff, localStaff } from '../../../cdk/operate/start/staff.ts'
import { openShop, type ShopClient } from '../../../functions/client.ts'
import { clientOf, eventually, temporaryFolder } from '../../local/fixtures/setting.ts'
import { runCommand, runProcess } from '../../support/command/run.ts'

const folder = temporaryFolder()
const state = join(folder.path, 'state')
const clock = manualClock(Date.now())
const whole = await prepareAssembly()
let cloud: Cloud
let staff: string

/** What each of these functions is told wrongly: its table, its bus. */
const faults: Record<string, Record<string, string>> = {
  'shop-dev-catalog-show-availability': { TABLE_NAME: 'nowhere' },
  'shop-dev-catalog-index-products': { TABLE_NAME: 'nowhere' },
  'shop-dev-catalog-relay': { EVENT_BUS_NAME: 'nowhere' },
  'shop-dev-orders-move-overdue': { TABLE_NAME: 'nowhere' },
}

const withFaults = (template: string): string => {
  const content = parseObject(template) ?? {}
  for (const resource of Object.values(objectOf(content.Resources))) {
    const properties = objectOf(objectOf(resource).Properties)
    const variables = objectOf(objectOf(properties.Environment).Variables)
    Object.assign(variables, faults[textOf(properties.FunctionName)])
  }
  return JSON.stringify(content)
}

/** The shop's assembly with those faults; everything but the templates is the shop's own. */
const faultyAssembly = (): string => {
  const directory = join(folder.path, 'assembly')
  mkdirSync(directory)
  for (const name of readdirSync(whole)) {
    const [from, to] = [join(whole, name), join(directory, name)]
    if (name.endsWith('.template.json')) writeFileSync(to, withFaults(readFileSync(from, 'utf8')))
    else symlinkSync(from, to)
  }
  return directory
}

const open = async (assembly: string): Promise<void> => {
  cloud = await startCloud({ assembly, stateDirectory: state, port: 0, clock })
  await ensureStaff(cloud, 'shop-dev')
  staff = (await shop().expect('POST /auth/login', { body: localStaff })).tokens.accessToken
}

const shop = (): ShopClient =>
  openShop({
    url: cloud.url,
    tokens: { read: () => (staff ? { accessToken: staff } : undefined), write: () => undefined },
  })

const operate = (name: string, ...words: string[]) =>
  runCommand(`cdk/operate/commands/${name}.ts`, [...words, '--folder', state])

const command = (...words: string[]) => operate('dead-letters', ...words)

const depthOf = (name: string): number => cloud.queues()[`shop-dev-${name}-dead-letters`]?.visible ?? -1

/** Lets time pass, but leaves the functions enough of their own time to keep up. */
const passTime = () => {
  let calls = 0
  return () => {
    calls += 1
    if (calls % 10 === 0) clock.advance(30_000)
  }
}

before(() => open(faultyAssembly()))
after(async () => {
  await cloud?.stop()
  folder.remove()
})

const sku = 'LOST-1'
const queueUrl = (name: string): string => `${cloud.awsEndpoint}/000000000000/shop-dev-${name}`

describe('dead letters', () => {
  test('without any, it says so', async () => {
    const { status, output } = await runProcess('cdk/operate/commands/dead-letters.ts', ['--folder', state])
    assert.equal(status, 0)
    assert.match(output, /no dead letters in the shop on this machine +\d+ queues/)
  })

  test('work that fails for good ends in its queue: a consumer’s, a relay’s, a projection’s, a schedule’s', async () => {
    const made = await shop().expect('POST /products', {
      body: {
        title: 'Lost product',
        category: 'tests',
        variants: [{ sku, price: { amount: 1000, currency: 'EUR' }, weightGrams: 400 }],
      },
    })
    assert.ok(made.id)
    await shop().expect('POST /stock/{sku}/receipts', { params: { sku }, body: { quantity: 7 } })
    await new LambdaClient(clientOf(cloud.awsEndpoint)).send(
      new InvokeCommand({
        FunctionName: 'shop-dev-catalog-show-availability',
        InvocationType: 'Event',
        Payload: Buffer.from('{"poison":true}'),
      }),
    )
    await eventually(
      () =>
        depthOf('catalog-show-availability') === 3 &&
        depthOf('catalog-relay') === 1 &&
        depthOf('catalog-index-products') > 0 &&
        depthOf('orders-move-overdue') > 0,
      passTime(),
    )
  })

  test('list says how many, since when and why', async () => {
    const { status, output } = await command('list')
    assert.equal(status, 0)
    assert.match(output, /catalog-show-availability {2}3 messages {2}oldest \d+ min/)
    assert.match(output, /2 × failed 3 times: AccessDeniedException: /)
    assert.match(output, /failed 3 times: \$ZodError: /)
    assert.match(
      output,
      /catalog-relay {2}1 message .*\n {2}the reader of the stream gave up after 51 attempts \(RetryAttemptsExhausted/,
    )
    assert.match(output, /orders-move-overdue.*\n.*failed 3 times: AccessDeniedException/)
    assert.equal(depthOf('catalog-show-availability'), 3)
  })

  test('show prints whole messages, with what to look for in logs', async () => {
    const { output } = await command('show', 'catalog-show-availability')
    assert.match(output, /what +stock\.level-changed/)
    assert.match(output, /trace +00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\n/)
    assert.match(output, new RegExp(`"sku": "${sku}"`))
    assert.match(output, /what +not a message of this shop[\s\S]*"poison": true/)
    assert.match(output, /log +grep evt_\w{26} /)
    const relay = await command('show', 'shop-dev-catalog-relay-dead-letters')
    assert.match(relay.output, /what +1 stream record\(s\)[\s\S]*"startSequenceNumber"/)
    const id = /^[0-9a-f-]{36}$/m.exec(relay.output)?.[0] ?? ''
    assert.match((await command('show', 'catalog-relay', id.slice(0, 8))).output, new RegExp(id))
    assert.equal((await command('show', 'catalog-relay', 'none')).status, 2)
  })

  test('what still fails stays, and nothing happens without a yes', async () => {
    const refused = await command('redrive', 'catalog-relay')
    assert.equal(refused.status, 2)
    assert.match(refused.output, /1 message: read their records from the stream again/)
    assert.match(refused.errors, /nobody is there to ask\nadd --yes/)
    for (const name of ['catalog-relay', 'orders-move-overdue']) {
      const depth = depthOf(name)
      const { status, output, errors } = await command('redrive', name, '--yes')
      assert.equal(status, 1)
      assert.match(output, /0 redriven, 1 failed/)
      assert.match(errors, / failed: /)
      assert.equal(depthOf(name), depth)
    }
  })

  test('once the cause is mended, redrive works all of it off that can be', async () => {
    await cloud.stop()
    await open(whole)
    const shown = async () =>
      (await shop().expect('GET /products/{idOrSlug}', { params: { idOrSlug: 'lost-product' } })).variants[0]?.available
    assert.equal(await shown(), 0)
    const { status, output, errors } = await command('redrive', '--all', '--yes')
    assert.equal(status, 1, output)
    assert.match(output, /catalog-show-availability: 2 redriven, 1 failed/)
    assert.match(errors, /message [0-9a-f-]{36} is no event\n +look at it with show, drop it/)
    assert.match(output, /catalog-relay: 1 redriven/)
    assert.match(output, /catalog-index-products: \d+ redriven/)
    assert.match(output, /orders-move-overdue: \d+ redriven/)
    await eventually(() => cloud.metrics.events.get('product.created') === 1)
    await eventually(async () => (await shown()) === 7)
    await eventually(
      async () =>
        (await shop().expect('GET /products', { query: { q: 'lost', inStock: 'true' } })).facets?.matches === 1,
      passTime(),
    )
    for (const name of ['catalog-relay', 'catalog-index-products', 'orders-move-overdue'])
      assert.equal(depthOf(name), 0, name)
  })

  test('a poisoned message stays, and can be dropped', async () => {
    assert.equal(depthOf('catalog-show-availability'), 1)
    const { output } = await command('show', 'catalog-show-availability')
    const id = /^[0-9a-f-]{36}$/m.exec(output)?.[0] ?? ''
    assert.equal((await command('drop', 'catalog-show-availability', id, '--yes')).status, 0)
    assert.equal(depthOf('catalog-show-availability'), 0)
    const again = await command('drop', 'catalog-show-availability', id, '--yes')
    assert.equal(again.status, 2)
    assert.match(again.errors, /holds no message/)
  })

  test('records that the stream has lost: the message stays, and it says what to do', async () => {
    const streamArn = 'arn:aws:dynamodb:eu-central-1:000000000000:table/none/stream/2026-01-01T00:00:00.000'
    const gone = '100000000000000000000'
    const arrival = '2026-01-01T00:00:00.000Z'
    const DDBStreamBatchInfo = {
      ...{ streamArn, shardId: 'shard', startSequenceNumber: gone, endSequenceNumber: gone, batchSize: 1 },
      ...{ approximateArrivalOfFirstRecord: arrival, approximateArrivalOfLastRecord: arrival },
    }
    const sqs = new SQSClient({ ...clientOf(cloud.awsEndpoint), useQueueUrlAsEndpoint: false })
    const MessageBody = JSON.stringify({ DDBStreamBatchInfo })
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('catalog-relay-dead-letters'), MessageBody }))
    const { status, errors } = await command('redrive', 'catalog-relay', '--yes')
    assert.equal(status, 1)
    assert.match(errors, /no longer holds these 1 record\(s\).*24 hours\n.*npm run reconcile/)
    assert.equal(depthOf('catalog-relay'), 1)
  })

  test('mistakes are told with the next step', async () => {
    const unknown = await command('show', 'kitchen')
    assert.equal(unknown.status, 2)
    assert.match(unknown.errors, /there is no dead-letter queue "kitchen"\nthese hold messages: catalog-relay/)
    assert.match((await command('fix')).errors, /there is no command "fix"/)
    assert.match((await command('show')).errors, /show wants a queue/)
    assert.match((await command('--stage', 'moon')).errors, /unknown stage "moon"\nsay --stage dev, or /)
    assert.match((await command('--help')).output, /redrive QUEUE\|--all/)
  })

  test('the search index can be rebuilt; where that breaks off, it says how to go on', async () => {
    const { status, output } = await operate('rebuild-search')
    assert.deepEqual(
      { status, output },
      { status: 0, output: '✓ search knows 1 products of the shop on this machine anew\n' },
    )
    assert.equal((await shop().expect('GET /products', { query: { q: 'lost' } })).data.length, 1)
    const failed = await operate('rebuild-search', '--from', 'nowhere')
    assert.equal(failed.status, 2)
    assert.match(
      failed.errors,
      /after 0 products: shop-dev-catalog-rebuild-search failed: .*\nnothing was done: run it again/,
    )
  })

  test('the note by which the shop is found goes when it stops', async () => {
    assert.equal(readAnnouncement(state)?.awsEndpoint, cloud.awsEndpoint)
    await cloud.stop()
    assert.ok(!existsSync(join(state, 'endpoint.json')))
    const { status, errors } = await command()
    assert.equal(status, 2)
    assert.match(errors, /no shop runs on .*\nopen it with npm start/)
  })
})
