/**
 * One service under test: its functions run from the bundles that are deployed, against a table of the real engine.
 * Requests go in as API Gateway would send them, events as the bus would.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AttributeValue, DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type * as z from 'zod/mini'
import { bundleFunctions } from '../../cdk/constructs/bundle/bundle.ts'
import { entriesOf, type FunctionEntry } from '../../cdk/constructs/entries.ts'
import {
  type EndpointDeclaration,
  kebab,
  type ServiceDeclaration,
  tableVariable,
} from '../../shared/contract/endpoint.ts'
import type { EventDeclaration } from '../../shared/contract/event.ts'
import { eventsOf } from '../../shared/runtime/relay.ts'
import { type Answer, answerOf } from './answer.ts'
import { type DatabaseCall, type Fakes, startFakeAws } from './aws.ts'
import { startEngine } from './engine.ts'
import { NotGranted, watchInvocations } from './grants.ts'
import { type TestBucket, testBucket, testCredentials } from './objects.ts'
import { createTable } from './tables.ts'
import { stretchDeadlines } from './time.ts'

/** What is null is left out, so that a page's `next_cursor` can be handed on as it is. */
export type TestQuery = Record<string, string | null | undefined>

export type TestRequest = {
  params?: Record<string, string>
  query?: TestQuery
  /** An object is sent as JSON, a string as it stands. */
  body?: unknown
  caller?: TestCaller | undefined
  headers?: Record<string, string>
  sourceIp?: string
  /** Where they are not those of the contract: `HEAD`, or what the gateway's default route takes. */
  method?: string
  path?: string
}

export type TestCaller = { sub: string; scope: string; sid?: string | undefined }

export type TestResponse<E = EndpointDeclaration> = Answer<E> & {
  headers: Record<string, string>
  /** The body as it was sent. */
  bytes: Buffer
  /** DynamoDB calls that the request made. */
  database: DatabaseCall[]
}

/** JSON that a test looks into without declaring its shape. */
// biome-ignore lint/suspicious/noExplicitAny: assertions on answers are the check of their shape
export type Json = any

export type PublishedEvent = {
  id: string
  type: string
  aggregateId: string
  sequence: number
  data: Json
  time: string
  traceparent: string
}

type Named<D> = keyof NonNullable<D> & string

type OutputOf<P> = P extends { readonly output: infer O extends z.ZodMiniType } ? z.output<O> : never

export type ServiceUnderTest<S extends ServiceDeclaration = ServiceDeclaration> = {
  /** @param name as the contract spells it: `placeOrder` */
  request<Name extends Named<S['endpoints']>>(
    name: Name,
    request?: TestRequest,
  ): Promise<TestResponse<S['endpoints'][Name]>>
  call<Name extends Named<S['procedures']>>(
    name: Name,
    input: unknown,
  ): Promise<OutputOf<NonNullable<S['procedures']>[Name]>>
  /** Delivers events, all at the same moment; gives back the ids of those that failed. */
  deliver(name: string, events: readonly TestEvent[]): Promise<string[]>
  /** Tells a projection of written items, as the table's stream would; gives back the number of the first that failed. */
  project(name: string, keys: readonly { pk: string; sk: string }[]): Promise<number | undefined>
  /** Hands messages to a task, as its queue would; gives back the ids of those that failed. */
  work(name: string, messages: readonly unknown[]): Promise<string[]>
  run(name: string): Promise<void>
  /** Hands over an event as it stands: for what no client or queue of ours would send. */
  invoke(kind: FunctionEntry['kind'], name: string, event: unknown): Promise<Json>
  /** Writes an item past the functions: for what only time would bring about. */
  put(item: Record<string, unknown>): Promise<void>
  /** Every item of the table, or of a further one. */
  items(table?: string): Promise<Json[]>
  /** What lies in the service's bucket; tests may look into it, and put something there. */
  objects(): TestBucket['objects']
  /** What the relay would publish from the items as they stand: the latest write's events of each. */
  outbox(): Promise<PublishedEvent[]>
  fakes: Fakes
  /** Every DynamoDB call of the functions so far. */
  database: DatabaseCall[]
  stop(): void
}

export type TestEvent = {
  id: string
  type: string
  schemaVersion: number
  time: string
  aggregateId: string
  sequence: number
  traceparent: string
  data: Json
}

