import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Context } from 'aws-lambda'
import { endpoint, service } from '../../shared/contract/endpoint.ts'
import { openApiDocument } from '../../shared/contract/openapi.ts'
import { Bytes } from '../../shared/contract/schema.ts'
import { logger } from '../../shared/runtime/observability.ts'
import type { HttpEvent } from '../../shared/runtime/request.ts'
import { type Answer, serve } from '../../shared/runtime/serve.ts'

process.env.POWERTOOLS_METRICS_DISABLED = 'true'
logger.setLogLevel('SILENT')

const picture = endpoint({
  method: 'GET',
  path: '/picture',
  caller: 'anyone',
  summary: 'Show a picture',
  success: { status: 200, body: Bytes, contentType: 'image/*' },
})

const eventWith = (headers: Record<string, string>): HttpEvent => ({
  version: '2.0',
  routeKey: 'GET /picture',
  rawPath: '/picture',
  rawQueryString: '',
  headers,
  requestContext: {
    accountId: '0',
    apiId: 'api',
    domainName: 'api.example',
    domainPrefix: 'api',
    http: { method: 'GET', path: '/picture', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: '1',
    routeKey: 'GET /picture',
    stage: '$default',
    time: '05/Nov/2026:08:30:00 +0000',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
})

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'picture',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:picture',
  memoryLimitInMB: '512',
  awsRequestId: '1',
  logGroupName: 'picture',
  logStreamName: '1',
  getRemainingTimeInMillis: () => 1_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
}

const ask = async (answer: Answer<typeof picture>, headersSent: Record<string, string> = {}) => {
  const { headers, ...rest } = await serve(picture, {}, async () => answer)(eventWith(headersSent), context)
  return { ...rest, type: headers?.['content-type'] }
}

describe('bytes', () => {
  test('are answered in Base64, with the type that the answer names', async () => {
    const bytes = new Uint8Array([0, 255, 1, 2]).subarray(1, 3)
    const body = Buffer.from([255, 1]).toString('base64')
    assert.deepEqual(await ask({ body: bytes, headers: { 'content-type': 'image/png' } }), {
      statusCode: 200,
      body,
      isBase64Encoded: true,
      type: 'image/png',
    })
    assert.equal((await ask({ body: bytes })).type, 'image/*')
  })

  test('a problem instead of them is JSON', async () => {
    const { body, isBase64Encoded, type } = {
      isBase64Encoded: undefined,
      body: '',
      ...(await ask({ problem: 'NOT_FOUND', detail: 'x' })),
    }
    assert.deepEqual(
      { code: JSON.parse(body).code, isBase64Encoded, type },
      { code: 'NOT_FOUND', isBase64Encoded: undefined, type: 'application/problem+json' },
    )
  })

  test('stand in the API’s description as a type without a form', () => {
    const pictures = service({ name: 'pictures', summary: 'x', personalData: 'none', endpoints: { picture } })
    const { paths } = openApiDocument([pictures], { title: 'x', version: '1', url: 'https://api.example' })
    const responses: Record<string, unknown> = { ...paths['/picture']?.get?.responses }
    assert.deepEqual(JSON.parse(JSON.stringify(responses[200])).content, { 'image/*': { schema: {} } })
  })
})

describe('every answer', () => {
  test('is not to be taken for another type, and is to be asked for by HTTPS from then on', async () => {
    const answers: (() => Promise<Answer<typeof picture>>)[] = [
      async () => ({ body: new Uint8Array([1]) }),
      async () => ({ problem: 'NOT_FOUND', detail: 'x' }),
      () => Promise.reject(new Error('ours')),
    ]
    for (const answer of answers) {
      const { headers } = await serve(picture, {}, answer)(eventWith({}), context)
      assert.equal(headers?.['x-content-type-options'], 'nosniff')
      assert.equal(headers?.['strict-transport-security'], 'max-age=31536000')
    }
  })
})

describe('the network address of whoever asks', () => {
  const askedFrom = async (headers: Record<string, string>): Promise<string> => {
    let told = ''
    const noting = serve(picture, {}, async ({ sourceIp }) => {
      told = sourceIp
      return { problem: 'NOT_FOUND', detail: 'x' }
    })
    await noting(eventWith(headers), context)
    return told
  }

  test('is the one that the gateway sees, unless a content network stands before it and says another', async () => {
    const header = 'x-viewer-address'
    assert.equal(await askedFrom({ [header]: '203.0.113.9' }), '192.0.2.1')
    process.env.VIEWER_ADDRESS_HEADER = header
    try {
      assert.equal(await askedFrom({ [header]: '203.0.113.9' }), '203.0.113.9')
      assert.equal(await askedFrom({ [header]: '2001:db8::7' }), '2001:db8::7')
      const wrongs: Record<string, string>[] = [
        {},
        { [header]: '' },
        { [header]: '203.0.113.9, 1.1.1.1' },
        { [header]: 'x'.repeat(2_000_000) },
      ]
      for (const wrong of wrongs) assert.equal(await askedFrom(wrong), '192.0.2.1')
    } finally {
      delete process.env.VIEWER_ADDRESS_HEADER
    }
  })
})

describe('behind CloudFront', () => {
  const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
  const statusWith = async (headers: Record<string, string>) =>
    (await ask({ body: new Uint8Array([1]) }, headers)).statusCode

  test('who goes around it is refused, whatever secret they show but those two', async () => {
    assert.equal(await statusWith({}), 200)
    process.env.ORIGIN_SECRET_HASHES = `${hashOf('new secret')} ${hashOf('old secret')}`
    try {
      for (const secret of ['new secret', 'old secret'])
        assert.equal(await statusWith({ 'x-origin-secret': secret }), 200, secret)
      for (const secret of ['', 'another secret', hashOf('new secret'), process.env.ORIGIN_SECRET_HASHES])
        assert.equal(await statusWith({ 'x-origin-secret': secret }), 403, secret)
      assert.equal(await statusWith({}), 403)
    } finally {
      delete process.env.ORIGIN_SECRET_HASHES
    }
  })
})
