/**
 * Objects in an S3 bucket of the service, and forms by which a browser uploads one. Spoken by hand with the SDK's signer,
 * since the whole client would more than double a function's bundle.
 */
import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from 'cockatiel'
import { clientLimits } from './aws/limits.ts'
import { isoTime, now } from './clock.ts'
import { defaultProvider } from './credentials.ts'
import { isOutage, UnavailableError } from './errors.ts'
import { lazy } from './lazy.ts'
import { type AwsAnswer, type AwsRequest, readAnswer, signedApi } from './signed-request.ts'

/** An object, or a part of one. */
export type StoredObject = {
  bytes: Buffer
  contentType: string
  /** Of the whole object. */
  totalBytes: number
  /** Changes whenever the object is written with other bytes; with its quotation marks. */
  etag: string
}

/** What a page needs to upload one file: a form (multipart/form-data) with these fields, and after them `file`. */
export type UploadForm = {
  url: string
  fields: Record<string, string>
  /** RFC 3339. S3 refuses the form from then on. */
  expiresAt: string
}

export type Bucket = {
  /** Reads an object whole. One over `maxBytes` is not read to its end. */
  get(key: string, limit: { maxBytes: number }): Promise<StoredObject | 'absent' | 'too-large'>
  /**
   * Reads at most `maxBytes` from a position on. With the `etag` of an earlier part, the answer is `changed` when the object
   * has been written anew since; `past-end` means that it has no byte at the position.
   */
  getRange(
    key: string,
    part: { fromByte: number; maxBytes: number; etag?: string },
  ): Promise<StoredObject | 'absent' | 'changed' | 'past-end'>
  /** Writes an object, over one that is there. */
  put(key: string, object: { bytes: Uint8Array; contentType: string }): Promise<void>
  /** Removes an object; one that is not there is as good as removed. */
  remove(key: string): Promise<void>
  /**
   * A form for exactly this key, exactly this content type, and 1 to `maxBytes` bytes. It may be used again until it
   * expires, so read what was uploaded once, and go on with a copy. Signed here; no request is made.
   */
  presignedPost(upload: {
    key: string
    contentType: string
    maxBytes: number
    expiresInSeconds: number
  }): Promise<UploadForm>
}

const errorLimitBytes = 64 * 1024

const api = lazy(() => signedApi('s3'))

/** A path per bucket where an endpoint is given, a host per bucket on AWS: there, paths are being given up. */
const addressOf = (name: string): { endpoint: URL; prefix: string; formUrl: string } => {
  const { givenEndpoint, region } = api()
  const given = givenEndpoint()
  if (given === undefined) {
    const formUrl = `https://${name}.s3.${region}.amazonaws.com/`
    return { endpoint: new URL(formUrl), prefix: '', formUrl }
  }
  const endpoint = new URL(given)
  const prefix = `${endpoint.pathname.replace(/\/+$/, '')}/${name}`
  return { endpoint, prefix, formUrl: `${endpoint.origin}${prefix}` }
}

/** RFC 3986 as S3's signature wants it: `encodeURIComponent` leaves five signs too many. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')

const again = retry(handleWhen(isOutage), {
  maxAttempts: clientLimits.maxAttempts - 1,
  backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500, generator: fullJitterGenerator }),
})

/** The `Code` of S3's XML error, for which the contract has no schema. */
const codeIn = (xml: string): string => /<Code>(\w{1,100})<\/Code>/.exec(xml)?.[1] ?? ''

/** What `expected` says of the error's code. @throws UnavailableError when asking again is sensible, else Error */
const refusal = async <Outcome>(
  { status, body }: AwsAnswer,
  expected: Readonly<Record<string, Outcome>>,
): Promise<Outcome> => {
  const code = codeIn((await readAnswer(body, errorLimitBytes))?.toString('utf8') ?? '')
  const outcome = expected[code]
  if (outcome !== undefined) return outcome
  const message = `S3 answered ${status} ${code}`
  throw status >= 500 || status === 429 ? new UnavailableError(message) : new Error(message)
}

