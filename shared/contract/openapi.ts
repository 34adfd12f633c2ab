/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), written from the contracts. */
import * as z from 'zod/mini'
import type { EndpointDeclaration, ServiceDeclaration } from './endpoint.ts'
import { type JsonSchema, schemaWriter } from './json-schema.ts'
import { headersOf, type Parameter, parametersIn, type Write } from './openapi-parameters.ts'
import { onePathEach } from './openapi-paths.ts'
import { type Reference, type Response, responsesOf, type Shared } from './openapi-responses.ts'
import { type Vocabulary, worded } from './openapi-words.ts'
import { ProblemDocument } from './problem.ts'

const noWords: Vocabulary = { names: new Map(), schemas: {}, fields: {}, problems: {} }

const GatewayMessage = z.object({ message: z.string() })

type Body = { required: boolean; content: { 'application/json': { schema: JsonSchema } } }

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description: string
  'x-caller': EndpointDeclaration['caller']
  parameters: Parameter[]
  requestBody?: Body
  responses: Record<string, Response | Reference>
  /** Which scope it needs is said by `x-caller`: lists of scopes belong to OAuth 2 and OpenID Connect (OpenAPI 3.1 4.8.30). */
  security: { accessToken: never[] }[]
}

/** A DELETE has a meaning without a body. */
const bodyOf = ({ method, body, rawBody }: EndpointDeclaration, write: Write): { requestBody?: Body } => {
  if (!body && !rawBody) return {}
  const schema = body ? write(body, 'input') : { type: 'object', description: 'As the sender signs it' }
  return { requestBody: { required: method !== 'DELETE', content: { 'application/json': { schema } } } }
}

const callers = {
  anyone: 'For anyone, without a token.',
  shopper: 'Needs an access token: of a guest, a customer or staff.',
  customer: 'Needs the access token of an account.',
  staff: 'Needs an access token of staff, with the scope `staff`.',
} as const

const descriptionOf = ({ caller, rawBody, idempotency }: EndpointDeclaration): string =>
  [
    rawBody ? 'Needs no token: the sender signs it (Standard Webhooks).' : callers[caller],
    ...(idempotency === 'required' ? ['Needs an `Idempotency-Key`.'] : []),
    ...(idempotency === 'honoured' ? ['Takes an `Idempotency-Key`.'] : []),
  ].join(' ')

/** What an operation is written with. */
type Writing = {
  write: Write
  share: (shared: Shared) => Reference
  words: Vocabulary
  /** How a parameter of the path is called in the document. */
  nameOf: (parameter: string) => string
}

const operationOf = (
  service: ServiceDeclaration,
  name: string,
  endpoint: EndpointDeclaration,
  { write: writePlain, share, words, nameOf }: Writing,
): Operation => {
  const { parameter, inline } = worded(words)
  const write: Write = (schema, io) => inline(name, writePlain(schema, io))
  return {
    operationId: name,
    tags: [service.name],
    summary: endpoint.summary,
    description: descriptionOf(endpoint),
    'x-caller': endpoint.caller,
    parameters: [
      ...parametersIn('path', endpoint.params, writePlain).map((one) => ({ ...one, name: nameOf(one.name) })),
      ...parametersIn('query', endpoint.query, writePlain),
      ...headersOf(endpoint),
    ].map((one) => parameter(name, one)),
    ...bodyOf(endpoint, write),
    responses: responsesOf(endpoint, write, share, words.problems),
    security: endpoint.caller === 'anyone' ? [] : [{ accessToken: [] }],
  }
}

/** @param about title and version of the API, and where it is @param words what things are called, and what is said of them */
export const openApiDocument = (
  services: readonly ServiceDeclaration[],
  about: { title: string; version: string; url: string },
  words: Vocabulary = noWords,
) => {
  const { write, components } = schemaWriter(words.names)
  const declared = services.flatMap((service) =>
    Object.entries<EndpointDeclaration>(service.endpoints)
      .filter(([, { method }]) => method !== 'ANY')
      .map(([name, endpoint]) => ({ service, name, endpoint })),
  )
  for (const { endpoint } of declared) if (endpoint.success.body) write(endpoint.success.body, 'output')
  const pathFor = onePathEach(declared.map(({ endpoint }) => endpoint.path))
  const { component } = worded(words)
  const responses: Record<string, Response> = {}
  const share = ({ name, response }: Shared): Reference => {
    if (responses[name] !== undefined && JSON.stringify(responses[name]) !== JSON.stringify(response))
      throw new Error(`two responses are called ${name}`)
    responses[name] = response
    return { $ref: `#/components/responses/${name}` }
  }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const { service, name, endpoint } of declared) {
    const { template, nameOf } = pathFor(endpoint.path)
    const operation = operationOf(service, name, endpoint, { write, share, words, nameOf })
    paths[template] = { ...paths[template], [endpoint.method.toLowerCase()]: operation }
  }
  for (const [name, schema] of [
    ['Problem', ProblemDocument],
    ['GatewayMessage', GatewayMessage],
  ] as const)
    components.set(name, write(schema, 'output'))
  const schemas = Object.fromEntries(
    [...components].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, component(name, schema)]),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: about.version,
      description: 'The public API of the shop. Money is in minor units of its currency; times are RFC 3339, UTC.',
      contact: { name: about.title, url: `${about.url}/docs` },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.url }],
    tags: services.map(({ name, summary }) => ({ name, description: summary })),
    paths,
    components: {
      schemas,
      responses,
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