const randomUlid = (): string =>
  Array.from({ length: 26 }, () => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Math.floor(Math.random() * 32))).join('')

/** An identifier as the shop makes them. */
export const someId = (prefix: string): string => `${prefix}_${randomUlid()}`

export const guest = (): TestCaller => ({ sub: someId('gst'), scope: 'shop' })
export const customer = (): TestCaller => ({ sub: someId('usr'), scope: 'shop' })
export const staff = (): TestCaller => ({ sub: someId('usr'), scope: 'shop staff' })

/** An event as it comes over the bus. */
export const someEvent = <E extends EventDeclaration>(
  declaration: E,
  aggregateId: string,
  data: Json,
  more: Partial<Omit<TestEvent, 'type'>> = {},
): TestEvent & { type: E['type'] } => ({
  id: someId('evt'),
  type: declaration.type,
  schemaVersion: declaration.schemaVersion,
  time: new Date().toISOString(),
  aggregateId,
  sequence: 1,
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  data,
  ...more,
})

/** A request as the gateway hands it over. */
export const httpEvent = (declaration: EndpointDeclaration, request: TestRequest) => {
  const path =
    request.path ??
    declaration.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => encodeURIComponent(request.params?.[name] ?? ''))
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== null && value !== undefined) query[name] = value
  const body =
    typeof request.body === 'string' || request.body === undefined ? request.body : JSON.stringify(request.body)
  return {
    version: '2.0',
    routeKey: `${declaration.method} ${declaration.path}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
    ...(request.query ? { queryStringParameters: query } : {}),
    ...(request.params ? { pathParameters: request.params } : {}),
    requestContext: {
      http: {
        method: request.method ?? declaration.method,
        path,
        sourceIp: request.sourceIp ?? '192.0.2.1',
        userAgent: 'test',
        protocol: 'HTTP/1.1',
      },
      ...(request.caller ? { authorizer: { jwt: { claims: request.caller, scopes: null } } } : {}),
    },
    isBase64Encoded: false,
    body,
  }
}

/** An event as its rule hands it to a consumer. */
export const onBus = (event: TestEvent) => ({ 'detail-type': event.type, source: 'shop.test', detail: event })

type LambdaHandler = (event: unknown, context: unknown) => Promise<Json>

export const contextFor = (functionName: string) => ({
  functionName,
  functionVersion: '$LATEST',
  memoryLimitInMB: '512',
  invokedFunctionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${functionName}`,
  awsRequestId: randomUUID(),
  getRemainingTimeInMillis: () => 20_000,
})

/**
 * @param environment what the service's stack would add to its functions
 * @param provider folder of the payment provider that the bundles are made with, relative to the project
 */