const objectOf = ({ headers }: AwsAnswer, bytes: Buffer): StoredObject => ({
  bytes,
  contentType: headers['content-type'] ?? 'application/octet-stream',
  totalBytes: Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? bytes.length),
  etag: headers.etag ?? '',
})

const withoutFraction = (iso: string): string => iso.replace(/\.\d{3}Z$/, 'Z')

/** The fields that prove who lets the upload in (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html). */
const proofFields = async (region: string, signedAt: string): Promise<Record<string, string>> => {
  const { accessKeyId, sessionToken } = await defaultProvider()()
  return {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${signedAt.slice(0, 8)}/${region}/s3/aws4_request`,
    'X-Amz-Date': signedAt,
    ...(sessionToken ? { 'X-Amz-Security-Token': sessionToken } : {}),
  }
}

/** @param name of the bucket, as the stack hands it over in `BUCKET_NAME` */
export const bucket = (name: string): Bucket => {
  /** Every operation here may be repeated: what it does twice is what it does once. */
  const ask = <T>(
    key: string,
    request: Omit<AwsRequest, 'endpoint' | 'path'>,
    read: (answer: AwsAnswer) => Promise<T>,
  ): Promise<T> =>
    again.execute(async () => {
      const { endpoint, prefix } = addressOf(name)
      return read(await api().send({ ...request, endpoint, path: `${prefix}/${encodeKey(key)}` }))
    })

  const done = async (answer: AwsAnswer): Promise<void> => {
    if (answer.status >= 300) return refusal(answer, {})
    await readAnswer(answer.body, errorLimitBytes)
  }

  return {
    get: (key, { maxBytes }) =>
      ask(key, { method: 'GET' }, async (answer) => {
        if (answer.status !== 200) return refusal(answer, { NoSuchKey: 'absent' as const })
        const bytes = await readAnswer(answer.body, maxBytes)
        return bytes === undefined ? 'too-large' : objectOf(answer, bytes)
      }),
    getRange(key, { fromByte, maxBytes, etag }) {
      const range = `bytes=${fromByte}-${fromByte + maxBytes - 1}`
      const headers = { range, ...(etag === undefined ? {} : { 'if-match': etag }) }
      return ask(key, { method: 'GET', headers }, async (answer) => {
        if (answer.status !== 206)
          return refusal(answer, {
            NoSuchKey: 'absent' as const,
            PreconditionFailed: 'changed' as const,
            InvalidRange: 'past-end' as const,
          })
        const bytes = await readAnswer(answer.body, maxBytes)
        if (bytes === undefined) throw new Error('S3 answered more than the part that was asked for')
        return objectOf(answer, bytes)
      })
    },
    put: (key, { bytes, contentType }) =>
      ask(key, { method: 'PUT', headers: { 'content-type': contentType }, body: bytes }, done),
    remove: (key) => ask(key, { method: 'DELETE' }, done),
    async presignedPost({ key, contentType, maxBytes, expiresInSeconds }) {
      const atMs = now()
      const signedAt = withoutFraction(isoTime(atMs)).replace(/[-:]/g, '')
      const expiresAt = withoutFraction(isoTime(atMs + expiresInSeconds * 1000))
      const fields = {
        'Content-Type': contentType,
        bucket: name,
        ...(await proofFields(api().region, signedAt)),
        key,
      }
      const conditions = [
        ['content-length-range', 1, maxBytes],
        ...Object.entries(fields).map(([field, value]) => ({ [field]: value })),
      ]
      const policy = Buffer.from(JSON.stringify({ expiration: expiresAt, conditions })).toString('base64')
      const signature = await api().signText(policy, atMs)
      return {
        url: addressOf(name).formUrl,
        fields: { ...fields, Policy: policy, 'X-Amz-Signature': signature },
        expiresAt,
      }
    },
  }
}
