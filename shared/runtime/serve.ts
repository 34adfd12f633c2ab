/** Wraps an endpoint: from API Gateway's event by its contract to the handler, and back to an HTTP response. */
import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type * as z from 'zod/mini'
import type { EndpointDeclaration } from '../contract/endpoint.ts'
import { commonMetrics } from '../contract/metric.ts'
import { type CommonProblem, commonProblems, type InputError, problemDocument } from '../contract/problem.ts'
import { checksStaff } from '../contract/staff-check.ts'
import { AlreadyDoneError, asError, ContentionError, isOutage, UnavailableError } from './errors.ts'
import { type Done, findDone } from './idempotency.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { lazy as lazily } from './lazy.ts'
import { correlate, count, logger, observe } from './observability.ts'
import { refuseWhoGoesAround } from './origin-secret.ts'
import { isKnown } from './preconditions.ts'
import { RefusedInput } from './refused-input.ts'
import { type Caller, type HttpEvent, parseRequest, type Request } from './request.ts'
import type { IsStillStaff } from './staff-check.ts'
import type { Table } from './table.ts'
import { acceptTrace, currentTrace, traceparentOf, withTrace } from './trace.ts'

export { isStale } from './preconditions.ts'

type BodyOf<E extends EndpointDeclaration> = E['success'] extends { body: infer S extends z.ZodMiniType }
  ? z.input<S>
  : undefined

/** The body as it is sent, where it was encoded before (`content-encoding`). */
type Encoded<Body> = Body extends undefined ? never : Uint8Array

/**
 * What was asked for. `version` becomes the ETag, `location` the Location header. A body may be bytes (declare `Bytes`); where
 * their type differs from answer to answer, `headers` says it: `content-type`.
 */
export type Success<E extends EndpointDeclaration> = {
  body: BodyOf<E> | Encoded<BodyOf<E>>
  version?: number
  location?: string
  headers?: Record<string, string>
}

/** An answer that the contract declares as a problem, or one that any endpoint may give. */
export type Problem<Code extends string = string> = {
  problem: Code
  detail: string
  errors?: readonly InputError[]
  retryAfterSeconds?: number
  headers?: Readonly<Record<string, string>>
  /** What stands now, where the request expected something else: `current` of the problem document. */
  current?: Readonly<Record<string, unknown>>
}

type CodeOf<E extends EndpointDeclaration> = CommonProblem | (keyof E['problems'] & string)

export type Answer<E extends EndpointDeclaration> = Success<E> | Problem<CodeOf<E>>

/** An endpoint's function with its parts: takes the validated request. */
type Handle<E extends EndpointDeclaration> = (request: Request<E>) => Promise<Answer<E>>

export const problem = <const Code extends string>(
  code: Code,
  detail: string,
  more: Omit<Problem, 'problem' | 'detail'> = {},
): Problem<Code> => ({ problem: code, detail, ...more })

/** The same answer whether a thing does not exist or is another's (OWASP API1: object level authorization). */
export const notFound = (what: string): Problem<'NOT_FOUND'> => problem('NOT_FOUND', `There is no such ${what}.`)

/** An access token lives for up to 15 minutes after its person was erased: nothing is kept of them anew. */
export const personIsErased = (): Problem<'FORBIDDEN'> => problem('FORBIDDEN', 'This account has been erased.')

export const staleVersion = (): Problem<'STALE_VERSION'> =>
  problem('STALE_VERSION', 'The object has changed since; read it again and repeat with its new ETag.')

const statusOf = (endpoint: EndpointDeclaration, code: string): number => {
  const declared: Readonly<Record<string, number>> = { ...commonProblems, ...endpoint.problems }
  return declared[code] ?? 500
}

const problemResponse = (
  endpoint: EndpointDeclaration,
  event: HttpEvent,
  answer: Problem,
): APIGatewayProxyStructuredResultV2 => {
  const status = statusOf(endpoint, answer.problem)
  const retryAfter = answer.retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined)
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
      ...answer.headers,
    },
    body: JSON.stringify(
      problemDocument({
        code: answer.problem,
        status,
        detail: answer.detail,
        instance: event.rawPath.slice(0, 500),
        traceId: currentTrace().traceId,
        errors: answer.errors,
        current: answer.current,
      }),
    ),
  }
}

