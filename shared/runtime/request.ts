/** From API Gateway's event (payload format 2.0) to a request that its contract vouches for, or to what is wrong with it. */
import { isIP } from 'node:net'
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda'
import * as z from 'zod/mini'
import type { CallerKind, EndpointDeclaration } from '../contract/endpoint.ts'
import { type IdempotencyKey, idempotencyKeyOf, isIdempotencyKey } from './idempotency.ts'
import { inputErrorsOf } from './input-errors.ts'
import { bodyText, parseJsonBody, refuseUnfit } from './json-body.ts'
import { type IfMatch, ifMatchOf } from './preconditions.ts'
import { RefusedInput } from './refused-input.ts'

/** Who is asking, as the gateway's authorizer vouches. */
export type Caller = {
  id: string
  kind: 'guest' | 'customer'
  /** Only where the contract names staff, and then as of now: what the token says has been asked about. */
  staff: boolean
  /** The session that the token belongs to (`sid`). */
  sessionId?: string
  /** When they last showed a password: seconds since the epoch (`auth_time`, RFC 9068 2.2.1). Guests have none. */
  authenticatedAt?: number
}

/** Whether they may know of what belongs to `ownerId`; others are answered as if there were nothing. */
export const isOwnerOrStaff = (caller: Pick<Caller, 'id' | 'staff'>, ownerId: string): boolean =>
  caller.staff || ownerId === caller.id

type CallerOf<E extends { caller: CallerKind }> = E['caller'] extends 'anyone'
  ? undefined
  : E extends { caller: 'staff' } | { forStaff: true }
    ? Caller
    : Omit<Caller, 'staff'>

type Output<S> = S extends z.ZodMiniType ? z.output<S> : undefined

/** What a handler is given: everything checked against its contract. */
export type Request<E extends EndpointDeclaration> = {
  params: Output<E['params']>
  query: Output<E['query']>
  body: E['rawBody'] extends number ? string : Output<E['body']>
  caller: CallerOf<E>
  /** The idempotency key, if one was sent; hand it to the write that has the effect. */
  idempotencyKey: E extends { idempotency: 'required' } ? IdempotencyKey : IdempotencyKey | undefined
  /** The id of what an earlier request with the same key made or changed: answer with that, and change nothing. */
  replayOf: string | undefined
  /** The versions that the client believes current (`If-Match`). */
  ifMatch: IfMatch
  /** `Prefer: wait=N`, 0 to 20 seconds (RFC 7240). */
  waitSeconds: number
  method: string
  /** As it was asked for, decoded. */
  path: string
  /** Without its question mark, as it came. */
  rawQuery: string
  headers: Readonly<Record<string, string | undefined>>
  /** Of whoever asks; behind a content network, as that says it. */
  sourceIp: string
}

export type HttpEvent = APIGatewayProxyEventV2 & {
  requestContext: Partial<Pick<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext'], 'authorizer'>>
}

/** Behind a content network the gateway sees that network's address; a header that it sets on every request names the right one. */
const sourceIpOf = ({ headers, requestContext }: HttpEvent): string => {
  const told = headers[process.env.VIEWER_ADDRESS_HEADER ?? '']
  return told !== undefined && isIP(told) !== 0 ? told : requestContext.http.sourceIp
}

const parsePart = <S extends z.ZodMiniType>(
  schema: S,
  part: 'body' | 'query' | 'params',
  value: unknown,
): z.output<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new RefusedInput(
    'INVALID_INPUT',
    `The ${part === 'params' ? 'path' : part} is not as the contract asks.`,
    inputErrorsOf(schema, part, value, parsed.error.issues),
  )
}

const noQuery = z.strictObject({})

