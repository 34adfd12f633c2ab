import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { startCloud } from '../../cdk/local/cloud.ts'
import { synthesise } from './fixtures/app.ts'
import { clientOf, eventually, readJournal, temporaryFolder } from './fixtures/setting.ts'

const folder = temporaryFolder()
const journal = join(folder.path, 'journal')
const assembly = join(folder.path, 'assembly')
const stateDirectory = join(folder.path, 'state')
let child: ChildProcess | undefined

before(() => synthesise(assembly, journal))
after(() => {
  child?.kill('SIGKILL')
  folder.remove()
})

/** Starts the cloud in a process of its own and gives the address of its AWS APIs. */
const startElsewhere = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'fixtures', 'serve.ts')
    const started = spawn(process.execPath, [script, assembly, stateDirectory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = started
    started.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))
    started.once('exit', () => reject(new Error('it ended at once')))
  })

const secretAndKey = async (endpoint: string): Promise<unknown[]> => {
  const { SecretString } = await new SecretsManagerClient(clientOf(endpoint)).send(
    new GetSecretValueCommand({ SecretId: 'secret' }),
  )
  const { PublicKey } = await new KMSClient(clientOf(endpoint)).send(
    new GetPublicKeyCommand({ KeyId: 'alias/signing' }),
  )
  return [SecretString, Buffer.from(PublicKey ?? []).toString('base64')]
}

describe('kill -9', () => {
  test('tables, stream positions, messages, events of functions, keys and secrets survive; the lock is taken over', async () => {
    const endpoint = await startElsewhere()
    const kept = await secretAndKey(endpoint)
    const item = (name: string, mode: string) => ({
      pk: { S: name },
      sk: { S: '1' },
      name: { S: name },
      mode: { S: mode },
    })
    const dynamodb = new DynamoDBClient(clientOf(endpoint))
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item('done', 'ok') }))
    await eventually(() => readJournal(journal, 'changes').some(({ items }) => items[0]?.name === 'done'))
    // Blocks its stream: what comes after it is read but never finished.
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item('stuck', 'hang') }))
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item('later', 'ok') }))
    await new SQSClient({ ...clientOf(endpoint), useQueueUrlAsEndpoint: false }).send(
      new SendMessageCommand({ QueueUrl: `${endpoint}/000000000000/plain`, MessageBody: 'kept' }),
    )
    const Entries = [
      {
        EventBusName: 'bus',
        Source: 'shop',
        DetailType: 'order.placed',
        Detail: JSON.stringify({ name: 'event', mode: 'hang' }),
      },
    ]
    const heard = { ...Entries[0], DetailType: 'order.heard', Detail: JSON.stringify({ name: 'asked', mode: 'hang' }) }
    await new EventBridgeClient(clientOf(endpoint)).send(new PutEventsCommand({ Entries: [...Entries, heard] }))
    await eventually(() => readJournal(journal, 'hearer').some(({ items }) => items[0]?.name === 'asked'))
    await eventually(() => readJournal(journal, 'deliveries').some(({ items }) => items[0]?.name === 'event'))
    await eventually(() =>
      readJournal(journal, 'changes').some(({ items }) => items.some(({ name }) => name === 'stuck')),
    )
    const earlier = readJournal(journal, 'changes').length

    const gone = new Promise((resolve) => child?.once('exit', resolve))
    child?.kill('SIGKILL')
    await gone

    const cloud = await startCloud({ assembly, stateDirectory, port: 0 })
    try {
      assert.deepEqual(await secretAndKey(cloud.awsEndpoint), kept)
      const again = new DynamoDBClient(clientOf(cloud.awsEndpoint))
      const { Item } = await again.send(
        new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'later' }, sk: { S: '1' } } }),
      )
      assert.equal(Item?.name?.S, 'later')
      assert.equal(cloud.queues().plain?.visible, 1)
      await eventually(
        () => readJournal(journal, 'deliveries').filter(({ items }) => items[0]?.name === 'event').length === 2,
      )
      await eventually(
        () => readJournal(journal, 'hearer').filter(({ items }) => items[0]?.name === 'asked').length === 2,
      )
      const names = await eventually(() => {
        const late = readJournal(journal, 'changes').slice(earlier)
        const found = late.flatMap(({ items }) => items.map(({ name }) => name))
        return found.includes('stuck') && found
      })
      assert.ok(!names.includes('done'), 'the checkpoint held')
    } finally {
      await cloud.stop()
    }
  })
})
