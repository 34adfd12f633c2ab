import assert from 'node:assert/strict'
import { createHash, createHmac, createVerify, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
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

const get = (path: string, headers: { [name: string]: string } = {}) => fetch(cloud.url + path, { headers })

const invoke = async (name: string, payload: object) => {
  const result = await cloud.invoke(name, payload)
  assert.equal(result.kind, 'answered')
  return result.kind === 'answered' ? { ...result, content: JSON.parse(result.payload) } : assert.fail()
}

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

describe('HTTP API', () => {
  test('the event has payload format 2.0', async () => {
    const response = await fetch(`${cloud.url}/things/a%20b%2Bc?x=1&x=2&y=%20z&__proto__=p&constructor=c`, {
      method: 'POST',
      headers: { cookie: 'a=1; b=2', 'content-type': 'application/json', 'X-Own': 'Text' },
      body: '{"a":1}',
    })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json')
    const event = JSON.parse(await response.text())
    assert.equal(event.version, '2.0')
    assert.equal(event.routeKey, 'ANY /things/{id}')
    assert.equal(event.rawPath, '/things/a b+c')
    assert.equal(event.rawQueryString, 'x=1&x=2&y=%20z&__proto__=p&constructor=c')
    assert.deepEqual(Object.entries(event.queryStringParameters), [
      ['x', '1,2'],
      ['y', ' z'],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
    assert.deepEqual(event.pathParameters, { id: 'a b+c' })
    assert.deepEqual(event.cookies, ['a=1', 'b=2'])
    assert.equal(event.headers['x-own'], 'Text')
    assert.equal(event.headers.cookie, undefined)
    assert.equal(event.body, '{"a":1}')
    assert.equal(event.isBase64Encoded, false)
    assert.equal(event.requestContext.http.method, 'POST')
    assert.equal(event.requestContext.stage, '$default')
    assert.equal(event.requestContext.authorizer, undefined)
  })

  test('a body that is no text comes in Base64', async () => {
    const response = await fetch(`${cloud.url}/things/1`, {
      method: 'PUT',
      body: new Uint8Array([0, 255]),
      headers: { 'content-type': 'image/png' },
    })
    const event = JSON.parse(await response.text())
    assert.deepEqual(
      { body: event.body, isBase64Encoded: event.isBase64Encoded },
      { body: 'AP8=', isBase64Encoded: true },
    )
  })

  test('an answer keeps its status, headers, cookies and bytes', async () => {
    const response = await get('/answers/full')
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('x-made'), 'yes')
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from([0, 1, 2]))
  })

  test('answers of the gateway itself', async () => {
    const cases: [string, number, string][] = [
      ['/nowhere', 404, 'Not Found'],
      ['/answers/broken', 500, 'Internal Server Error'],
      ['/answers/throws', 500, 'Internal Server Error'],
      ['/not-permitted', 500, 'Internal Server Error'],
      ['/things/%ff', 400, 'Bad Request'],
    ]
    for (const [path, status, message] of cases) {
      const response = await get(path)
      assert.deepEqual(
        { path, status: response.status, text: await response.text() },
        { path, status, text: JSON.stringify({ message }) },
      )
    }
    const large = await fetch(`${cloud.url}/things/1`, { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) })
    assert.equal(large.status, 413)
  })

  test('CORS: preflight needs no route, other answers carry the headers', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${cloud.url}/anywhere`, { method: 'OPTIONS', headers })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'http://localhost:3000')
    assert.equal(preflight.headers.get('access-control-max-age'), '3600')
    const response = await get('/nowhere', { origin: 'http://localhost:3000' })
    assert.equal(response.headers.get('access-control-expose-headers'), 'etag')
    const stranger = await get('/nowhere', { origin: 'http://elsewhere' })
    assert.equal(stranger.headers.get('access-control-allow-origin'), null)
  })
})

describe('JWT authorizer', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = () => Math.floor(Date.now() / 1000)
  const header = { alg: 'RS256', kid: 'the-key' }
  const claims = () => ({
    iss: Object.values(cloud.outputs.issuer ?? {})[0],
    aud: 'shop',
    sub: 'usr_1',
    exp: now() + 60,
    iat: now(),
    scope: 'shop staff',
    roles: ['a', 'b'],
    flag: true,
  })
  const kms = () => new KMSClient(clientOf(cloud.awsEndpoint))
  const signed = async (head: object, body: object): Promise<string> => {
    const text = `${encode(head)}.${encode(body)}`
    const request = { KeyId: 'alias/signing', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const
    const { Signature = new Uint8Array() } = await kms().send(
      new SignCommand({ ...request, Message: Buffer.from(text) }),
    )
    return `${text}.${Buffer.from(Signature).toString('base64url')}`
  }
  const ask = (path: string, token: string) => get(path, { authorization: `Bearer ${token}` })

  test('a good token passes; claims arrive as text', async () => {
    const response = await ask('/mine', await signed(header, claims()))
    assert.equal(response.status, 200)
    const { jwt } = JSON.parse(await response.text()).requestContext.authorizer
    assert.equal(jwt.claims.sub, 'usr_1')
    assert.match(jwt.claims.exp, /^\d+$/)
    assert.deepEqual(
      { roles: jwt.claims.roles, flag: jwt.claims.flag, scopes: jwt.scopes },
      { roles: '[a b]', flag: 'true', scopes: null },
    )
  })

  test('without a token: 401 and a challenge', async () => {
    const response = await get('/mine')
    assert.deepEqual(
      { status: response.status, text: await response.text() },
      { status: 401, text: '{"message":"Unauthorized"}' },
    )
    assert.equal(response.headers.get('www-authenticate'), 'Bearer')
  })

  test('one of the scopes is enough, none is 403', async () => {
    assert.equal((await ask('/staff', await signed(header, claims()))).status, 200)
    const response = await ask('/staff', await signed(header, { ...claims(), scope: 'shop staffing' }))
    assert.deepEqual(
      { status: response.status, text: await response.text() },
      { status: 403, text: '{"message":"Forbidden"}' },
    )
    assert.match(response.headers.get('www-authenticate') ?? '', /insufficient_scope/)
  })

  test('client_id stands in for a missing aud only', async () => {
    const { aud: _, ...others } = claims()
    assert.equal((await ask('/mine', await signed(header, { ...others, client_id: 'shop' }))).status, 200)
    assert.equal((await ask('/mine', await signed(header, { ...others, aud: 'x', client_id: 'shop' }))).status, 401)
  })

  const wrongClaims: [string, () => object][] = [
    ['another issuer', () => ({ iss: 'https://elsewhere' })],
    ['another audience', () => ({ aud: 'other' })],
    ['expired', () => ({ exp: now() - 1 })],
    ['without an expiry', () => ({ exp: undefined })],
    ['an expiry that is text', () => ({ exp: String(now() + 60) })],
    ['not yet valid', () => ({ nbf: now() + 60 })],
    ['issued in the future', () => ({ iat: now() + 60 })],
  ]
  for (const [what, change] of wrongClaims) {
    test(`refused: ${what}`, async () => {
      const response = await ask('/mine', await signed(header, { ...claims(), ...change() }))
      assert.equal(response.status, 401)
      const challenge = response.headers.get('www-authenticate') ?? ''
      assert.match(challenge, /^Bearer scope="[^"]*" error="invalid_token" error_description="[^"]+"$/)
      if (what === 'expired') assert.match(challenge, /error_description="the token has expired"/)
    })
  }
  for (const [what, head] of [
    ['an unknown kid', { alg: 'RS256', kid: 'other' }],
    ['no kid', { alg: 'RS256' }],
    ['RS512', { alg: 'RS512', kid: 'the-key' }],
  ] as const) {
    test(`refused: ${what}`, async () => assert.equal((await ask('/mine', await signed(head, claims()))).status, 401))
  }

  test('refused: alg none, HS256 with the public key, altered or malformed tokens', async () => {
    const { PublicKey = new Uint8Array() } = await kms().send(new GetPublicKeyCommand({ KeyId: 'alias/signing' }))
    const symmetric = `${encode({ alg: 'HS256', kid: 'the-key' })}.${encode(claims())}`
    const good = await signed(header, claims())
    const [head, , signature] = good.split('.')
    for (const token of [
      `${encode({ alg: 'none', kid: 'the-key' })}.${encode(claims())}.`,
      `${encode({ alg: 'none', kid: 'the-key' })}.${encode(claims())}.${signature}`,
      `${symmetric}.${createHmac('sha256', PublicKey).update(symmetric).digest('base64url')}`,
      `${head}.${encode({ ...claims(), sub: 'usr_2' })}.${signature}`,
      good.slice(0, -4),
      `${good}=`,
      good.replace('.', '.!'),
      'nonsense',
    ]) {
      assert.equal((await ask('/mine', token)).status, 401, token)
    }
  })
})

describe('functions', () => {
  test('environment and context', async () => {
    const { environment, context, remainingMs } = (await invoke('actor', { do: 'describe' })).content
    assert.equal(environment.AWS_LAMBDA_FUNCTION_NAME, 'actor')
    assert.equal(environment.AWS_ENDPOINT_URL, cloud.awsEndpoint)
    assert.equal(environment._HANDLER, 'index.handler')
    assert.match(environment._X_AMZN_TRACE_ID, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/)
    assert.equal(environment.PATH, undefined, 'the machine’s own environment stays outside')
    assert.equal(context.functionName, 'actor')
    assert.equal(context.memoryLimitInMB, '256')
    assert.equal(context.invokedFunctionArn, 'arn:aws:lambda:eu-central-1:000000000000:function:actor')
    assert.ok(remainingMs > 0 && remainingMs <= 1000)
  })

  test('an error answers as Lambda does and keeps the instance', async () => {
    const count = (await invoke('actor', { do: 'count' })).content
    const { content, functionError } = await invoke('actor', { do: 'throw' })
    assert.equal(functionError, 'Unhandled')
    assert.deepEqual(
      { errorType: content.errorType, errorMessage: content.errorMessage },
      { errorType: 'RangeError', errorMessage: 'as told' },
    )
    assert.ok(Array.isArray(content.trace))
    assert.equal((await invoke('actor', { do: 'count' })).content, count + 2)
  })

  for (const way of ['spin', 'sleep']) {
    test(`a time-out ends the instance, also one that would ${way} on`, async () => {
      const { content, functionError } = await invoke('actor', { do: way, forMs: 60_000 })
      assert.equal(functionError, 'Unhandled')
      assert.match(content.errorMessage, /Task timed out after 1.00 seconds$/)
      assert.equal((await invoke('actor', { do: 'count' })).content, 1, 'a new instance')
    })
  }

  test('an instance that exits is replaced', async () => {
    assert.match((await invoke('actor', { do: 'exit' })).content.errorMessage, /exited without providing a reason/)
    assert.equal((await invoke('actor', { do: 'count' })).content, 1)
  })

  test('requests at once run in instances of their own', async () => {
    const results = await Promise.all(Array.from({ length: 3 }, () => invoke('actor', { do: 'sleep', forMs: 300 })))
    assert.equal(results.filter(({ functionError }) => functionError === undefined).length, 3)
    assert.ok((cloud.metrics.coldStarts.get('actor') ?? 0) >= 3)
  })

  test('reserved concurrency throttles with 429', async () => {
    const client = new LambdaClient(clientOf(cloud.awsEndpoint))
    const Payload = JSON.stringify({ do: 'sleep', forMs: 1_500 })
    const command = () => client.send(new InvokeCommand({ FunctionName: 'limited', Payload }))
    const first = command()
    await eventually(() => (cloud.metrics.invocations.get('limited') ?? 0) > 0)
    await assert.rejects(command(), { name: 'TooManyRequestsException' })
    assert.equal((await first).StatusCode, 200)
    await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'nobody' })), {
      name: 'ResourceNotFoundException',
    })
  })
})

describe('permissions', () => {
  const dynamodb = (operation: string, input: object) => ({
    do: 'call',
    service: 'dynamodb',
    target: `DynamoDB_20120810.${operation}`,
    input,
  })
  const key = { pk: { S: 'a' }, sk: { S: 'b' } }

  test('what the role grants is allowed', async () => {
    const { content } = await invoke('actor', dynamodb('PutItem', { TableName: 'items', Item: key }))
    assert.equal(content.status, 200)
    const read = await invoke('actor', dynamodb('GetItem', { TableName: 'items', Key: key }))
    assert.deepEqual(read.content.answer, { Item: key })
    assert.ok(cloud.usedActions().actor?.some(({ action }) => action === 'dynamodb:PutItem'))
  })

  const refused: [string, object, string][] = [
    ['another action', dynamodb('DeleteItem', { TableName: 'items', Key: key }), 'dynamodb:DeleteItem'],
    ['another table', dynamodb('GetItem', { TableName: 'others', Key: key }), 'table/others'],
    ['an index', dynamodb('Query', { TableName: 'items', IndexName: 'by-kind' }), 'table/items/index/by-kind'],
    [
      'one entry of a transaction',
      dynamodb('TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: 'items', Item: key } },
          { ConditionCheck: { TableName: 'items', Key: key } },
        ],
      }),
      'dynamodb:ConditionCheckItem',
    ],
    [
      'a batch',
      dynamodb('BatchWriteItem', { RequestItems: { items: [{ PutRequest: { Item: key } }] } }),
      'dynamodb:BatchWriteItem',
    ],
    [
      'the bus',
      { do: 'call', service: 'events', target: 'AWSEvents.PutEvents', input: { Entries: [{ EventBusName: 'bus' }] } },
      'events:PutEvents',
    ],
    [
      'another function',
      { do: 'call', service: 'lambda', path: '/2015-03-31/functions/limited/invocations', input: {} },
      'lambda:InvokeFunction',
    ],
  ]
  for (const [what, request, named] of refused) {
    test(`refused: ${what}`, async () => {
      const { status, answer } = (await invoke('actor', request)).content
      assert.ok(status === 400 || status === 403)
      const role = /^User: arn:aws:sts::000000000000:assumed-role\/\S+\/actor is not authorized to perform: /
      assert.match(answer.message, role)
      assert.ok(answer.message.includes(named), answer.message)
    })
  }

  test('an access key that is nobody’s is refused', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }
    const client = new DynamoDBClient({ ...clientOf(cloud.awsEndpoint), credentials })
    await assert.rejects(client.send(new DescribeTableCommand({ TableName: 'items' })), {
      name: 'UnrecognizedClientException',
    })
  })
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