export const startService = async <S extends ServiceDeclaration>(
  service: S,
  fakes: Fakes = {},
  environment: Record<string, string> = {},
  provider?: string,
): Promise<ServiceUnderTest<S>> => {
  stretchDeadlines()
  const engine = await startEngine()
  const aws = await startFakeAws(engine.url, fakes)
  const tableName = `${service.name}-${randomUUID()}`
  const furtherTable = (name: string) => `${tableName}-${name}`
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: aws.url,
    TABLE_NAME: tableName,
    ...Object.fromEntries(Object.keys(service.tables ?? {}).map((name) => [tableVariable(name), furtherTable(name)])),
    BUCKET_NAME: testBucket,
    SHOP_PREFIX: 'shop-test',
    SHOP_SERVICE: service.name,
    SHOP_NAME: 'Test Shop',
    SHOP_CURRENCY: 'EUR',
    SHOP_PRICES_INCLUDE_TAX: 'true',
    POWERTOOLS_SERVICE_NAME: service.name,
    POWERTOOLS_LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    ...environment,
  })
  const client = new DynamoDBClient({ endpoint: engine.url })
  if (service.table) await createTable(client, tableName, service.table)
  for (const [name, table] of Object.entries(service.tables ?? {})) await createTable(client, furtherTable(name), table)

  const entries = new Map(entriesOf(service).map((entry) => [`${entry.kind} ${entry.name}`, entry]))
  const bundles = await bundleFunctions(
    [...entries.values()].map(({ entry }) => entry),
    provider,
  )
  const watched = watchInvocations(service.name, aws)
  const load = async <K extends FunctionEntry['kind']>(
    kind: K,
    name: string,
  ): Promise<{ entry: FunctionEntry & { kind: K }; handler: LambdaHandler }> => {
    const entry = entries.get(`${kind} ${kebab(name)}`)
    const bundle = entry && bundles.get(entry.entry)
    if (!entry || !bundle) throw new Error(`${service.name} declares no ${kind} ${name}`)
    const loaded: { handler: LambdaHandler } = await import(pathToFileURL(join(bundle.directory, 'index.mjs')).href)
    const handler: LambdaHandler = (event, context) => watched(entry, () => loaded.handler(event, context))
    return { entry: entry as FunctionEntry & { kind: K }, handler }
  }
  /** However many pages the table has. */
  const scan = async (TableName = tableName): Promise<Record<string, AttributeValue>[]> => {
    const pages = paginateScan({ client }, { TableName, ConsistentRead: true })
    const all: Record<string, AttributeValue>[] = []
    for await (const { Items = [] } of pages) for (const item of Items) all.push(item)
    return all
  }
  const items = async (table?: string) =>
    (await scan(table === undefined ? tableName : furtherTable(table))).map((item) => unmarshall(item))

  return {
    fakes,
    database: aws.database,
    async request(name, request = {}) {
      const { entry, handler } = await load('endpoint', name)
      const before = aws.database.length
      const answer = await handler(httpEvent(entry.declaration, request), contextFor(entry.name))
      const { 'content-type': type = '', 'content-encoding': coding } = answer.headers ?? {}
      const isJson = /\bjson\b/.test(type) && coding === undefined
      const bytes = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8')
      const content = isJson ? JSON.parse(bytes.toString()) : answer.isBase64Encoded ? bytes : answer.body
      const schema = entry.declaration.success.body
      if (schema && isJson && answer.statusCode < 300) assert.deepEqual(schema.parse(content), content, 'as promised')
      return answerOf(name, answer.statusCode, content, {
        headers: answer.headers ?? {},
        bytes,
        database: aws.database.slice(before),
      })
    },
    async call(name, input) {
      const { entry, handler } = await load('procedure', name)
      return handler({ input }, contextFor(entry.name))
    },
    async deliver(name, events) {
      const { entry, handler } = await load('consumer', name)
      const outcomes = await Promise.allSettled(events.map((event) => handler(onBus(event), contextFor(entry.name))))
      const failed = outcomes.map((outcome) => outcome.status === 'rejected')
      for (const outcome of outcomes)
        if (outcome.status === 'rejected' && outcome.reason instanceof NotGranted) throw outcome.reason
      return events.filter((_, index) => failed[index]).map(({ id }) => id)
    },
    async project(name, keys) {
      const { entry, handler } = await load('projection', name)
      const Records = keys.map((key, index) => ({
        dynamodb: { Keys: marshall(key), SequenceNumber: String(index) },
      }))
      const answer: { batchItemFailures: { itemIdentifier: string }[] } = await handler(
        { Records },
        contextFor(entry.name),
      )
      const [first] = answer.batchItemFailures
      return first && Number(first.itemIdentifier)
    },
    async work(name, messages) {
      const { entry, handler } = await load('task', name)
      const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
      const Records = messages.map((message, index) => ({
        messageId: String(index),
        body: JSON.stringify({ traceparent, message }),
      }))
      const answer: { batchItemFailures: { itemIdentifier: string }[] } = await handler(
        { Records },
        contextFor(entry.name),
      )
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    },
    async run(name) {
      const { entry, handler } = await load('schedule', name)
      await handler({}, contextFor(entry.name))
    },
    async invoke(kind, name, event) {
      const { entry, handler } = await load(kind, name)
      return handler(event, contextFor(entry.name))
    },
    async put(item) {
      await client.send(
        new PutItemCommand({ TableName: tableName, Item: marshall(item, { removeUndefinedValues: true }) }),
      )
    },
    items,
    objects: () => aws.bucket().objects,
    async outbox() {
      return (await scan()).flatMap((NewImage) =>
        eventsOf({ dynamodb: { NewImage: NewImage as Json, SequenceNumber: '1' } }, `shop.${service.name}`, 'bus').map(
          ({ entry }): PublishedEvent => JSON.parse(entry.Detail ?? '{}'),
        ),
      )
    },
    stop() {
      client.destroy()
      aws.stop()
      engine.stop()
    },
  }
}
