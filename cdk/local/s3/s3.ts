/** Answers S3's API, as far as functions and browsers of a shop use it; everything else is refused by name. */
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { readBody } from '../endpoint/aws-endpoint.ts'
import type { AccessKeys } from '../iam/access-keys.ts'
import type { Caller, Iam } from '../iam/iam.ts'
import { addressOf } from './address.ts'
import { type Bucket, startExpiry } from './buckets.ts'
import { accessDenied, answerS3Error, answerXml, S3Error, unknownHere, xmlDocument } from './error.ts'
import { readForm, refuseUnknownFields } from './form.ts'
import { rangeOf, refuseUnknownHeaders } from './headers.ts'
import type { StoredObject } from './objects.ts'
import { checkPolicy, signerOf } from './post-policy.ts'

export type S3 = { handle: RequestListener; stop(): void }

type Request = { incoming: IncomingMessage; response: ServerResponse; bucket: Bucket; key: string; headers: Headers }
type Headers = { [name: string]: string }

/** Bodies are held in memory: more than the shop takes, less than the machine has. */
const maxObjectBytes = 64 * 1024 * 1024
const maxFormBytes = maxObjectBytes + 64 * 1024
const maxKeyBytes = 1024
const maxContentTypeBytes = 2048

const tooLarge = (): S3Error =>
  new S3Error('EntityTooLarge', 'Your proposed upload exceeds what the local cloud takes', 400, {
    MaxSizeAllowed: maxObjectBytes,
  })

const read = async (incoming: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const body = await readBody(incoming, limitBytes)
  if (body === undefined) throw tooLarge()
  return body
}

const callerOf = ({ authorization = '' }: IncomingHttpHeaders, accessKeys: AccessKeys): Caller => {
  const [, id] = /Credential=([^/]+)\//.exec(authorization) ?? []
  if (id === undefined) throw accessDenied()
  const key = accessKeys.get(id)
  if (key !== undefined) return key.caller
  throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
}

const describe = (object: StoredObject): Headers => ({
  'accept-ranges': 'bytes',
  'content-type': object.contentType,
  etag: object.etag,
  'last-modified': new Date(object.lastModifiedMs).toUTCString(),
})

