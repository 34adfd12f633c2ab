/** What goes to AWS, and what comes of its answers: through sockets, to a server that plays AWS. */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, beforeEach, describe, test } from 'node:test'
import { dynamoApi } from '../../shared/runtime/aws/dynamodb.ts'
import { secretsApi } from '../../shared/runtime/aws/secrets-manager.ts'
import { mailApi } from '../../shared/runtime/aws/ses.ts'
import { isOutage } from '../../shared/runtime/errors.ts'

type Reply = { status: number; body: string } | 'hangs up'
type Received = { headers: IncomingHttpHeaders; body: string }

const received: Received[] = []
let replies: Reply[] = []

const server = createServer(async (incoming, outgoing) => {
  received.push({ headers: incoming.headers, body: await text(incoming) })
  const reply = replies.shift() ?? { status: 200, body: '{}' }
  if (reply === 'hangs up') incoming.socket.destroy()
  else outgoing.writeHead(reply.status).end(reply.body)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
assert.ok(address && typeof address === 'object')
const secretAccessKey = 'a secret of this test'
Object.assign(process.env, {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKTEST',
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
})
after(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  received.length = 0
  replies = []
})

const database = dynamoApi()
const failure = (status: number, name: string, more: object = {}): Reply => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'so it is', ...more }),
})
const input = { TableName: 'things', Key: { pk: { S: 'ä' } } }
const change = { TransactItems: [{ Delete: input }] }

const hmac = (key: string | Buffer, content: string): Buffer => createHmac('sha256', key).update(content).digest()
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex')

/** Signature Version 4, as AWS describes how it checks one (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
const signatureOf = ({ headers, body }: Received, service: string): string => {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? []
  const canonical = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const request = ['POST', '/', '', canonical.join(''), names, sha256(body)].join('\n')
  const at = String(headers['x-amz-date'])
  const scope = [at.slice(0, 8), 'eu-central-1', service, 'aws4_request']
  const key = scope.reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${secretAccessKey}`)
  return hmac(key, ['AWS4-HMAC-SHA256', at, scope.join('/'), sha256(request)].join('\n')).toString('hex')
}

const isSigned = (request: Received, service: string): void => {
  const { authorization = '' } = request.headers
  assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKTEST\/\d{8}\/eu-central-1\/\w+\/aws4_request, /)
  assert.match(authorization, /SignedHeaders=[^,]*\bhost;[^,]*x-amz-date/)
  assert.equal(/Signature=(\w+)$/.exec(authorization)?.[1], signatureOf(request, service))
}

describe("an operation of one of AWS's APIs", () => {
  test('is asked for in JSON, signed, and answered', async () => {
    replies = [{ status: 200, body: '{"Item":{"pk":{"S":"ä"}}}' }]
    assert.deepEqual((await database('GetItem', input)).Item, { pk: { S: 'ä' } })
    const [request] = received
    assert.ok(request)
    assert.equal(request.headers['x-amz-target'], 'DynamoDB_20120810.GetItem')
    assert.equal(request.headers['content-type'], 'application/x-amz-json-1.0')
    assert.deepEqual(JSON.parse(request.body), input)
    isSigned(request, 'dynamodb')
  })

  test('goes to where the environment says that this API is, before what it says of all', async () => {
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = process.env.AWS_ENDPOINT_URL
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1'
    try {
      await secretsApi()('GetSecretValue', { SecretId: 'key' })
    } finally {
      process.env.AWS_ENDPOINT_URL = process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER
      delete process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER
    }
    assert.equal(received[0]?.headers['x-amz-target'], 'secretsmanager.GetSecretValue')
  })

  test('of SES is a form', async () => {
    replies = [{ status: 200, body: '<SendRawEmailResponse><SendRawEmailResult/></SendRawEmailResponse>' }]
    await mailApi()('SendRawEmail', { Source: 'shop@example.com', RawMessage: { Data: Buffer.from('a>?') } })
    const [request] = received
    assert.ok(request)
    assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
      Action: 'SendRawEmail',
      Version: '2010-12-01',
      Source: 'shop@example.com',
      'RawMessage.Data': 'YT4/',
    })
    isSigned(request, 'ses')
  })
})

describe('what AWS answers instead', () => {
  test('is an error of that name, with what the answer holds, and not asked for again', async () => {
    replies = [failure(400, 'ConditionalCheckFailedException', { Item: { pk: { S: 'a' } } })]
    await assert.rejects(database('GetItem', input), (error: unknown) => {
      assert.ok(error instanceof Error)
      const { name, message } = error
      assert.deepEqual({ name, message }, { name: 'ConditionalCheckFailedException', message: 'so it is' })
      assert.deepEqual(Reflect.get(error, 'Item'), { pk: { S: 'a' } })
      return !isOutage(error)
    })
    assert.equal(received.length, 1)
  })

  for (const [what, reply] of Object.entries<Reply>({
    'its own fault': failure(500, 'InternalServerError'),
    'too many requests': failure(400, 'ProvisionedThroughputExceededException'),
    'requests too fast': failure(400, 'ThrottlingException'),
    'another attempt still at work': failure(400, 'TransactionInProgressException'),
    'no word of the API': { status: 503, body: '<html>busy</html>' },
    nothing: 'hangs up',
  }))
    test(`is tried again where it is ${what}: three times in all`, async () => {
      replies = [reply, reply]
      assert.equal((await database('GetItem', input)).Item, undefined)
      assert.equal(received.length, 3)
      replies = [reply, reply, reply]
      await assert.rejects(database('GetItem', input))
      assert.equal(received.length, 6)
    })

  test('is an outage where AWS cannot do what was asked', async () => {
    for (const reply of [failure(500, 'InternalServerError'), { status: 503, body: '' }, 'hangs up'] as const) {
      replies = [reply, reply, reply]
      await assert.rejects(database('GetItem', input), isOutage)
    }
  })

  test('of SES is an error of the code in its XML', async () => {
    replies = [{ status: 400, body: '<ErrorResponse><Error><Code>MessageRejected</Code></Error></ErrorResponse>' }]
    await assert.rejects(mailApi()('SendRawEmail', { RawMessage: { Data: Buffer.from('a') } }), {
      name: 'MessageRejected',
    })
  })
})

test('all attempts of a transaction carry one token, and another transaction another', async () => {
  replies = ['hangs up', failure(500, 'InternalServerError')]
  await database('TransactWriteItems', change)
  await database('TransactWriteItems', change)
  const tokens = received.map(({ body }): string => JSON.parse(body).ClientRequestToken)
  assert.equal(tokens.length, 4)
  assert.equal(new Set(tokens.slice(0, 3)).size, 1)
  assert.equal(new Set(tokens).size, 2)
  for (const token of tokens) assert.match(token, /^[\w-]{1,36}$/)
})