/** Text stands as it is, bytes in Base64 (which the gateway decodes), anything else is JSON. */
const encoded = (body: unknown): Pick<APIGatewayProxyStructuredResultV2, 'body' | 'isBase64Encoded'> => {
  if (body === undefined) return {}
  if (body instanceof Uint8Array) return { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
  return { body: typeof body === 'string' ? body : JSON.stringify(body) }
}

const successResponse = <E extends EndpointDeclaration>(
  endpoint: E,
  answer: Success<E>,
): APIGatewayProxyStructuredResultV2 => {
  const [type = 'application/json'] = [endpoint.success.contentType ?? []].flat()
  return {
    statusCode: endpoint.success.status,
    headers: {
      ...(answer.body === undefined ? {} : { 'content-type': type }),
      ...(endpoint.caller === 'anyone' && endpoint.method === 'GET' ? {} : { 'cache-control': 'no-store' }),
      ...(answer.version === undefined ? {} : { etag: `"${answer.version}"` }),
      ...(answer.location === undefined ? {} : { location: answer.location }),
      ...answer.headers,
    },
    ...encoded(answer.body),
  }
}

/** What the client has already is not sent again (RFC 9110 13.1.2, 15.4.5), where an answer names its content by a tag of its own. */
const unlessKnown = (
  event: HttpEvent,
  response: APIGatewayProxyStructuredResultV2,
  etag: string | undefined,
): APIGatewayProxyStructuredResultV2 => {
  if (etag === undefined || !isKnown(event.headers['if-none-match'], etag)) return response
  const { 'content-type': _, 'content-encoding': __, ...headers } = response.headers ?? {}
  return { statusCode: 304, headers }
}

const keyReused = () =>
  problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for a request with another body.')

/** Answers again as the first request with this key did, if its body was the same. */
const replay = async <E extends EndpointDeclaration>(
  endpoint: E,
  event: HttpEvent,
  handle: Handle<E>,
  request: Request<E>,
  done: Done,
): Promise<APIGatewayProxyStructuredResultV2> => {
  if (done.bodyHash !== request.idempotencyKey?.bodyHash) return problemResponse(endpoint, event, keyReused())
  const answer = await handle({ ...request, replayOf: done.resource })
  if ('problem' in answer) return problemResponse(endpoint, event, answer)
  const response = successResponse(endpoint, answer)
  return { ...response, headers: { ...response.headers, 'idempotent-replayed': 'true' } }
}

type Find = Table['get']

/** Answers a validated request, with the parts that the endpoint's makers make. */
export type HandleWith<E extends EndpointDeclaration, M extends Makers> = (
  request: Request<E>,
  parts: PartsOf<M>,
) => Promise<Answer<E>>

/**
 * Staff are those who are it now, not those whose token says so. Where others may do something too, who is staff no more goes
 * on as one of them. @throws RefusedInput FORBIDDEN where only staff may
 */
const withStanding = async <E extends EndpointDeclaration>(
  endpoint: E,
  request: Request<E>,
  isStillStaff: IsStillStaff | undefined,
): Promise<Request<E>> => {
  const caller: Caller | undefined = request.caller && { staff: false, ...request.caller }
  if (!caller?.staff || !checksStaff(endpoint)) return request
  if (!isStillStaff) throw new Error(`${endpoint.path} does something for staff, and is not served by serveStaff`)
  if (await isStillStaff(caller)) return request
  if (endpoint.caller === 'staff') throw new RefusedInput('FORBIDDEN', 'This needs a staff account.')
  return { ...request, caller: Object.assign({}, request.caller, { staff: false }) }
}

const respond = async <E extends EndpointDeclaration>(
  endpoint: E,
  handle: Handle<E>,
  event: HttpEvent,
  find: Find | undefined,
  isStillStaff: IsStillStaff | undefined,
) => {
  refuseWhoGoesAround(event)
  const request = await withStanding(endpoint, parseRequest(endpoint, event), isStillStaff)
  correlate(request.params, request.body)
  logger.debug('asked', { caller: request.caller?.kind ?? 'anyone', bytes: event.body?.length ?? 0 })
  const earlier = request.idempotencyKey && find && (await findDone(find, request.idempotencyKey))
  if (earlier) return replay(endpoint, event, handle, request, earlier)
  try {
    const answer = await handle(request)
    if ('problem' in answer) return problemResponse(endpoint, event, answer)
    return unlessKnown(event, successResponse(endpoint, answer), answer.headers?.etag)
  } catch (error) {
    if (error instanceof AlreadyDoneError) return replay(endpoint, event, handle, request, error)
    throw error
  }
}

/** Outages and lost races have an answer of their own; anything else is our bug, logged in full and told without detail. */
const problemOf = (error: unknown): Problem<CommonProblem> => {
  if (error instanceof RefusedInput)
    return problem(error.code, error.message, { errors: error.errors, headers: error.headers })
  if (error instanceof ContentionError)
    return problem('IN_FLIGHT', 'Another request is changing the same object; try again.', { retryAfterSeconds: 1 })
  if (isOutage(error)) {
    logger.error('something needed did not answer', asError(error))
    const retryAfterSeconds = error instanceof UnavailableError ? error.retryAfterSeconds : 1
    return problem('UNAVAILABLE', 'The shop cannot do this at the moment; try again.', { retryAfterSeconds })
  }
  logger.error('request failed', asError(error))
  return problem('INTERNAL', 'Something went wrong on our side. The trace id helps us to find it.')
}

/**
 * On every answer. Nothing is to be taken for what it does not say it is (WHATWG Fetch, nosniff), and whoever has been here by HTTPS
 * comes back by HTTPS for a year (RFC 6797; browsers ignore it on plain HTTP, as on one's own machine).
 */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
} as const

