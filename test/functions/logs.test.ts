/**
 * Marked values go into every function that the contracts declare: as good input, as bad input, and as what is no input at
 * all, while each log line is kept, debug lines too. None may hold a mark.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { entriesOf, type FunctionEntry } from '../../cdk/constructs/entries.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import { services } from '../../functions/services.ts'
import { type EndpointDeclaration, kebab } from '../../shared/contract/endpoint.ts'
import { jsonSchemaOf } from '../../shared/contract/json-schema.ts'
import type { Fakes } from '../support/aws.ts'
import { startEngine } from '../support/engine.ts'
import { mark, marked, sampleOf, variantsOf } from '../support/marks.ts'
import { deriveKeysCheaply } from '../support/passwords.ts'
import {
  customer,
  guest,
  type ServiceUnderTest,
  someEvent,
  someId,
  staff,
  startService,
  type TestCaller,
} from '../support/service.ts'

const logged: string[] = []
const write = process.stdout.write.bind(process.stdout)
const writeError = process.stderr.write.bind(process.stderr)
/** Powertools writes lines of text; what the test runner tells its parent are bytes. */
const keepLines = (chunk: string | Uint8Array): boolean => {
  if (typeof chunk !== 'string') return write(chunk)
  logged.push(chunk)
  return true
}

const headers = {
  authorization: `Bearer ${mark}`,
  cookie: `session=${mark}`,
  'idempotency-key': mark,
  'if-match': mark,
  traceparent: mark,
  prefer: mark,
  referer: `https://${mark}.example`,
  'user-agent': mark,
  'webhook-id': mark,
  'webhook-timestamp': mark,
  'webhook-signature': `v1,${mark}`,
}

const asText = (values: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(Object(values)).map(([name, value]) => [name, String(value)]))

type Outcome = (service: ServiceUnderTest) => Promise<unknown>

const requestsOf = (name: string, declaration: EndpointDeclaration): Outcome[] => {
  const { params, query, body, rawBody } = declaration
  const good = {
    ...(params && { params: asText(sampleOf(jsonSchemaOf(params))) }),
    ...(query && { query: asText(sampleOf(jsonSchemaOf(query))) }),
    headers,
  }
  const bodies = body ? variantsOf(jsonSchemaOf(body)) : [undefined]
  const send =
    (caller: TestCaller, more: object): Outcome =>
    (service) =>
      service.request(name, { ...good, caller, ...more })
  return [
    ...bodies.map((value) => send(staff(), { body: value })),
    send(staff(), { body: bodies[0], headers: {} }),
    send(customer(), { body: bodies[0] }),
    send(guest(), { body: bodies[0], headers: {} }),
    send({ sub: mark, scope: mark }, { body: bodies[0] }),
    send(staff(), { body: `{"${mark}": "${mark}", ` }),
    send(staff(), { body: bodies[0], headers: { ...headers, 'content-type': `text/${mark}` } }),
    send(staff(), { params: Object.fromEntries(Object.keys(good.params ?? {}).map((key) => [key, mark])) }),
    send(staff(), { query: { [mark]: mark, limit: mark, cursor: mark } }),
    ...(rawBody ? [send(staff(), { body: JSON.stringify({ type: mark, data: { [mark]: mark } }) })] : []),
  ]
}

const messagesOf = ({ kind, name, declaration }: FunctionEntry & { kind: 'consumer' | 'task' }): Outcome[] => {
  const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
  const bodies =
    kind === 'task'
      ? variantsOf(jsonSchemaOf(declaration.message)).map((message) => ({ traceparent, message }))
      : declaration.on.flatMap((event) =>
          variantsOf(jsonSchemaOf(event.data)).map((data) => ({
            'detail-type': event.type,
            detail: someEvent(event, someId('ord'), data),
          })),
        )
  return [...bodies.map((body) => JSON.stringify(body)), `{"${mark}": "${mark}", `, JSON.stringify(mark), mark].map(
    (body) => (service) => service.invoke(kind, name, { Records: [{ messageId: '1', body }] }),
  )
}

const callsOf = (entry: FunctionEntry): Outcome[] => {
  if (entry.kind === 'endpoint') return requestsOf(entry.name, entry.declaration)
  if (entry.kind === 'consumer' || entry.kind === 'task') return messagesOf(entry)
  if (entry.kind !== 'procedure') return []
  return variantsOf(jsonSchemaOf(entry.declaration.input)).map((input) => (service) => service.call(entry.name, input))
}

/** Functions of one instance work one request at a time; Lambda logs what they throw. */
const feed = async (service: ServiceUnderTest, entry: FunctionEntry): Promise<void> => {
  for (const send of callsOf(entry))
    try {
      await send(service)
    } catch (error) {
      logged.push(`${entry.entry} threw ${inspect(error, { depth: 9 })}`)
    }
}

const yes: Record<string, object | string> = {
  SendRawEmail:
    '<SendRawEmailResponse><SendRawEmailResult><MessageId>1</MessageId></SendRawEmailResult></SendRawEmailResponse>',
  GetSecretValue: { SecretString: `whsec_${Buffer.alloc(24, 7).toString('base64')}` },
  Sign: { KeyId: 'key', Signature: Buffer.from('signed').toString('base64') },
}

/** AWS and the other services say yes to everything, with marks of their own where they answer with text. */
const fakes: Fakes = {
  operations: new Proxy({}, { get: (_, operation) => () => yes[String(operation)] ?? {} }),
  procedures: Object.fromEntries(
    services.flatMap(({ name, procedures = {} }) =>
      Object.entries(procedures).map(([key, { output }]) => [
        `${name}-${kebab(key)}`,
        () => sampleOf(jsonSchemaOf(output, 'output')),
      ]),
    ),
  ),
}

const environment = {
  POWERTOOLS_LOG_LEVEL: 'DEBUG',
  API_URL: 'https://api.example',
  TOKEN_ISSUER: 'https://issuer.example',
  SIGNING_KEYS: '[{"name":"key"}]',
  MAIL_FROM: 'shop@shop.example',
  CARRIER_SECRET_ARN: 'carrier',
  PROVIDER_SECRET_ARN: 'provider',
}

deriveKeysCheaply()
let engine: Awaited<ReturnType<typeof startEngine>>
before(async () => {
  engine = await startEngine()
  process.env.SHOP_DYNAMODB_ENDPOINT = engine.url
})
after(() => engine.stop())

describe('mistake 13: no log line holds what somebody has sent', () => {
  for (const declared of [issuer, ...services])
    test(`of ${declared.name}`, async () => {
      const service = await startService(declared, fakes, environment)
      logged.length = 0
      process.stdout.write = keepLines
      process.stderr.write = keepLines
      try {
        await Promise.all(entriesOf(declared).map((entry) => feed(service, entry)))
      } finally {
        process.stdout.write = write
        process.stderr.write = writeError
        service.stop()
      }
      assert.ok(
        logged.some((line) => line.includes('"message":"answered"')),
        'there are lines to be searched',
      )
      const found = logged.filter((line) => marked.test(line)).map((line) => line.slice(0, 1_500))
      assert.deepEqual(found, [])
    })
})
