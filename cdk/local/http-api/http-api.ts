/** Answers the requests of HTTP APIs: route, throttle, authorizer, function, access log. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../endpoint/aws-endpoint.ts'
import { StartError } from '../start-error.ts'
import type { ResourceOf } from '../template/template.ts'
import { type Cors, createCors } from './cors.ts'
import { belongsTo, type HttpApiDependencies, type Route, readRoutes } from './definition.ts'
import { type Answer, jsonAnswer, logTime, type Request, type RouteContext, toAnswer, toEvent } from './payload.ts'
import { apiType, stageType } from './resources.ts'
import { routeTable } from './routes.ts'

const maxBodyBytes = 10 * 1024 * 1024

export type HttpApi = {
  id: string
  /** Answers one request; `url` is its path and query below the API. */
  handle(request: IncomingMessage, response: ServerResponse, url: string): Promise<void>
}

const challenge = (text: string) => ({ 'www-authenticate': text === '' ? 'Bearer' : `Bearer ${text}` })

const unavailable = jsonAnswer(503, { message: 'Service Unavailable' })
const internalError = jsonAnswer(500, { message: 'Internal Server Error' })

const decodePath = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const createApi = (api: ResourceOf<typeof apiType>, dependencies: HttpApiDependencies): HttpApi => {
  const { template, lambda, place, log, accessLog } = dependencies
  const stage = template.ofType(stageType).find(belongsTo(api))
  if (stage === undefined) throw new StartError(`${api.where}: it has no stage`)
  const find = routeTable(readRoutes(api, stage, dependencies))
  const { CorsConfiguration } = api.properties
  const cors: Cors | undefined = CorsConfiguration && createCors(CorsConfiguration, dependencies.alsoAllowsOrigin)
  const logFormat = stage.properties.AccessLogSettings?.Format ?? ''

  const invoke = async (route: Route, request: Request, context: RouteContext): Promise<Answer> => {
    if (!route.permitted) {
      log(`${route.key}: no AWS::Lambda::Permission lets the API invoke ${route.functionName}`)
      return internalError
    }
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), route.timeoutMs)
    })
    const event = JSON.stringify(toEvent(request, context))
    const result = await Promise.race([lambda.invoke(route.functionName, event, request.traceHeader), late])
    clearTimeout(timer)
    if (result === 'late' || result.kind === 'throttled') return unavailable
    return result.functionError === undefined ? (toAnswer(result.payload) ?? internalError) : internalError
  }

  const answer = async (request: Request, routeKey: { value: string }): Promise<Answer> => {
    const { incoming } = request
    const method = incoming.method ?? 'GET'
    if (cors !== undefined && method === 'OPTIONS' && incoming.headers['access-control-request-method'] !== undefined)
      return cors.preflight(incoming.headers)
    const match = find(method, request.path)
    if (match === undefined) return jsonAnswer(404, { message: 'Not Found' })
    const { route, pathParameters } = match
    routeKey.value = route.key
    if (!route.takesToken(performance.now())) return jsonAnswer(429, { message: 'Too Many Requests' })
    const context: RouteContext = {
      routeKey: route.key,
      apiId: api.name,
      accountId: place.account,
      domainName: place.domainName,
      pathParameters,
    }
    if (route.authorize === undefined) return invoke(route, request, context)
    const decision = await route.authorize(incoming.headers.authorization, route.scopes)
    switch (decision.kind) {
      case 'missing':
        return jsonAnswer(401, { message: 'Unauthorized' }, challenge(''))
      case 'invalid': {
        const text = `scope="${route.scopes.join(' ')}" error="invalid_token" error_description="${decision.reason}"`
        return jsonAnswer(401, { message: 'Unauthorized' }, challenge(text))
      }
      case 'insufficient': {
        const text = `scope="${decision.scopes.join(' ')}" error="insufficient_scope" error_description="the token lacks the scope"`
        return jsonAnswer(403, { message: 'Forbidden' }, challenge(text))
      }
      case 'allowed': {
        const scopes = route.scopes.length > 0 ? decision.scopes : null
        return invoke(route, request, { ...context, authorizer: { claims: decision.claims, scopes } })
      }
    }
  }

  const writeAccessLog = (request: Request, routeKey: string, { status, body }: Answer): void => {
    if (logFormat === '') return
    const { incoming } = request
    const values: { [name: string]: string } = {
      requestId: request.requestId,
      extendedRequestId: request.requestId,
      routeKey,
      path: request.path,
      httpMethod: incoming.method ?? '',
      protocol: `HTTP/${incoming.httpVersion}`,
      status: String(status),
      responseLength: String(body.length),
      responseLatency: String(Date.now() - request.timeMs),
      requestTime: logTime(request.timeMs),
      requestTimeEpoch: String(request.timeMs),
      stage: '$default',
      apiId: api.name,
      accountId: place.account,
      domainName: place.domainName,
      'identity.sourceIp': incoming.socket.remoteAddress ?? '',
      'identity.userAgent': incoming.headers['user-agent'] ?? '',
    }
    // A value must not be able to end its field or its line.
    const line = logFormat.replace(/\$context\.([A-Za-z.]+)/g, (_, name: string) =>
      JSON.stringify(values[name] ?? '-').slice(1, -1),
    )
    accessLog(api.name, line)
  }

  return {
    id: api.name,
    async handle(incoming, response, url) {
      const timeMs = Date.now()
      const [encodedPath = '/', query = ''] = url.split(/\?(.*)/s)
      const path = decodePath(encodedPath)
      const body = await readBody(incoming, maxBodyBytes)
      const requestId = randomBytes(12).toString('base64')
      const root = `1-${Math.floor(timeMs / 1000).toString(16)}-${randomBytes(12).toString('hex')}`
      const traceHeader = String(incoming.headers['x-amzn-trace-id'] ?? `Root=${root}`)
      const request: Request = {
        incoming,
        encodedPath,
        path: path ?? '/',
        query,
        body: body ?? Buffer.alloc(0),
        requestId,
        timeMs,
        traceHeader,
      }
      const routeKey = { value: '-' }
      let result: Answer
      try {
        if (path === undefined) result = jsonAnswer(400, { message: 'Bad Request' })
        else if (body === undefined) result = jsonAnswer(413, { message: 'Request Entity Too Large' })
        else result = await answer(request, routeKey)
      } catch (error) {
        log(`${incoming.method} ${path}: ${error instanceof Error ? error.stack : error}`)
        result = internalError
      }
      writeAccessLog(request, routeKey.value, result)
      const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = result.headers
      response.writeHead(result.status, {
        ...headers,
        ...cors?.headers(incoming.headers),
        'apigw-requestid': requestId,
        ...(result.status === 204 ? {} : { 'content-length': result.body.length }),
        ...(result.cookies.length > 0 ? { 'set-cookie': result.cookies } : {}),
      })
      response.end(incoming.method === 'HEAD' ? undefined : result.body)
    },
  }
}

/** Every HTTP API of the template. */
export const createHttpApis = (dependencies: HttpApiDependencies): HttpApi[] =>
  dependencies.template.ofType(apiType).map((api) => createApi(api, dependencies))
