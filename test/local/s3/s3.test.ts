import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { createPresignedPost, type PresignedPost } from '@aws-sdk/s3-presigned-post'
import { App, CfnOutput, Stack } from 'aws-cdk-lib'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { objectsIn, shopBucket } from '../../../cdk/constructs/bucket.ts'
import { type Cloud, manualClock, StartError, startCloud } from '../../../cdk/local/cloud.ts'
import { stageNamed } from '../../../cdk/stages.ts'
import { clientOf, temporaryFolder, writeAssembly } from '../fixtures/setting.ts'

const folder = temporaryFolder()
const assembly = join(folder.path, 'assembly')
const origin = stageNamed('dev').corsOrigins[0] ?? ''
const clock = manualClock(Date.parse('2026-03-01T10:00:00Z'))
let cloud: Cloud
let Bucket = ''

const synthesise = () => {
  const app = new App({ outdir: assembly, analyticsReporting: false })
  const stack = new Stack(app, 'files')
  const bucket = shopBucket(stack, 'bucket', stageNamed('dev'))
  const code = Code.fromAsset(join(import.meta.dirname, '../fixtures/functions/actor'))
  const fn = (functionName: string) =>
    new LambdaFunction(stack, functionName, {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code,
    })
  objectsIn(bucket, 'incoming/', ['put'])(fn('uploader'))
  objectsIn(bucket, 'kept/', ['get', 'put', 'remove'])(fn('keeper'))
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName })
  app.synth()
}

before(async () => {
  synthesise()
  cloud = await startCloud({ assembly, stateDirectory: join(folder.path, 'state'), port: 0, clock })
  Bucket = cloud.outputs.files?.BucketName ?? ''
})
after(async () => {
  await cloud?.stop()
  folder.remove()
})

/** A client with a function's own credentials. */
const as = async (functionName: string): Promise<S3Client> => {
  const result = await cloud.invoke(functionName, { do: 'describe' })
  assert.ok(result.kind === 'answered')
  const { environment } = JSON.parse(result.payload)
  assert.equal(environment.BUCKET_NAME, Bucket)
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    sessionToken: environment.AWS_SESSION_TOKEN,
  }
  return new S3Client({ ...clientOf(cloud.awsEndpoint), credentials })
}
const operator = () => new S3Client(clientOf(cloud.awsEndpoint))
const write = (client: S3Client, Key: string, Body = 'text') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body), ContentType: 'text/plain' }))
const read = async (client: S3Client, Key: string, more: object = {}): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString()