/** S3 over HTTP, as far as the shop uses it: objects one by one, and browsers' uploads. */
export const createS3 = (
  buckets: readonly Bucket[],
  {
    accessKeys,
    iam,
    clock,
    region,
    log,
  }: {
    accessKeys: AccessKeys
    iam: Pick<Iam, 'refusal'>
    clock: Clock
    region: string
    log: (line: string) => void
  },
): S3 => {
  const byName = new Map(buckets.map((bucket) => [bucket.name, bucket]))

  const refusalOf = (caller: Caller, bucket: Bucket, action: string, resource: string): string | undefined => {
    const refusal = iam.refusal(caller, action, resource)
    if (refusal !== undefined || caller.kind === 'operator' || !bucket.denies(action, resource)) return refusal
    return `${caller.functionName} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a resource-based policy`
  }
  const permit = (caller: Caller, bucket: Bucket, action: string, key: string): void => {
    const refusal = refusalOf(caller, bucket, action, `${bucket.arn}/${key}`)
    if (refusal !== undefined) throw accessDenied(refusal)
  }

  /** Who may not list a bucket is not told either that an object is missing. */
  const find = (caller: Caller, { bucket, key }: Request): StoredObject => {
    permit(caller, bucket, 's3:GetObject', key)
    const object = bucket.objects.find(key)
    if (object !== undefined) return object
    const refusal = refusalOf(caller, bucket, 's3:ListBucket', bucket.arn)
    if (refusal !== undefined) throw accessDenied(refusal)
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
  }

  const write = (bucket: Bucket, key: string, contentType: string | undefined, bytes: Buffer): StoredObject => {
    if (Buffer.byteLength(key) > maxKeyBytes) throw new S3Error('KeyTooLongError', 'Your key is too long')
    if (bytes.length > maxObjectBytes) throw tooLarge()
    const type = contentType || 'binary/octet-stream'
    if (Buffer.byteLength(type) > maxContentTypeBytes)
      throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size')
    return bucket.objects.write({ key, contentType: type, bytes, atMs: clock.now() })
  }

  const get = (request: Request): void => {
    const { incoming, response, bucket, key, headers } = request
    const object = find(callerOf(incoming.headers, accessKeys), request)
    const wanted = incoming.headers['if-match']
    if (wanted !== undefined && wanted !== object.etag)
      throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
        Condition: 'If-Match',
      })
    const part = rangeOf(incoming.headers.range, object.size)
    const { first, last } = part ?? { first: 0, last: object.size - 1 }
    response.writeHead(part === undefined ? 200 : 206, {
      ...describe(object),
      'content-length': last - first + 1,
      ...(part === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${object.size}` }),
      ...headers,
    })
    response.end(incoming.method === 'HEAD' ? undefined : bucket.objects.read(key, first, last - first + 1))
  }

  const put = async ({ incoming, response, bucket, key, headers }: Request): Promise<void> => {
    permit(callerOf(incoming.headers, accessKeys), bucket, 's3:PutObject', key)
    const object = write(bucket, key, incoming.headers['content-type'], await read(incoming, maxObjectBytes))
    response.writeHead(200, { etag: object.etag, 'content-length': 0, ...headers }).end()
  }

  const remove = ({ incoming, response, bucket, key, headers }: Request): void => {
    permit(callerOf(incoming.headers, accessKeys), bucket, 's3:DeleteObject', key)
    bucket.objects.remove(key)
    response.writeHead(204, headers).end()
  }

  const post = async ({ incoming, response, bucket, headers }: Request): Promise<void> => {
    const { fields, file } = await readForm(await read(incoming, maxFormBytes), incoming.headers['content-type'] ?? '')
    const { caller } = signerOf(fields, accessKeys, region)
    // Functions sign by the machine's time, whatever the cloud's clock says.
    checkPolicy(fields, { bucket: bucket.name, sizeBytes: file.length, nowMs: Date.now() })
    refuseUnknownFields(fields)
    const key = fields.get('key') ?? ''
    permit(caller, bucket, 's3:PutObject', key)
    const { etag } = write(bucket, key, fields.get('content-type'), file)
    const Location = `http://${incoming.headers.host}${incoming.url?.replace(/\/*$/, '')}/${encodeURIComponent(key)}`
    const status = Number(fields.get('success_action_status') ?? 204)
    const answer = { etag, location: Location, ...headers }
    if (status === 201)
      answerXml(
        response,
        201,
        xmlDocument('PostResponse', { Location, Bucket: bucket.name, Key: key, ETag: etag }),
        answer,
      )
    else response.writeHead(status === 200 ? 200 : 204, answer).end()
  }

  const preflight = ({ incoming, response, bucket }: Request): void => {
    const headers = bucket.cors.preflight(incoming.headers)
    if (headers === undefined)
      throw new S3Error('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 403)
    response.writeHead(200, { ...headers, 'content-length': 0 }).end()
  }

  const handle = async (request: Request): Promise<void> => {
    const { incoming, key } = request
    const method = incoming.method ?? ''
    if (method === 'OPTIONS') return preflight(request)
    const isForm = incoming.headers['content-type']?.startsWith('multipart/form-data') ?? false
    if (method === 'POST' && key === '' && isForm) return post(request)
    const known = key === '' ? undefined : { GET: get, HEAD: get, PUT: put, DELETE: remove }[method]
    if (known === undefined) throw unknownHere(`${method} of ${key === '' ? 'a bucket' : 'an object'}`)
    refuseUnknownHeaders(method, incoming.headers)
    return known(request)
  }

  const expiry = startExpiry(buckets, clock)

  return {
    handle(incoming, response) {
      let headers: Headers = {}
      const answer = async (): Promise<void> => {
        const { bucket: name, key } = addressOf(incoming, byName.keys())
        if (name === '') throw unknownHere('A request about all buckets')
        const bucket = byName.get(name)
        if (bucket === undefined)
          throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name })
        headers = bucket.cors.headers(incoming.method ?? '', incoming.headers)
        await handle({ incoming, response, bucket, key, headers })
      }
      answer().catch((error: unknown) => answerS3Error(response, error, headers, log))
    },
    stop: expiry.cancel,
  }
}
