/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), written from the contracts. */
import * as z from 'zod/mini'
import type { EndpointDeclaration, ObjectSchema, ServiceDeclaration } from './endpoint.ts'
import { commonProblems, ProblemDocument } from './problem.ts'

export type JsonSchema = Record<string, unknown>

/** The schema as others read it: what may be sent (`input`) or what is answered (`output`). */
export const jsonSchemaOf = (schema: z.ZodMiniType, io: 'input' | 'output' = 'input'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  return rest
}

const parametersIn = (place: 'path' | 'query', schema: ObjectSchema | undefined) => {
  const { properties, required } = jsonSchemaOf(schema ?? z.object({}))
  const needed = Array.isArray(required) ? required : []
  return Object.entries(properties ?? {}).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema: of,
  }))
}

const header = (name: string, description: string, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})

const isChange = ({ method, idempotency, params }: EndpointDeclaration): boolean =>
  method === 'PUT' || method === 'PATCH' || method === 'DELETE' || (method === 'POST' && !!params && !idempotency)

const headersOf = (endpoint: EndpointDeclaration) => [
  ...(endpoint.idempotency
    ? [
        header(
          'Idempotency-Key',
          'Makes the request safe to repeat: 1 to 255 visible ASCII characters',
          endpoint.idempotency === 'required',
        ),
      ]
    : []),
  ...(isChange(endpoint) && endpoint.caller !== 'anyone'
    ? [header('If-Match', 'The ETag that the change is based on')]
    : []),
  ...(endpoint.success.status === 202
    ? [header('Prefer', '`wait=N` waits up to N (at most 20) seconds for the outcome')]
    : []),
  ...(endpoint.rawBody
    ? ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => header(name, 'Standard Webhooks', true))
    : []),
]

/** Codes by status: the endpoint's own, and those that follow from what it takes. */
export const problemsOf = (endpoint: EndpointDeclaration): Map<number, string[]> => {
  const takesBody = endpoint.body !== undefined || endpoint.rawBody !== undefined
  const follow: (keyof typeof commonProblems)[] = [
    ...(endpoint.params || endpoint.query || takesBody ? ['INVALID_INPUT' as const] : []),
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

const answerHeader = (description: string) => ({ description, schema: { type: 'string' } })

const successOf = ({ success, idempotency, caller }: EndpointDeclaration) => ({
  description: success.status === 202 ? 'Accepted; the outcome follows' : 'Done',
  headers: {
    traceparent: answerHeader('W3C trace context'),
    ...(success.status === 201 || success.status === 202 ? { Location: answerHeader('Where the object is') } : {}),
    ...(success.body && caller !== 'anyone' ? { ETag: answerHeader('The version of the object, for If-Match') } : {}),
    ...(idempotency ? { 'Idempotent-Replayed': answerHeader('`true` when an earlier answer is given again') } : {}),
  },
  ...(success.body
    ? { content: { [success.contentType ?? 'application/json']: { schema: jsonSchemaOf(success.body, 'output') } } }
    : {}),
})

const responsesOf = (endpoint: EndpointDeclaration) => ({
  [endpoint.success.status]: successOf(endpoint),
  ...(endpoint.caller === 'anyone'
    ? {}
    : { 401: { description: 'No token, or one that is not valid (given by the gateway, in its own form)' } }),
  ...Object.fromEntries(
    [...problemsOf(endpoint)].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        ...(status === 429 || status === 503 || codes.includes('IN_FLIGHT')
          ? { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } }
          : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  ),
})

const operationOf = (service: ServiceDeclaration, name: string, endpoint: EndpointDeclaration) => ({
  operationId: name,
  tags: [service.name],
  summary: endpoint.summary,
  'x-caller': endpoint.caller,
  parameters: [
    ...parametersIn('path', endpoint.params),
    ...parametersIn('query', endpoint.query),
    ...headersOf(endpoint),
  ],
  ...(endpoint.body
    ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(endpoint.body) } } } }
    : {}),
  ...(endpoint.rawBody
    ? { requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } }
    : {}),
  responses: responsesOf(endpoint),
  security: endpoint.caller === 'anyone' ? [] : [{ accessToken: endpoint.caller === 'staff' ? ['staff'] : ['shop'] }],
})

export type Operation = ReturnType<typeof operationOf>

/** @param about title and version of the API, and where it is */
export const openApiDocument = (
  services: readonly ServiceDeclaration[],
  about: { title: string; version: string; url: string },
) => {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const service of services)
    for (const [name, endpoint] of Object.entries(service.endpoints)) {
      if (endpoint.method === 'ANY') continue
      paths[endpoint.path] = {
        ...paths[endpoint.path],
        [endpoint.method.toLowerCase()]: operationOf(service, name, endpoint),
      }
    }
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: about.version,
      description: 'The public API of the shop. Money is in minor units of its currency; times are RFC 3339, UTC.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.url }],
    tags: services.map(({ name, summary }) => ({ name, description: summary })),
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(ProblemDocument, 'output') },
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'From /auth/guest, /auth/login or /auth/register',
        },
      },
    },
  }
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>