describe('objects', () => {
  test('written, described, read whole and in part, deleted', async () => {
    const client = operator()
    const { ETag } = await write(client, 'a/b', '0123456789')
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/b' }))
    assert.deepEqual(
      {
        ContentLength: head.ContentLength,
        ContentType: head.ContentType,
        ETag: head.ETag,
        LastModified: head.LastModified,
      },
      { ContentLength: 10, ContentType: 'text/plain', ETag, LastModified: new Date(clock.now()) },
    )
    assert.equal(await read(client, 'a/b'), '0123456789')
    for (const [Range, content] of [
      ['bytes=2-4', '234'],
      ['bytes=7-', '789'],
      ['bytes=-2', '89'],
      ['bytes=8-99', '89'],
      ['bytes=4-2', '0123456789'],
      ['bytes=0-1,3-4', '0123456789'],
    ])
      assert.equal(await read(client, 'a/b', { Range }), content, Range)
    await assert.rejects(read(client, 'a/b', { Range: 'bytes=10-' }), { name: 'InvalidRange' })
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b' }))
    await assert.rejects(read(client, 'a/b'), { name: 'NoSuchKey' })
    await assert.rejects(client.send(new HeadObjectCommand({ Bucket, Key: 'a/b' })), { name: 'NotFound' })
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b' }))
  })

  test('the bucket may stand in the host’s name', async () => {
    await write(operator(), 'by/host', 'found')
    const { hostname, port } = new URL(cloud.awsEndpoint)
    const headers = {
      host: `${Bucket}.s3.localhost:${port}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    }
    const content = await new Promise((resolve, reject) =>
      httpRequest({ hostname, port, path: '/by/host', headers }, (answer) =>
        answer.setEncoding('utf8').once('data', resolve),
      )
        .once('error', reject)
        .end(),
    )
    assert.equal(content, 'found')
  })

  test('what is not known here says so', async () => {
    await assert.rejects(operator().send(new ListObjectsV2Command({ Bucket })), {
      name: 'NotImplemented',
      message: 'The query parameter "list-type" is not known to the local cloud\'s S3',
    })
    const tagged = new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', Tagging: 'a=b' })
    await assert.rejects(operator().send(tagged), { name: 'NotImplemented', message: /x-amz-tagging/ })
    const cached = new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', CacheControl: 'no-store' })
    await assert.rejects(operator().send(cached), { name: 'NotImplemented', message: /cache-control/ })
    const elsewhere = new GetObjectCommand({ Bucket: 'elsewhere', Key: 'x' })
    await assert.rejects(operator().send(elsewhere), { name: 'NoSuchBucket' })
  })
})

describe('permissions', () => {
  test('a function does what its role grants, below its prefix', async () => {
    const keeper = await as('keeper')
    await write(keeper, 'kept/1', 'mine')
    assert.equal(await read(keeper, 'kept/1'), 'mine')
    await keeper.send(new DeleteObjectCommand({ Bucket, Key: 'kept/1' }))
    const uploader = await as('uploader')
    for (const refused of [
      () => write(keeper, 'incoming/1'),
      () => write(keeper, 'kept'),
      () => read(uploader, 'incoming/1'),
      () => uploader.send(new DeleteObjectCommand({ Bucket, Key: 'incoming/1' })),
    ])
      await assert.rejects(refused, { name: 'AccessDenied', message: /is not authorized to perform: s3:/ })
    const used = cloud.usedActions().keeper?.map(({ action }) => action)
    assert.deepEqual([...new Set(used)], ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'])
  })

  test('only who may list the bucket learns that an object is missing', async () => {
    await assert.rejects(read(await as('keeper'), 'kept/nothing'), { name: 'NoSuchKey' })
    await assert.rejects(read(await as('uploader'), 'incoming/nothing'), { name: 'AccessDenied' })
  })

  test('nobody else comes in', async () => {
    const credentials = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }
    await assert.rejects(read(new S3Client({ ...clientOf(cloud.awsEndpoint), credentials }), 'kept/1'), {
      name: 'InvalidAccessKeyId',
    })
    const response = await fetch(`${cloud.awsEndpoint}/${Bucket}/kept/1`)
    assert.equal(response.status, 403)
    assert.equal(response.headers.get('content-type'), 'application/xml')
    assert.match(await response.text(), /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code>/)
  })

  test('a bucket’s policy may forbid, and no more', async () => {
    const policy = (rule: object) => ({
      files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
      policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'files' }, PolicyDocument: { Statement: [rule] } },
      },
    })
    const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*' }
    const directory = writeAssembly(join(folder.path, 'open'), policy(statement))
    const options = { assembly: directory, stateDirectory: join(folder.path, 'open-state'), port: 0 }
    await assert.rejects(
      startCloud(options),
      (error: Error) => error instanceof StartError && /may only deny/.test(error.message),
    )
    const unknown = {
      files: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
    }
    writeAssembly(directory, unknown)
    await assert.rejects(startCloud(options), /does not know property "VersioningConfiguration"/)
  })
})

describe('uploads by form', () => {
  const form = async (key: string, more: Partial<Parameters<typeof createPresignedPost>[1]> = {}, who = 'uploader') =>
    createPresignedPost(await as(who), { Bucket, Key: key, Expires: 60, ...more })

  const send = (
    { url, fields }: PresignedPost,
    more: { [field: string]: string } = {},
    content: Blob | string = 'abc',
  ) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...fields, ...more })) body.append(name, value)
    body.append('file', typeof content === 'string' ? new Blob([content]) : content, 'name.txt')
    return fetch(url, { method: 'POST', body, headers: { origin } })
  }
  const codeOf = async (response: Response) => {
    const xml = await response.text()
    return `${response.status} ${/<Code>(\w+)<\/Code>/.exec(xml)?.[1]} ${/<Message>(.*)<\/Message>/.exec(xml)?.[1]}`
  }

  test('the file lies where the form says; bytes stay as they are', async () => {
    const bytes = new Uint8Array([0, 13, 10, 255, 45, 45])
    const Fields = { success_action_status: '201' }
    const response = await send(await form('incoming/bytes', { Fields }), {}, new Blob([bytes]))
    assert.equal(response.status, 201)
    assert.match(await response.text(), /<PostResponse><Location>http.*<Key>incoming\/bytes<\/Key>/)
    assert.equal(response.headers.get('access-control-allow-origin'), origin)
    const { Body, ContentType } = await operator().send(new GetObjectCommand({ Bucket, Key: 'incoming/bytes' }))
    assert.deepEqual(await Body?.transformToByteArray(), bytes)
    assert.equal(ContentType, 'binary/octet-stream')
  })

  test('a condition may ask for a beginning only', async () => {
    const { url, fields } = await form(`incoming/$\{filename}`, {
      Conditions: [
        ['starts-with', '$key', 'incoming/'],
        ['starts-with', '$Content-Type', 'image/'],
      ],
    })
    const open = { url, fields: { ...fields, key: 'incoming/free' } }
    assert.equal((await send(open, { 'Content-Type': 'image/png' })).status, 204)
    assert.match(
      await codeOf(await send(open, { 'Content-Type': 'text/html' })),
      /^403 AccessDenied .*Policy Condition failed/,
    )
    assert.match(await codeOf(await send({ url, fields }, { 'Content-Type': 'image/png' })), /^501 NotImplemented/)
  })

  test('each refusal says what it is for', async () => {
    const good = await form('incoming/x', { Conditions: [['content-length-range', 2, 4]] })
    const policy = (document: unknown) => ({ Policy: Buffer.from(JSON.stringify(document)).toString('base64') })
    const { 'X-Amz-Credential': credential = '' } = good.fields
    const cases: [{ [field: string]: string }, string, RegExp][] = [
      [{}, 'abcde', /^400 EntityTooLarge/],
      [{}, 'a', /^400 EntityTooSmall/],
      [{ extra: 'field' }, 'abc', /^403 AccessDenied Invalid according to Policy: Extra input fields: extra$/],
      [{ key: 'incoming/y' }, 'abc', /^403 AccessDenied .*Policy Condition failed: \["eq","\$key","incoming\/x"\]$/],
      [policy({ expiration: '2999-01-01T00:00:00Z', conditions: [] }), 'abc', /^403 SignatureDoesNotMatch/],
      [{ 'X-Amz-Credential': credential.replace(/^[^/]+/, 'AKIANOBODY') }, 'abc', /^403 InvalidAccessKeyId/],
      [
        { 'X-Amz-Credential': credential.replace('eu-central-1', 'us-east-1') },
        'abc',
        /^400 AuthorizationHeaderMalformed/,
      ],
      [{ 'X-Amz-Security-Token': 'another' }, 'abc', /^400 InvalidToken/],
      [{ 'X-Amz-Algorithm': 'none' }, 'abc', /^400 InvalidArgument/],
    ]
    for (const [more, content, expected] of cases) assert.match(await codeOf(await send(good, more, content)), expected)
    assert.match(await codeOf(await send(await form('incoming/x', { Expires: -1 }))), /Policy expired\.$/)
    assert.match(await codeOf(await send(await form('kept/x'))), /^403 AccessDenied .*uploader is not authorized/)
    const { Policy: _, ...unsigned } = good.fields
    assert.match(await codeOf(await send({ ...good, fields: unsigned })), /^403 AccessDenied Access Denied$/)
    const Fields = { acl: 'public-read' }
    assert.match(
      await codeOf(await send(await form('incoming/x', { Fields }))),
      /^501 NotImplemented The form field "acl"/,
    )
  })

  test('forms that are none', async () => {
    const { url, fields } = await form('incoming/x')
    const post = async (body: FormData | string, type = 'multipart/form-data; boundary=x') =>
      codeOf(
        await fetch(url, {
          method: 'POST',
          body,
          ...(typeof body === 'string' ? { headers: { 'content-type': type } } : {}),
        }),
      )
    assert.match(await post('nonsense'), /^400 MalformedPOSTRequest/)
    assert.match(await post('nonsense', 'text/plain'), /^501 NotImplemented/)
    const fileFirst = new FormData()
    fileFirst.append('file', new Blob(['abc']))
    for (const [name, value] of Object.entries(fields)) fileFirst.append(name, value)
    assert.match(await post(fileFirst), /^400 InvalidArgument Bucket POST must contain a field named 'key'/)
    const noFile = new FormData()
    for (const [name, value] of Object.entries(fields)) noFile.append(name, value)
    assert.match(await post(noFile), /^400 InvalidArgument POST requires exactly one file/)
  })

  test('pages of the shop may post, others may not read the answer', async () => {
    const { url } = await form('incoming/x')
    const ask = (from: string, method: string) =>
      fetch(url, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': method } })
    const preflight = await ask(origin, 'POST')
    assert.deepEqual(
      {
        status: preflight.status,
        accessControlAllowOrigin: preflight.headers.get('access-control-allow-origin'),
        accessControlMaxAge: preflight.headers.get('access-control-max-age'),
      },
      { status: 200, accessControlAllowOrigin: origin, accessControlMaxAge: '3600' },
    )
    assert.match(await codeOf(await ask(origin, 'GET')), /^403 AccessForbidden/)
    assert.match(await codeOf(await ask('https://elsewhere.example', 'POST')), /^403 AccessForbidden/)
  })
})

describe('time', () => {
  test('what came in is gone after the second midnight at the latest, the rest stays', async () => {
    await write(operator(), 'incoming/old')
    await write(operator(), 'kept/old')
    clock.advance(37 * 3_600_000)
    assert.equal(await read(operator(), 'incoming/old'), 'text')
    clock.advance(2 * 3_600_000)
    await assert.rejects(read(operator(), 'incoming/old'), { name: 'NoSuchKey' })
    assert.equal(await read(operator(), 'kept/old'), 'text')
  })
})

describe('kill -9', () => {
  test('what was answered is there, and so is who may sign', async () => {
    const stateDirectory = join(folder.path, 'killed')
    let child: ChildProcess | undefined
    const endpoint = await new Promise<string>((resolve, reject) => {
      const script = join(import.meta.dirname, '../fixtures/serve.ts')
      const started = spawn(process.execPath, [script, assembly, stateDirectory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child = started
      started.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))
      started.once('exit', () => reject(new Error('it ended at once')))
    })
    const client = new S3Client(clientOf(endpoint))
    await write(client, 'kept/a', 'first')
    await write(client, 'kept/b', 'gone')
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'kept/b' }))
    const writes = Array.from({ length: 20 }, (_, n) => write(client, 'kept/a', `${n}`.repeat(10_000)).then(() => n))
    await Promise.any(writes)
    const gone = new Promise((resolve) => child?.once('exit', resolve))
    child?.kill('SIGKILL')
    await Promise.allSettled([gone, ...writes])

    const again = await startCloud({ assembly, stateDirectory, port: 0 })
    try {
      const found = await read(new S3Client(clientOf(again.awsEndpoint)), 'kept/a')
      assert.match(found ?? '', /^(\d+)\1{9999}$/, 'one of them, whole')
      await assert.rejects(read(new S3Client(clientOf(again.awsEndpoint)), 'kept/b'), { name: 'NoSuchKey' })
    } finally {
      await again.stop()
    }
  })
})
