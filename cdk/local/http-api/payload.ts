/** Turns requests into events of payload format 2.0, and answers of functions into responses. */
import type { IncomingMessage } from 'node:http'
import { isObject, type Json, type JsonObject, objectOf } from '../template/json.ts'

/** What the event of payload format 2.0 is built from. */
export type Request = {
  incoming: IncomingMessage
  /** The path below the API, still encoded, and the query without its question mark. */
  encodedPath: string
  path: string
  query: string
  body: Buffer
  requestId: string
  timeMs: number
  traceHeader: string
}

export type RouteContext = {
  routeKey: string
  apiId: string
  accountId: string
  domainName: string
  pathParameters: { [name: string]: string }
  authorizer?: { claims: { [name: string]: string }; scopes: string[] | null }
}

export type Answer = { status: number; headers: { [name: string]: string }; cookies: string[]; body: Buffer }

const textTypes = /^(text\/|application\/(json|javascript|xml|[^;]*\+(json|xml))\s*(;|$))/i

const isText = (contentType: string | undefined): boolean => contentType === undefined || textTypes.test(contentType)

/** Adds to what a name has already. A map, as names come from outside: "__proto__" is one like any other. */
const joinValue = (values: Map<string, string>, name: string, value: string): void => {
  const known = values.get(name)
  values.set(name, known === undefined ? value : `${known},${value}`)
}

/** Names in lower case, repeated headers joined with commas; cookies have a place of their own. */
const headersOf = (incoming: IncomingMessage): JsonObject => {
  const headers = new Map<string, string>()
  const { rawHeaders } = incoming
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (name === 'cookie' || name === 'connection' || name === 'keep-alive' || name === 'transfer-encoding') continue
    joinValue(headers, name, value)
  }
  return Object.fromEntries(headers)
}

const queryOf = (query: string): JsonObject => {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) joinValue(parameters, name, value)
  return Object.fromEntries(parameters)
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12/Mar/2026:19:03:58 +0000`, as in access logs. */
export const logTime = (timeMs: number): string => {
  const [date = '', time = ''] = new Date(timeMs).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}

/** Builds the event of payload format 2.0. */
export const toEvent = (request: Request, context: RouteContext): JsonObject => {
  const { incoming, body, requestId, timeMs } = request
  const sourceIp = incoming.socket.remoteAddress ?? '127.0.0.1'
  const cookies = incoming.headers.cookie?.split(/;\s*/).filter((cookie) => cookie !== '') ?? []
  const readable = isText(incoming.headers['content-type'])
  const { authorizer, pathParameters } = context
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: {
      ...headersOf(incoming),
      'content-length': String(body.length),
      'x-amzn-trace-id': request.traceHeader,
      'x-forwarded-for': [incoming.headers['x-forwarded-for'], sourceIp].flat().filter(Boolean).join(', '),
      'x-forwarded-port': String(incoming.socket.localPort ?? ''),
      'x-forwarded-proto': 'http',
    },
    ...(request.query === '' ? {} : { queryStringParameters: queryOf(request.query) }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(authorizer === undefined ? {} : { authorizer: { jwt: authorizer } }),
      domainName: context.domainName,
      domainPrefix: context.domainName.split('.')[0] ?? '',
      http: {
        method: incoming.method ?? 'GET',
        path: request.path,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp,
        userAgent: incoming.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: context.routeKey,
      stage: '$default',
      time: logTime(timeMs),
      timeEpoch: timeMs,
    },
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    ...(body.length > 0 ? { body: readable ? body.toString() : body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0 && !readable,
  }
}

export const jsonAnswer = (status: number, content: Json, headers: { [name: string]: string } = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  cookies: [],
  body: Buffer.from(JSON.stringify(content)),
})

/**
 * Reads a function's answer. Without a `statusCode` the whole of it is the body of a 200. Undefined where it has
 * one but is no valid response, which API Gateway answers with 500.
 */
export const toAnswer = (payload: string): Answer | undefined => {
  const result: Json = JSON.parse(payload)
  if (!isObject(result) || result.statusCode === undefined) {
    const body = typeof result === 'string' ? result : payload
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) }
  }
  const { statusCode, headers, cookies = [], body = '', isBase64Encoded } = result
  const status = Number(statusCode)
  const isValid =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    (body === null || typeof body === 'string') &&
    (headers === undefined || headers === null || isObject(headers)) &&
    Array.isArray(cookies)
  if (!isValid) return undefined
  const given = Object.entries(objectOf(headers)).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...Object.fromEntries(given) },
    cookies: cookies.map(String),
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}