/**
 * Where idempotency keys are kept: an endpoint with such keys has a part `table`; the others need bring no database along. Where the
 * key makes the id, the handler itself finds what was made, and throws AlreadyDoneError.
 */
export type KeyMaker = { table?: () => Table }
type WithKeys<E extends EndpointDeclaration> = E extends { keyMakesId: true }
  ? unknown
  : E extends { idempotency: string }
    ? { table: () => Table }
    : unknown
export type MakersFor<E extends EndpointDeclaration, M> = M & WithKeys<E>

/** @param isStillStaff of this instance; none for endpoints that do nothing more for staff */
const instanceOf = <E extends EndpointDeclaration>(
  endpoint: E,
  handle: Handle<E>,
  keys: (() => Table) | undefined,
  isStillStaff: IsStillStaff | undefined,
) => {
  const table = lazily(() => (endpoint.idempotency === undefined ? undefined : keys?.()))
  return middy((event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const trace = acceptTrace(event.headers.traceparent)
    return withTrace(trace, async () => {
      let response: APIGatewayProxyStructuredResultV2
      try {
        response = await respond(endpoint, handle, event, table()?.get, isStillStaff)
      } catch (error) {
        response = problemResponse(endpoint, event, problemOf(error))
      }
      if ((response.statusCode ?? 200) >= 500) count(commonMetrics.serverErrors)
      logger.info('answered', { status: response.statusCode })
      return { ...response, headers: { ...securityHeaders, ...response.headers, traceparent: traceparentOf(trace) } }
    })
  }).use(observe())
}

/** Whoever does more for staff has to ask who is staff: such an endpoint is served by `serveStaff` (serve-staff.ts), and fits here not. */
type Unguarded<E> = E extends { staffCheck: 'in-function' } | { caller: 'anyone' }
  ? unknown
  : E extends { caller: 'staff' } | { forStaff: true }
    ? never
    : unknown

/** @param asksWhoIsStaff makes what asks, anew for each instance */
export const server = <E extends EndpointDeclaration, M extends Makers & KeyMaker>(
  endpoint: E,
  makers: M,
  handle: HandleWith<E, M>,
  asksWhoIsStaff?: () => IsStillStaff,
) =>
  instantiable(makers, (parts) =>
    instanceOf(endpoint, (request) => handle(request, parts()), makers.table, asksWhoIsStaff?.()),
  )

/** @param makers of the parts that it needs: they are made at the first request, so that an instance starts with little */
export const serve = <E extends EndpointDeclaration, M extends Makers & KeyMaker>(
  endpoint: E & Unguarded<E>,
  makers: MakersFor<E, M>,
  handle: HandleWith<E, M>,
) => server<E, M>(endpoint, makers, handle)
