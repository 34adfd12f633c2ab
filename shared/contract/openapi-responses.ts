/** What an endpoint answers, in OpenAPI's terms. */
import type { EndpointDeclaration } from './endpoint.ts'
import { type JsonSchema, referenceTo } from './json-schema.ts'
import { isChange, type Write } from './openapi-parameters.ts'
import { commonProblems } from './problem.ts'

/** When a problem is answered, by its code. */
export type Problems = Readonly<Record<string, string>>

/** Codes by status: the endpoint's own, and those that follow from what it takes. */
export const problemsOf = (endpoint: EndpointDeclaration): Map<number, string[]> => {
  const follow: (keyof typeof commonProblems)[] = [
    // Also where nothing is taken, since a query parameter or a body is refused then.
    ...(endpoint.method === 'ANY' ? [] : ['INVALID_INPUT' as const]),
    ...(endpoint.query && 'cursor' in endpoint.query.shape ? ['INVALID_CURSOR' as const] : []),
    ...(endpoint.body ? (['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(endpoint.idempotency === 'required' ? ['IDEMPOTENCY_KEY_MISSING' as const] : []),
    ...(endpoint.idempotency ? (['IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'IN_FLIGHT'] as const) : []),
    ...(endpoint.caller === 'anyone' ? [] : ['FORBIDDEN' as const]),
    ...(endpoint.caller === 'customer' ? ['ACCOUNT_NEEDED' as const] : []),
    ...(endpoint.params ? ['NOT_FOUND' as const] : []),
    ...(isChange(endpoint) && endpoint.caller !== 'anyone' ? ['STALE_VERSION' as const] : []),
    'TOO_MANY_REQUESTS',
    'INTERNAL',
    'UNAVAILABLE',
  ]
  const codes = Object.entries({
    ...Object.fromEntries(follow.map((code) => [code, commonProblems[code]])),
    ...endpoint.problems,
  })
  const byStatus = new Map<number, string[]>()
  for (const [code, status] of codes.toSorted(([, a], [, b]) => a - b))
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  return byStatus
}

type Header = { description: string; schema: JsonSchema }

const answerHeader = (description: string, example: string): Header => ({
  description,
  schema: { type: 'string', examples: [example] },
})

const retryAfter: Header = {
  description: 'Seconds to wait before the next try',
  schema: { type: 'integer', minimum: 1 },
}

export type Reference = { $ref: string }

/** A response that many operations share, under its name. */
export type Shared = { name: string; response: Response }

export type Response = {
  description: string
  headers?: Readonly<Record<string, Header>>
  content?: Readonly<Record<string, { schema: JsonSchema }>>
}

const contentOf = (types: string | readonly string[], schema: JsonSchema) =>
  Object.fromEntries([types].flat().map((type) => [type, { schema }]))

const successOf = ({ success, idempotency, caller }: EndpointDeclaration, write: Write): Response => ({
  description: success.status === 202 ? 'Accepted; the outcome follows' : 'Done',
  headers: {
    traceparent: answerHeader('W3C trace context', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    ...(success.status === 201 || success.status === 202
      ? { Location: answerHeader('Where the object is', '/orders/ord_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B') }
      : {}),
    ...(success.body && caller !== 'anyone'
      ? { ETag: answerHeader('The version of the object, for If-Match', '"3"') }
      : {}),
    ...(idempotency
      ? { 'Idempotent-Replayed': answerHeader('`true` when an earlier answer is given again', 'true') }
      : {}),
  },
  ...(success.body
    ? { content: contentOf(success.contentType ?? 'application/json', write(success.body, 'output')) }
    : {}),
})

const problemOf = (status: number, codes: readonly string[], when: Problems): Response => ({
  description: codes.map((code) => `\`${code}\`${when[code] === undefined ? '' : `: ${when[code]}`}`).join('\n\n'),
  ...(status === 429 || status === 503 || codes.includes('IN_FLIGHT')
    ? { headers: { 'Retry-After': retryAfter } }
    : {}),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [referenceTo('Problem')],
        type: 'object',
        properties: { code: { type: 'string', enum: [...codes] } },
      },
    },
  },
})

/**
 * The gateway answers these itself, before any function: their body is its own, and cannot be made a problem document. What is
 * wrong stands in the header field (RFC 6750 3.1).
 */
const fromGateway = (description: string, example: string): Response => ({
  description,
  headers: { 'WWW-Authenticate': answerHeader('What is wrong with the token (RFC 6750)', example) },
  content: { 'application/json': { schema: referenceTo('GatewayMessage') } },
})

const unauthorized = fromGateway(
  'No token, or one that is not valid. Where the token was sent, `WWW-Authenticate` says why: `error_description="the token has expired"` asks for `POST /auth/refresh`',
  'Bearer scope="shop" error="invalid_token" error_description="the token has expired"',
)

const scopeMissing =
  'Without the scope `staff` the gateway answers in its own form: `{"message":"Forbidden"}`, with `WWW-Authenticate: Bearer … error="insufficient_scope"`'

/** What staff may do is refused to others by the gateway already, in its own form beside ours. */
const forbiddenToo = (problem: Response): Response => ({
  description: `${problem.description}\n\n${scopeMissing}`,
  headers: {
    'WWW-Authenticate': answerHeader(
      'What the token lacks (RFC 6750)',
      'Bearer scope="staff" error="insufficient_scope"',
    ),
  },
  content: { ...problem.content, 'application/json': { schema: referenceTo('GatewayMessage') } },
})

/** `TOO_MANY_REQUESTS` -> `TooManyRequests`. */
const pascal = (code: string): string =>
  code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/**
 * @param share keeps a response under a name, for all operations that answer the same, and refers to it
 * @param when what is said of each code
 */
export const responsesOf = (
  endpoint: EndpointDeclaration,
  write: Write,
  share: (shared: Shared) => Reference,
  when: Problems,
): Record<string, Response | Reference> => {
  const problems = [...problemsOf(endpoint)].map(([status, codes]): [string, Response | Reference] => {
    const response = problemOf(status, codes, when)
    const [code = ''] = codes
    if (status === 403 && endpoint.caller === 'staff') return [String(status), forbiddenToo(response)]
    return [String(status), codes.length === 1 ? share({ name: pascal(code), response }) : response]
  })
  return {
    [endpoint.success.status]: successOf(endpoint, write),
    ...Object.fromEntries(problems),
    ...(endpoint.caller === 'anyone' ? {} : { '401': share({ name: 'Unauthorized', response: unauthorized }) }),
  }
}
