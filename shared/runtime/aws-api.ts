/**
 * AWS's APIs by their operations, as JSON or, of SES, as a form: signed, and tried again as the SDK's clients would. The clients
 * themselves would be half of each function's bundle and most of its start.
 */
import { clientLimits } from './aws.ts'
import { random, randomHex, sleep } from './clock.ts'
import { isOutage } from './errors.ts'
import { lazy } from './lazy.ts'
import { type AwsService, readAnswer, signedApi } from './signed-request.ts'

/** What AWS answered instead: `name` is its word for it, and the members of its answer are members of the error, as the SDK has them. */
export class AwsError extends Error {
  readonly status: number
  constructor(status: number, name: string, answer: object) {
    super(`AWS answered ${status}`)
    Object.assign(this, answer, { name })
    this.status = status
  }
}

/** Of an API, what each operation takes and gives. */
export type Operations = Readonly<Record<string, { input: object; output: object }>>

/** @throws AwsError when AWS refuses, or fails again and again; Error when no answer comes in time */
export type Ask<O extends Operations> = <Name extends keyof O & string>(
  operation: Name,
  input: O[Name]['input'],
) => Promise<O[Name]['output']>

/** Bytes: more than any API here answers, DynamoDB's 16 MB of items included. */
const answerLimitBytes = 32 * 1024 * 1024

/** Milliseconds: the pause before the second attempt is at most the first, and before later ones twice as long each time. */
const pauses = { firstMs: 50, longestMs: 5_000 } as const

const isTransient = (error: unknown): boolean =>
  isOutage(error) ||
  (error instanceof AwsError && (error.status >= 500 || /Throttl|TransactionInProgress/.test(error.name)))

const withAttempts = async <T>(attemptOnce: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce()
    } catch (error) {
      if (attempt === clientLimits.maxAttempts || !isTransient(error)) throw error
      await sleep(random() * Math.min(pauses.longestMs, pauses.firstMs * 2 ** (attempt - 1)))
    }
  }
}

type Asked = { headers: Readonly<Record<string, string>>; body: string }

/** Sends until there is an answer. @param errorOf reads what AWS answered instead of what was asked for */
const asking = (service: AwsService, errorOf: (status: number, text: string) => AwsError) => {
  const api = lazy(() => signedApi(service))
  return ({ headers, body }: Asked): Promise<string> =>
    withAttempts(async () => {
      const { endpoint, send } = api()
      const answer = await send({ endpoint: endpoint(), method: 'POST', path: '/', headers, body })
      const bytes = await readAnswer(answer.body, answerLimitBytes)
      if (bytes === undefined) throw new Error(`${service} answered more than ${answerLimitBytes} bytes`)
      const text = bytes.toString('utf8')
      if (answer.status >= 300) throw errorOf(answer.status, text)
      return text
    })
}

/** What is answered where no API answers but what stands before it: no JSON, no XML. */
const unnamed = (status: number): string => (status >= 500 ? 'ServiceUnavailable' : 'UnknownError')

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` */
const nameIn = (type: unknown): string | undefined =>
  typeof type === 'string' ? type.replace(/^.*#/, '').replace(/:.*$/, '') : undefined

const parsed = (text: string): Record<string, unknown> => {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? { ...answer } : {}
  } catch {
    return {}
  }
}

const jsonError = (status: number, text: string): AwsError => {
  const { __type: type, Message: message, ...answer } = parsed(text)
  const said = message === undefined ? {} : { message }
  return new AwsError(status, nameIn(type) ?? unnamed(status), { ...said, ...answer })
}

/** By the name that signatures have: how the API's operations are called, and in which version of JSON. */
const jsonApis = {
  dynamodb: { prefix: 'DynamoDB_20120810', version: '1.0' },
  events: { prefix: 'AWSEvents', version: '1.1' },
  kms: { prefix: 'TrentService', version: '1.1' },
  secretsmanager: { prefix: 'secretsmanager', version: '1.1' },
  sqs: { prefix: 'AmazonSQS', version: '1.0' },
} as const

/** All attempts carry the same token, so that a transaction whose answer was lost does not have its effect twice. */
const withToken = (operation: string, input: object): object =>
  operation === 'TransactWriteItems' ? { ClientRequestToken: randomHex(16), ...input } : input

/** Bytes go as Base64. Not those of a Buffer, which tells of itself in a way of its own. */
const withBase64 = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value

/** What is answered has its bytes in Base64: the caller's matter. */
export const jsonApi = <O extends Operations>(api: keyof typeof jsonApis): Ask<O> => {
  const { prefix, version } = jsonApis[api]
  const ask = asking(api, jsonError)
  return async (operation, input) =>
    JSON.parse(
      await ask({
        headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${operation}` },
        body: JSON.stringify(withToken(operation, input), withBase64),
      }),
    )
}

const xmlError = (status: number, text: string): AwsError => {
  const code = /<Code>([\w.]{1,100})<\/Code>/.exec(text)?.[1]
  return new AwsError(status, code ?? unnamed(status), {})
}

/** SES in its first version, whose operations are forms. What it answers is XML, and not needed. */
export const sesApi = () => {
  const ask = asking('ses', xmlError)
  return async (operation: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await ask({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Action: operation, Version: '2010-12-01', ...fields }).toString(),
    })
  }
}