/** A parameter that a contract does not name is refused, also where it names none: left out without a word, it would seem to work. */
const parseQuery = (endpoint: EndpointDeclaration, event: HttpEvent): unknown => {
  const given = event.queryStringParameters ?? {}
  refuseUnfit('query', given)
  return endpoint.method === 'ANY' ? undefined : parsePart(endpoint.query ?? noQuery, 'query', given)
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

/**
 * A body where the contract names none is refused, like any other unknown input, but for an empty object. Where it names one, a
 * body must be there, though all in it may be left out: a DELETE alone has a meaning without (RFC 9110 9.3.5).
 */
const parseBody = (endpoint: EndpointDeclaration, event: HttpEvent): unknown => {
  if (endpoint.method === 'ANY') return undefined
  if (endpoint.rawBody) return bodyText(event, endpoint.rawBody)
  const value = parseJsonBody(event)
  if (endpoint.body) {
    // An optional body may be left out as a whole.
    if (value === undefined && endpoint.body.safeParse(undefined).success) return undefined
    const body = parsePart(endpoint.body, 'body', value === undefined ? {} : value)
    if (value === undefined && endpoint.method !== 'DELETE')
      throw new RefusedInput('INVALID_INPUT', 'This request needs a body: a JSON object.')
    return body
  }
  if (value !== undefined && !isEmptyObject(value))
    throw new RefusedInput('INVALID_INPUT', 'This request takes no body.')
  return undefined
}

/** The gateway has verified the token; a token without a subject of ours cannot have come from our issuer. */
const callerOf = (endpoint: EndpointDeclaration, event: HttpEvent): Caller | undefined => {
  if (endpoint.caller === 'anyone') return undefined
  const claims = event.requestContext.authorizer?.jwt?.claims
  const id = String(claims?.sub ?? '')
  const scopes = String(claims?.scope ?? '').split(' ')
  const kind = id.startsWith('usr_') ? 'customer' : id.startsWith('gst_') ? 'guest' : undefined
  if (!kind || !scopes.includes('shop')) throw new RefusedInput('FORBIDDEN', 'This token does not admit to the shop.')
  const authenticatedAt = Number(claims?.auth_time)
  const sessionId = /^fam_[0-9A-HJKMNP-TV-Z]{26}$/.exec(String(claims?.sid ?? ''))?.[0]
  const caller: Caller = {
    id,
    kind,
    staff: kind === 'customer' && scopes.includes('staff'),
    ...(Number.isFinite(authenticatedAt) ? { authenticatedAt } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
  }
  if (endpoint.caller === 'customer' && kind === 'guest')
    throw new RefusedInput('ACCOUNT_NEEDED', 'A guest cannot do this; make an account or log in.')
  if (endpoint.caller === 'staff' && !caller.staff) throw new RefusedInput('FORBIDDEN', 'This needs a staff account.')
  return caller
}

const idempotencyKeyFor = (
  endpoint: EndpointDeclaration,
  event: HttpEvent,
  caller: Caller | undefined,
  body: unknown,
): IdempotencyKey | undefined => {
  if (!endpoint.idempotency) return undefined
  const key = event.headers['idempotency-key']
  if (key === undefined) {
    if (endpoint.idempotency === 'honoured') return undefined
    throw new RefusedInput('IDEMPOTENCY_KEY_MISSING', 'This request needs an Idempotency-Key header.')
  }
  if (!isIdempotencyKey(key))
    throw new RefusedInput('IDEMPOTENCY_KEY_INVALID', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
  return idempotencyKeyOf(caller?.id ?? 'anyone', endpoint.method, event.rawPath, key, body)
}

const waitSecondsOf = (header: string | undefined): number => {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(header ?? '')?.[1]
  return Math.min(20, Number(seconds ?? 0))
}

/** @throws RefusedInput for whatever the contract does not allow */
export const parseRequest = <E extends EndpointDeclaration>(endpoint: E, event: HttpEvent): Request<E> => {
  const caller = callerOf(endpoint, event)
  refuseUnfit('params', event.pathParameters ?? {})
  refuseUnfit('header', event.headers)
  const params = endpoint.params && parsePart(endpoint.params, 'params', event.pathParameters ?? {})
  const query = parseQuery(endpoint, event)
  const body = parseBody(endpoint, event)
  const request: Omit<Request<EndpointDeclaration>, 'caller'> & { caller: Caller | undefined } = {
    params,
    query: query as undefined,
    body: body as undefined,
    caller,
    idempotencyKey: idempotencyKeyFor(endpoint, event, caller, body),
    replayOf: undefined,
    ifMatch: ifMatchOf(event.headers['if-match']),
    waitSeconds: waitSecondsOf(event.headers.prefer),
    method: event.requestContext.http.method,
    path: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: event.headers,
    sourceIp: sourceIpOf(event),
  }
  // The parts were parsed by the endpoint's own schemas just above, which is what Request<E> says; the compiler
  // cannot follow that through a generic record.
  return request as Request<E>
}
