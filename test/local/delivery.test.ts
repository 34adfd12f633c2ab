import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { type Cloud, manualClock, startCloud } from '../../cdk/local/cloud.ts'
import { synthesise } from './fixtures/app.ts'
import { clientOf, eventually, readJournal, temporaryFolder } from './fixtures/setting.ts'

const folder = temporaryFolder()
const journal = join(folder.path, 'journal')
const clock = manualClock(Date.now())
let cloud: Cloud
let sqs: SQSClient
let events: EventBridgeClient
let dynamodb: DynamoDBClient

before(async () => {
  synthesise(join(folder.path, 'assembly'), journal)
  cloud = await startCloud({ assembly: join(folder.path, 'assembly'), stateDirectory: folder.path, port: 0, clock })
  const client = clientOf(cloud.awsEndpoint)
  sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false })
  events = new EventBridgeClient(client)
  dynamodb = new DynamoDBClient(client)
})
after(async () => {
  await cloud?.stop()
  folder.remove()
})

/** A function that runs takes none of the shop's time here, however long this machine lets it run. */
const passWhileNothingRuns = (ms: number): void => {
  if (cloud.invocations() === 0) clock.advance(ms)
}

const url = (queue: string) => `${cloud.awsEndpoint}/000000000000/${queue}`
const receive = async (queue: string, VisibilityTimeout?: number) => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url(queue),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout }),
    }),
  )
  return Messages
}
const remove = async (queue: string, messages: { ReceiptHandle?: string | undefined }[]) => {
  for (const { ReceiptHandle } of messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url(queue), ReceiptHandle }))
}
const seen = (by: string, name: string) =>
  readJournal(journal, by).filter(({ items }) => items.some((item) => item.name === name)).length

type Entry = { Source?: string; DetailType?: string; Detail?: string }
const publish = (...entries: Entry[]) =>
  events.send(
    new PutEventsCommand({
      Entries: entries.map((entry) => ({
        EventBusName: 'bus',
        Source: 'shop',
        DetailType: 'order.placed',
        Detail: '{}',
        ...entry,
      })),
    }),
  )
const placed = (detail: object): Entry => ({ Detail: JSON.stringify(detail) })

describe('queues', () => {
  test('a message comes again when its visibility time-out has passed, and not before', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: url('plain'), MessageBody: 'one' }))
    assert.equal((await receive('plain')).length, 1)
    clock.advance(29_999)
    assert.equal((await receive('plain')).length, 0)
    clock.advance(1)
    const again = await receive('plain')
    assert.equal(again[0]?.Attributes?.ApproximateReceiveCount, '2')
    await remove('plain', again)
    clock.advance(60_000)
    assert.equal((await receive('plain')).length, 0)
  })

  test('a delayed message comes late; attributes come along', async () => {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'late' } }
    await sqs.send(
      new SendMessageCommand({ QueueUrl: url('plain'), MessageBody: 'two', DelaySeconds: 10, MessageAttributes }),
    )
    assert.equal(cloud.queues().plain?.delayed, 1)
    assert.equal((await receive('plain')).length, 0)
    clock.advance(10_000)
    const messages = await receive('plain')
    assert.equal(messages[0]?.MessageAttributes?.kind?.StringValue, 'late')
    await remove('plain', messages)
  })

  test('a waiting receiver is woken by a send', async () => {
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: url('plain'), WaitTimeSeconds: 20 }))
    await sqs.send(new SendMessageCommand({ QueueUrl: url('plain'), MessageBody: 'three' }))
    const { Messages = [] } = await waiting
    assert.equal(Messages[0]?.Body, 'three')
    await remove('plain', Messages)
  })

  test('entries of a batch fail alone; a queue that does not exist is an error', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'fine' },
      { Id: 'b', MessageBody: 'late', DelaySeconds: 901 },
    ]
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('plain'), Entries }))
    assert.deepEqual(
      { Successful: Successful?.map(({ Id }) => Id), Failed: Failed?.map(({ Id }) => Id) },
      { Successful: ['a'], Failed: ['b'] },
    )
    await remove('plain', await receive('plain'))
    await assert.rejects(receive('nowhere'), /does not exist/)
  })
})

