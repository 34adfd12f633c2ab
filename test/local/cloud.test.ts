/** What there is besides functions and routes: a start that is not done yet, tables, keys, secrets, mail. */
import assert from 'node:assert/strict'
import { createHash, createVerify, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses'
import { type Cloud, startCloud } from '../../cdk/local/cloud.ts'
import { synthesise } from './fixtures/app.ts'
import { clientOf, eventually, temporaryFolder } from './fixtures/setting.ts'

const folder = temporaryFolder()
let cloud: Cloud

before(async () => {
  synthesise(join(folder.path, 'assembly'), join(folder.path, 'journal'))
  cloud = await startCloud({ assembly: join(folder.path, 'assembly'), stateDirectory: folder.path, port: 0 })
})
after(async () => {
  await cloud?.stop()
  folder.remove()
})

test('whoever asks before all is built is told to come again', async () => {
  const own = temporaryFolder()
  const { promise: assembly, resolve: goOn } = Promise.withResolvers<string>()
  const startingMessage = 'The tests are about to begin.'
  const starting = startCloud({ assembly: () => assembly, stateDirectory: own.path, port: 0, startingMessage })
  const address = await eventually(() => /http:\S+/.exec(readFileSync(join(own.path, 'lock'), 'utf8'))?.[0])
  const response = await fetch(`${address}/things`)
  assert.deepEqual(
    { status: response.status, retryAfter: response.headers.get('retry-after') },
    { status: 503, retryAfter: '1' },
  )
  assert.deepEqual(await response.json(), { message: startingMessage })
  goOn(join(folder.path, 'assembly'))
  await (await starting).stop()
  own.remove()
})

describe('other services', () => {
  test('table descriptions name our region', async () => {
    const client = new DynamoDBClient(clientOf(cloud.awsEndpoint))
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'items' }))
    assert.equal(Table?.TableArn, 'arn:aws:dynamodb:eu-central-1:000000000000:table/items')
  })

  test('KMS signs messages and digests alike', async () => {
    const client = new KMSClient(clientOf(cloud.awsEndpoint))
    const KeyId = 'alias/signing'
    const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256'
    const message = Buffer.from('to be signed')
    const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId }))
    const key = { key: Buffer.from(PublicKey), format: 'der', type: 'spki' } as const
    const digest = createHash('sha256').update(message).digest()
    const raw = await client.send(new SignCommand({ KeyId, SigningAlgorithm, Message: message }))
    const digested = await client.send(
      new SignCommand({ KeyId, SigningAlgorithm, Message: digest, MessageType: 'DIGEST' }),
    )
    assert.ok(verify('sha256', message, key, Buffer.from(raw.Signature ?? [])))
    assert.deepEqual(raw.Signature, digested.Signature)
    assert.ok(
      createVerify('sha256')
        .update(message)
        .verify(key, Buffer.from(digested.Signature ?? [])),
    )
  })

  test('a secret is generated', async () => {
    const client = new SecretsManagerClient(clientOf(cloud.awsEndpoint))
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'secret' }))
    assert.equal(SecretString?.length, 40)
  })

  test('mail becomes files whose names sort', async () => {
    const client = new SESClient(clientOf(cloud.awsEndpoint))
    await client.send(
      new SendEmailCommand({
        Source: 'shop@example.com',
        Destination: { ToAddresses: ['jo@example.com'] },
        Message: {
          Subject: { Data: 'Grüße\r\nBcc: x@y.z' },
          Body: { Text: { Data: 'Hello' }, Html: { Data: '<p>Hello' } },
        },
      }),
    )
    await client.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('From: a@b.c\r\n\r\nraw') } }))
    const mails = readdirSync(join(folder.path, 'mail')).sort()
    assert.equal(mails.length, 2)
    const [first, second] = mails.map((name) => readFileSync(join(folder.path, 'mail', name), 'utf8'))
    assert.match(first ?? '', /^To: jo@example.com\r$/m)
    assert.match(first ?? '', /^Subject: =\?UTF-8\?B\?/m)
    assert.doesNotMatch(first ?? '', /^Bcc:/m)
    assert.match(first ?? '', /multipart\/alternative/)
    assert.match(second ?? '', /raw$/)
  })
})
