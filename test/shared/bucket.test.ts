/** Buckets as functions use them, held against the library's own client and against S3's published rules. */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { bucket } from '../../shared/runtime/bucket.ts'
import { UnavailableError } from '../../shared/runtime/errors.ts'
import { openTestBucket, testBucket, testCredentials } from '../support/objects.ts'

const atMs = Date.now()
let nowMs = atMs
mock.method(Date, 'now', () => nowMs)
const objects = bucket(testBucket)
const s3 = openTestBucket()
const received: { incoming: IncomingMessage; body: Buffer }[] = []
let answer: RequestListener = s3.handle
let server: Server
let endpoint = ''

before(async () => {
  server = createServer((incoming, response) => {
    const entry = { incoming, body: Buffer.alloc(0) }
    received.push(entry)
    incoming.on('data', (chunk: Buffer) => {
      entry.body = Buffer.concat([entry.body, chunk])
    })
    answer(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
  })
})
beforeEach(() => {
  answer = s3.handle
  received.length = 0
})
after(() => {
  server.closeAllConnections()
  server.close()
  s3.stop()
})

const library = () =>
  new S3Client({ endpoint, region: 'eu-central-1', credentials: testCredentials, forcePathStyle: true })

describe('objects', () => {
  const text = 'a picture, say'
  const write = (key: string, content = text) =>
    objects.put(key, { bytes: Buffer.from(content), contentType: 'text/plain' })

  for (const key of ['avatars/usr_1.png', "a b+c/ä'(*)!~€.txt", 'q?x=1&y#z%41', 'dots/../and//slashes/'])
    test(`come back as they were written, also for the library: ${key}`, async () => {
      await write(key)
      const found = await objects.get(key, { maxBytes: 100 })
      assert.ok(typeof found === 'object')
      assert.deepEqual(
        { bytes: found.bytes.toString(), contentType: found.contentType, totalBytes: found.totalBytes },
        { bytes: text, contentType: 'text/plain', totalBytes: text.length },
      )
      const { Body, ETag } = await library().send(new GetObjectCommand({ Bucket: testBucket, Key: key }))
      assert.deepEqual({ text: await Body?.transformToString(), ETag }, { text, ETag: found.etag })
      await objects.remove(key)
      assert.equal(await objects.get(key, { maxBytes: 100 }), 'absent')
      await objects.remove(key)
    })

  test('as the library wrote them', async () => {
    const Body = Buffer.from([0, 255, 13, 10])
    await library().send(new PutObjectCommand({ Bucket: testBucket, Key: 'theirs', Body, ContentType: 'image/png' }))
    const found = await objects.get('theirs', { maxBytes: 4 })
    assert.ok(typeof found === 'object')
    assert.deepEqual({ bytes: found.bytes, contentType: found.contentType }, { bytes: Body, contentType: 'image/png' })
  })

  test('a limit is kept to the byte', async () => {
    await write('large')
    assert.equal(await objects.get('large', { maxBytes: text.length - 1 }), 'too-large')
    assert.notEqual(await objects.get('large', { maxBytes: text.length }), 'too-large')
  })

  test('part by part: each says how much there is, the last is shorter, beyond it there is nothing', async () => {
    await write('parts')
    const parts: string[] = []
    for (let fromByte = 0; ; fromByte += 5) {
      const part = await objects.getRange('parts', { fromByte, maxBytes: 5 })
      if (part === 'past-end') break
      assert.ok(typeof part === 'object')
      assert.equal(part.totalBytes, text.length)
      parts.push(part.bytes.toString())
    }
    assert.deepEqual(parts, ['a pic', 'ture,', ' say'])
    assert.equal(await objects.getRange('nowhere', { fromByte: 0, maxBytes: 5 }), 'absent')
    await write('empty', '')
    assert.equal(await objects.getRange('empty', { fromByte: 0, maxBytes: 5 }), 'past-end')
  })

  test('a part of what has been written anew since is no part of it', async () => {
    await write('same')
    const first = await objects.getRange('same', { fromByte: 0, maxBytes: 5 })
    assert.ok(typeof first === 'object')
    const next = { fromByte: 5, maxBytes: 5, etag: first.etag }
    assert.equal(typeof (await objects.getRange('same', next)), 'object')
    await write('same', 'another picture')
    assert.equal(await objects.getRange('same', next), 'changed')
  })
})

/** Signature Version 4, computed from what arrived (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). */
const signatureOf = ({ incoming, body }: (typeof received)[number]): string => {
  const [, date = '', signed = ''] =
    /Credential=test\/(\d+)\/eu-central-1\/s3\/aws4_request, SignedHeaders=([^,]+),/.exec(
      incoming.headers.authorization ?? '',
    ) ?? []
  const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
  const canonical = [
    incoming.method,
    incoming.url,
    '',
    ...signed.split(';').map((name) => `${name}:${incoming.headers[name]}`),
    '',
    signed,
    sha256(body),
  ].join('\n')
  const scope = `${date}/eu-central-1/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', incoming.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const hmac = (secret: string | Buffer, content: string) => createHmac('sha256', secret).update(content).digest()
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${testCredentials.secretAccessKey}`)
  return hmac(key, toSign).toString('hex')
}