describe('bus', () => {
  test('a matching event reaches its queue and its function', async () => {
    const { FailedEntryCount } = await publish(placed({ name: 'first' }), {
      ...placed({ name: 'other' }),
      DetailType: 'x',
    })
    assert.equal(FailedEntryCount, 0)
    await eventually(() => seen('deliveries', 'first') === 1)
    await cloud.idle(5_000)
    assert.equal(seen('deliveries', 'other'), 0)
    assert.equal(cloud.metrics.events.get('order.placed'), 1)
  })

  test('entries fail alone, a whole request for its size and count', async () => {
    const { FailedEntryCount, Entries = [] } = await publish(
      { Detail: '{not json' },
      { Detail: '[]' },
      { Source: '' },
      { Source: 'aws.shop' },
      placed({ name: 'second' }),
    )
    assert.equal(FailedEntryCount, 4)
    assert.deepEqual(
      Entries.map(({ ErrorCode }) => ErrorCode),
      ['MalformedDetail', 'MalformedDetail', 'InvalidArgument', 'NotAuthorizedForSourceException', undefined],
    )
    await assert.rejects(publish(...Array.from({ length: 11 }, () => placed({}))), { name: 'ValidationException' })
    await assert.rejects(publish(placed({ text: 'x'.repeat(262_144) })), /over the limit/)
    await eventually(() => seen('deliveries', 'second') === 1)
  })

  test('a queue whose policy does not let the rule in: the event goes to the target’s dead-letter queue', async () => {
    // Here that is the queue with a consumer.
    await publish({ ...placed({ name: 'unwelcome' }), DetailType: 'order.lost' })
    await eventually(() => seen('deliveries', 'unwelcome') === 1)
    assert.equal(cloud.queues().closed?.visible, 0)
  })

  test('a rule invokes its function, which gets the event as it is', async () => {
    await publish({ ...placed({ name: 'heard' }), DetailType: 'order.heard' })
    await eventually(() => seen('hearer', 'heard') === 1)
    await cloud.idle(5_000)
    assert.deepEqual(cloud.deliveries().hearer, { accepted: 1, passed: 1, givenUp: 0, waiting: 0 })
  })

  test('an event that its function fails on for good: Lambda’s record of it in the on-failure queue', async () => {
    await publish({ ...placed({ name: 'unheard', mode: 'fail' }), DetailType: 'order.heard' })
    await eventually(
      () => cloud.queues().dead?.visible === 1,
      () => passWhileNothingRuns(10_000),
    )
    assert.equal(seen('hearer', 'unheard'), 3)
    const dead = await receive('dead')
    const { requestContext, requestPayload, responseContext, responsePayload } = JSON.parse(dead[0]?.Body ?? '')
    assert.deepEqual(
      { condition: requestContext.condition, times: requestContext.approximateInvokeCount },
      { condition: 'RetriesExhausted', times: 3 },
    )
    assert.match(requestContext.functionArn, /:function:hearer:\$LATEST$/)
    assert.deepEqual(
      { type: requestPayload['detail-type'], source: requestPayload.source, detail: requestPayload.detail },
      { type: 'order.heard', source: 'shop', detail: { name: 'unheard', mode: 'fail' } },
    )
    assert.equal(responseContext.functionError, 'Unhandled')
    assert.equal(responsePayload.errorMessage, 'as told')
    await remove('dead', dead)
  })

  test('more events than may run at once: all are worked off, one after the other', async () => {
    const names = ['one', 'two', 'three', 'four']
    await publish(...names.map((name) => ({ ...placed({ name, mode: 'slow' }), DetailType: 'order.heard' })))
    await eventually(
      () => names.every((name) => seen('hearer', name) === 1),
      () => passWhileNothingRuns(100),
    )
    await cloud.idle(5_000)
  })

  test('a function whose permission does not let the rule in: the event goes to the target’s dead-letter queue', async () => {
    await publish({ ...placed({ name: 'refused' }), DetailType: 'order.unheard' })
    await eventually(() => cloud.queues().dead?.visible === 1)
    const dead = await receive('dead')
    assert.equal(dead[0]?.MessageAttributes?.ERROR_CODE?.StringValue, 'NO_PERMISSIONS')
    assert.equal(JSON.parse(dead[0]?.Body ?? '').detail.name, 'refused')
    assert.equal(seen('hearer', 'refused'), 0)
    await remove('dead', dead)
  })

  test('only failed items come again, after the visibility time-out', async () => {
    await publish(placed({ name: 'good' }), placed({ name: 'once', mode: 'fail-once' }))
    await eventually(() => seen('deliveries', 'once') === 1 && seen('deliveries', 'good') === 1)
    await eventually(() => cloud.queues().orders?.inFlight === 1 && cloud.invocations() === 0)
    clock.advance(30_000)
    await eventually(() => seen('deliveries', 'once') === 2)
    await cloud.idle(5_000)
    assert.equal(seen('deliveries', 'good'), 1)
  })

  test('after maxReceiveCount a message goes to the dead-letter queue', async () => {
    await publish(placed({ name: 'poison', mode: 'throw' }))
    await eventually(
      () => cloud.queues().dead?.visible === 1,
      () => passWhileNothingRuns(10_000),
    )
    assert.equal(seen('deliveries', 'poison'), 2)
    const dead = await receive('dead')
    assert.equal(JSON.parse(dead[0]?.Body ?? '').detail.name, 'poison')
    await remove('dead', dead)
  })

  test('every message is accounted for: sent = removed + dead-lettered, and how many came over the bus', async () => {
    const traffic = (queue: string) => ({ ...cloud.queues()[queue]?.traffic })
    await cloud.idle(5_000)
    const [orders, dead, plain] = ['orders', 'dead', 'plain'].map(traffic)
    await publish(placed({ name: 'counted' }))
    await eventually(() => (traffic('orders').removed ?? 0) === (orders?.removed ?? 0) + 1)
    // Alone, since its failure would send back whatever shares its batch.
    await publish(placed({ name: 'given up', mode: 'throw' }))
    await eventually(
      () => cloud.queues().dead?.visible === 1,
      () => passWhileNothingRuns(10_000),
    )
    assert.deepEqual(traffic('orders'), {
      sent: (orders?.sent ?? 0) + 2,
      fromBus: (orders?.fromBus ?? 0) + 2,
      removed: (orders?.removed ?? 0) + 1,
      deadLettered: (orders?.deadLettered ?? 0) + 1,
    })
    await remove('dead', await receive('dead'))
    assert.deepEqual(traffic('dead'), { ...dead, removed: (dead?.removed ?? 0) + 1 })
    await sqs.send(new SendMessageCommand({ QueueUrl: url('plain'), MessageBody: 'by hand' }))
    assert.deepEqual(traffic('plain'), { ...plain, sent: (plain?.sent ?? 0) + 1 })
    await remove('plain', await receive('plain'))
  })

  test('a filtered message is removed without an invocation', async () => {
    await publish(placed({ name: 'ignored', ignore: true }))
    await cloud.idle(5_000)
    assert.equal(seen('deliveries', 'ignored'), 0)
  })

  test('a batch waits for more until its window is over, or until somebody waits for the shop to be idle', async () => {
    const gathered = () => readJournal(journal, 'gatherer').map(({ items }) => items.map(({ name }) => name))
    const send = (name: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: url('gathered'),
          MessageBody: JSON.stringify({ id: name, detail: { name } }),
        }),
      )
    await send('a')
    await send('b')
    clock.advance(59_000)
    assert.deepEqual(gathered(), [])
    clock.advance(1_000)
    await eventually(() => gathered().length === 1)
    await send('c')
    await send('d')
    await cloud.idle(5_000)
    assert.deepEqual(gathered(), [
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test('a schedule invokes its target', async () => {
    const invoked = cloud.metrics.invocations.get('actor') ?? 0
    clock.advance(300_000)
    await eventually(() => (cloud.metrics.invocations.get('actor') ?? 0) > invoked)
  })
})

describe('streams', () => {
  let count = 0
  const put = (name: string, mode = 'ok', pk = 'same', more = {}) =>
    dynamodb.send(
      new PutItemCommand({
        TableName: 'items',
        Item: {
          pk: { S: pk },
          sk: { S: String(++count).padStart(4, '0') },
          name: { S: name },
          mode: { S: mode },
          ...more,
        },
      }),
    )
  const calls = (name: string) =>
    readJournal(journal, 'changes')
      .map(({ items }) => items.map((item) => item.name))
      .filter((names) => names.includes(name))

  test('records come in order', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `in-order-${index}`)
    for (const name of names) await put(name)
    await eventually(() => calls('in-order-19').length > 0)
    const all = readJournal(journal, 'changes').flatMap(({ items }) => items.map(({ name }) => name))
    assert.deepEqual(all, names)
    await cloud.idle(5_000)
  })

  test('a window is not waited for by who waits for the shop to be idle', async () => {
    await put('watched', 'ok', 'watched')
    await cloud.idle(5_000)
    const watched = readJournal(journal, 'watcher').flatMap(({ items }) => items.map(({ name }) => name))
    assert.deepEqual(watched, ['watched'])
  })

  /** Writes all of `entries` in one transaction-like burst: the reader is kept busy by a first, slow-failing record. */
  const burst = async (entries: [name: string, mode: string][]) => {
    await put(`${entries[0]?.[0]}-gate`, 'fail-once')
    await eventually(() => calls(`${entries[0]?.[0]}-gate`).length === 1)
    for (const [name, mode] of entries) await put(name, mode)
    clock.advance(1_000)
  }

  test('a partial answer checkpoints at the lowest failed record', async () => {
    await burst([
      ['p0', 'ok'],
      ['p1', 'fail-once'],
      ['p2', 'ok'],
    ])
    await eventually(
      () => calls('p2').length === 2,
      () => passWhileNothingRuns(1_000),
    )
    assert.deepEqual(calls('p0'), [['p0', 'p1', 'p2']])
    assert.deepEqual(calls('p1'), [
      ['p0', 'p1', 'p2'],
      ['p1', 'p2'],
    ])
  })

  test('a failing batch is split until the culprit is alone, which then goes to the on-failure queue', async () => {
    await burst([
      ['b0', 'ok'],
      ['b1', 'ok'],
      ['b2', 'throw'],
      ['b3', 'ok'],
    ])
    await eventually(
      () => calls('b3').some((names) => names.length === 1),
      () => passWhileNothingRuns(1_000),
    )
    await eventually(() => cloud.queues().dead?.visible === 1)
    assert.deepEqual(calls('b2'), [['b0', 'b1', 'b2', 'b3'], ['b2', 'b3'], ['b2'], ['b2']])
    assert.deepEqual(calls('b0'), [
      ['b0', 'b1', 'b2', 'b3'],
      ['b0', 'b1'],
    ])
    const dead = await receive('dead')
    const note = JSON.parse(dead[0]?.Body ?? '')
    assert.equal(note.requestContext.condition, 'RetryAttemptsExhausted')
    assert.equal(note.DDBStreamBatchInfo.batchSize, 1)
    assert.equal(note.DDBStreamBatchInfo.startSequenceNumber, note.DDBStreamBatchInfo.endSequenceNumber)
    await remove('dead', dead)
  })

  test('items whose time has passed are deleted, late', async () => {
    const seconds = Math.floor(clock.now() / 1000) + 100
    await put('fleeting', 'ok', 'short', { expiresAt: { N: String(seconds) } })
    const items = () =>
      cloud.invoke('actor', {
        do: 'call',
        service: 'dynamodb',
        target: 'DynamoDB_20120810.GetItem',
        input: { TableName: 'items', Key: { pk: { S: 'short' }, sk: { S: String(count).padStart(4, '0') } } },
      })
    const isThere = async () => {
      const result = await items()
      return result.kind === 'answered' && result.payload.includes('fleeting')
    }
    assert.ok(await isThere())
    await eventually(
      async () => !(await isThere()),
      () => passWhileNothingRuns(300_000),
    )
  })
})
