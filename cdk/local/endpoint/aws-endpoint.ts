/** Takes the SDK calls of all functions on one port: `AWS_ENDPOINT_URL` can only name one. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AccessKeys } from '../iam/access-keys.ts'
import type { Caller } from '../iam/iam.ts'
import { type JsonObject, parseObject } from '../template/json.ts'
import { AwsError, unknownOperation } from './aws-error.ts'

/** One call of an AWS API. */
export type Call = {
  operation: string
  input: JsonObject
  /** The request as it came, for the service that only passes it on. */
  body: Buffer
  caller: Caller
  /** X-Ray's header as the caller sent it, or empty. */
  traceHeader: string
  /** Aborts when the caller has hung up. */
  closed: AbortSignal
}

export type Service = (call: Call) => JsonObject | Promise<JsonObject>

/** The services behind the endpoint. Some of them do not fit the plain shape of a JSON protocol. */
export type Services = {
  /** By the prefix of `X-Amz-Target`. */
  json: { [targetPrefix: string]: Service | undefined }
  dynamodb: (call: Call, response: ServerResponse) => void
  lambda: (call: Call, request: IncomingMessage, response: ServerResponse) => Promise<void>
  ses: (form: URLSearchParams, caller: Caller) => string
  /** Reads its requests itself: browsers' forms are signed in another way, and its errors have a form of their own. */
  s3: RequestListener
}

const maxBodyBytes = 16 * 1024 * 1024

/** Reads a whole request body; undefined where it is larger than `limitBytes`. */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= limitBytes) chunks.push(chunk)
  }
  if (length > limitBytes) return undefined
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
}

export const answerJson = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    ...headers,
  })
  response.end(text)
}

const escapeXml = (text: string): string => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const answerXml = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

const answerError = (response: ServerResponse, error: unknown, xml: boolean, log: (line: string) => void): void => {
  if (response.destroyed) return
  if (!(error instanceof AwsError)) log(`AWS endpoint: ${error instanceof Error ? error.stack : error}`)
  const { code, message, status } =
    error instanceof AwsError ? error : { code: 'InternalFailure', message: 'see the log', status: 500 }
  if (response.headersSent) response.destroy()
  else if (xml) {
    const name = code === 'AccessDeniedException' ? 'AccessDenied' : code
    const text = `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${escapeXml(message)}</Message></Error></ErrorResponse>`
    answerXml(response, status, text)
  } else answerJson(response, status, { __type: code, message }, { 'x-amzn-errortype': code })
}

/** S3's requests are signed for it, or, from browsers, not by a header at all; every other API's are. */
export const isForS3 = ({ headers }: IncomingMessage): boolean =>
  headers.authorization === undefined
    ? headers['x-amz-target'] === undefined
    : headers.authorization.includes('/s3/aws4_request')

/**
 * The one HTTP endpoint of all AWS APIs. A caller is known by the access key that signed the call; signatures
 * themselves are not checked (but those of browsers' uploads), since whoever reaches this port is on this machine anyway.
 */
export const createAwsEndpoint = (
  services: Services,
  accessKeys: AccessKeys,
  log: (line: string) => void,
): RequestListener => {
  const callerOf = (request: IncomingMessage): Caller => {
    const authorization = request.headers.authorization ?? ''
    const start = authorization.indexOf('Credential=') + 'Credential='.length
    const accessKey = authorization.slice(start, authorization.indexOf('/', start))
    const known = accessKeys.get(accessKey)
    if (known !== undefined) return known.caller
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }

  const handle = async (request: IncomingMessage, response: ServerResponse, isForm: boolean): Promise<void> => {
    const [body, caller] = [await readBody(request, maxBodyBytes), callerOf(request)]
    if (body === undefined) throw new AwsError('RequestEntityTooLargeException', 'The request is too large.', 413)
    if (isForm) {
      answerXml(response, 200, services.ses(new URLSearchParams(body.toString()), caller))
      return
    }
    const target = String(request.headers['x-amz-target'] ?? '')
    const dot = target.indexOf('.')
    const [service, operation] = [target.slice(0, dot), target.slice(dot + 1)]
    const traceHeader = String(request.headers['x-amzn-trace-id'] ?? '')
    const hangUp = new AbortController()
    response.once('close', () => hangUp.abort())
    const call: Call = { operation, input: {}, body, caller, traceHeader, closed: hangUp.signal }
    if (target === '' && request.url?.startsWith('/2015-03-31/functions/')) {
      await services.lambda(call, request, response)
      return
    }
    const input = parseObject(body.toString())
    if (input === undefined) throw new AwsError('SerializationException', 'The body is not a JSON object.')
    call.input = input
    if (service === 'DynamoDB_20120810') {
      services.dynamodb(call, response)
      return
    }
    const run = services.json[service]
    if (run === undefined) throw unknownOperation(service || 'this API', operation)
    const output = await run(call)
    if (!response.destroyed) answerJson(response, 200, output)
  }

  return (request, response) => {
    if (isForS3(request)) {
      services.s3(request, response)
      return
    }
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
    handle(request, response, isForm).catch((error: unknown) => answerError(response, error, isForm, log))
  }
}