describe('requests', () => {
  test('are signed as S3 wants it, with host, date and the hash of the body', async () => {
    const key = "a b+c/ä'(*)!.txt"
    await objects.put(key, { bytes: Buffer.from([1, 2, 3]), contentType: 'image/png' })
    await objects.get(key, { maxBytes: 3 })
    assert.equal(received.length, 2)
    for (const entry of received) {
      const { authorization = '', ...headers } = entry.incoming.headers
      assert.match(authorization, /SignedHeaders=[^,]*\bhost;[^,]*x-amz-content-sha256;x-amz-date/)
      assert.equal(headers['x-amz-content-sha256'], createHash('sha256').update(entry.body).digest('hex'))
      assert.equal(authorization.split('Signature=')[1], signatureOf(entry))
    }
  })

  test('what S3 fails at is tried again, at most twice', async () => {
    await objects.put('flaky', { bytes: Buffer.from('x'), contentType: 'text/plain' })
    let failures = 2
    answer = (incoming, response) => {
      failures -= 1
      if (failures < 0) s3.handle(incoming, response)
      else if (failures === 0) incoming.socket.destroy()
      else response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
    }
    assert.equal(typeof (await objects.get('flaky', { maxBytes: 10 })), 'object')
    received.length = 0
    answer = (_, response) => response.writeHead(500).end('<Error><Code>InternalError</Code></Error>')
    await assert.rejects(objects.get('flaky', { maxBytes: 10 }), UnavailableError)
    assert.equal(received.length, 3)
  })

  test('what S3 forbids is no outage, and not tried again', async () => {
    answer = (_, response) => response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
    await assert.rejects(objects.get('theirs', { maxBytes: 10 }), /S3 answered 403 AccessDenied/)
    await assert.rejects(bucket('nobodys').remove('x'), /S3 answered 403/)
    assert.equal(received.length, 2)
  })

  test('a bucket that does not exist is a mistake, not an absent object', async () => {
    await assert.rejects(bucket('nobodys').get('x', { maxBytes: 1 }), /S3 answered 404 NoSuchBucket/)
  })
})

describe('upload forms', () => {
  const upload = { key: 'incoming/upl_1', contentType: 'image/png', maxBytes: 8, expiresInSeconds: 300 }
  const policyOf = (fields: Record<string, string>) => JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString())

  const send = (form: { url: string; fields: Record<string, string> }, content: string, changed: object = {}) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...form.fields, ...changed })) body.append(name, String(value))
    body.append('file', new Blob([content], { type: 'text/html' }), 'picture.png')
    return fetch(form.url, { method: 'POST', body })
  }

  test('equal those of the library: fields, conditions and signature', async () => {
    process.env.AWS_SESSION_TOKEN = 'the-token'
    mock.timers.enable({ apis: ['Date'], now: atMs })
    try {
      const ours = await objects.presignedPost(upload)
      const credentials = { ...testCredentials, sessionToken: 'the-token' }
      const client = new S3Client({ endpoint, region: 'eu-central-1', credentials, forcePathStyle: true })
      const theirs = await createPresignedPost(client, {
        Bucket: testBucket,
        Key: upload.key,
        Fields: { 'Content-Type': upload.contentType },
        Conditions: [['content-length-range', 1, upload.maxBytes]],
        Expires: upload.expiresInSeconds,
      })
      assert.deepEqual(ours.fields, theirs.fields)
      assert.equal(ours.url, theirs.url)
      assert.equal(policyOf(ours.fields).expiration, ours.expiresAt)
    } finally {
      mock.timers.reset()
      delete process.env.AWS_SESSION_TOKEN
    }
  })

  test('lead to the bucket’s own host on AWS, as the library’s do', async () => {
    delete process.env.AWS_ENDPOINT_URL
    try {
      const ours = await objects.presignedPost(upload)
      const client = new S3Client({ region: 'eu-central-1', credentials: testCredentials })
      const theirs = await createPresignedPost(client, { Bucket: testBucket, Key: upload.key })
      assert.equal(ours.url, `https://${testBucket}.s3.eu-central-1.amazonaws.com/`)
      assert.equal(ours.url, theirs.url)
    } finally {
      process.env.AWS_ENDPOINT_URL = endpoint
    }
  })

  test('take one file, of exactly the promised type', async () => {
    const response = await send(await objects.presignedPost(upload), 'picture')
    assert.equal(response.status, 204)
    const found = await objects.get(upload.key, { maxBytes: 100 })
    assert.ok(typeof found === 'object')
    assert.deepEqual(
      { bytes: found.bytes.toString(), contentType: found.contentType },
      { bytes: 'picture', contentType: 'image/png' },
    )
  })

  test('take no other key, type, size or time', async () => {
    const form = await objects.presignedPost(upload)
    for (const [status, code, content, changed] of [
      [403, 'AccessDenied', 'picture', { key: 'avatars/of-another' }],
      [403, 'AccessDenied', 'picture', { 'Content-Type': 'text/html' }],
      [403, 'AccessDenied', 'picture', { acl: 'public-read' }],
      [400, 'EntityTooLarge', 'picture over', {}],
      [400, 'EntityTooSmall', '', {}],
      [403, 'SignatureDoesNotMatch', 'picture', { 'X-Amz-Signature': '0'.repeat(64) }],
    ] as const) {
      const response = await send(form, content, changed)
      assert.deepEqual([response.status, /<Code>(\w+)</.exec(await response.text())?.[1]], [status, code])
    }
    nowMs = atMs - 301_000
    const late = await objects.presignedPost(upload)
    nowMs = atMs
    assert.match(await (await send(late, 'picture')).text(), /Invalid according to Policy: Policy expired\./)
  })
})
