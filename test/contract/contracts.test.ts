/** The documents that are written from the contracts, and what must hold for all contracts. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { entriesOf } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { vocabulary } from '../../functions/docs/shop-openapi.ts'
import { personalDataServices } from '../../functions/identity/privacy/personal-data-services.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import { userErasureRequested } from '../../functions/published/identity.ts'
import { services } from '../../functions/services.ts'
import type { EndpointDeclaration, ServiceDeclaration } from '../../shared/contract/endpoint.ts'
import { eventCatalogue } from '../../shared/contract/event-catalogue.ts'
import { isObject, type JsonSchema, jsonSchemaOf } from '../../shared/contract/json-schema.ts'
import { openApiDocument } from '../../shared/contract/openapi.ts'
import { problemsOf } from '../../shared/contract/openapi-responses.ts'
import { commonProblems, ProblemDocument } from '../../shared/contract/problem.ts'

const words = vocabulary()
const document = openApiDocument(services, { title: 'Test', version: '1', url: 'https://api.example' }, words)
const endpoints = services.flatMap((service) => Object.entries<EndpointDeclaration>(service.endpoints))

describe('OpenAPI', () => {
  test('is valid by a public validator', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    assert.ok(valid, JSON.stringify(errors))
  })

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const shapeOf = (path: string) => path.replaceAll(/\{[^}]*\}/g, '{}')

  test('holds every route once', () => {
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${shapeOf(path)}`)
    const declared = endpoints
      .filter(([, { method }]) => method !== 'ANY')
      .map(([, { method, path }]) => `${method} ${shapeOf(path)}`)
    assert.deepEqual(described.toSorted(), declared.toSorted())
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
  })

  test('has one template for each path, whose parameters are those of its operations (OpenAPI 3.1 4.8.8)', () => {
    const shapes = Object.keys(document.paths).map(shapeOf)
    assert.equal(new Set(shapes).size, shapes.length)
    for (const { path, operation } of operations)
      assert.deepEqual(
        operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        `${operation.operationId} ${path}`,
      )
  })

  /** Every property with the name of the schema or operation that holds it; what holds it may be a reference. */
  const propertiesIn = (value: unknown, owner: string): { owner: string; name: string; schema: JsonSchema }[] => {
    if (Array.isArray(value)) return value.flatMap((one) => propertiesIn(one, owner))
    if (!isObject(value)) return []
    const own = isObject(value.properties) ? Object.entries(value.properties) : []
    return [
      ...own.flatMap(([name, schema]) => (isObject(schema) ? [{ owner, name, schema }] : [])),
      ...Object.values(value).flatMap((member) => propertiesIn(member, owner)),
    ]
  }
  const schemas: Readonly<Record<string, unknown>> = document.components.schemas
  const properties = [
    ...Object.entries(schemas).flatMap(([name, schema]) => propertiesIn(schema, name)),
    ...operations.flatMap(({ operation }) => [
      ...propertiesIn(operation.requestBody, operation.operationId),
      ...Object.values(operation.responses).flatMap((response) =>
        'content' in response ? propertiesIn(response.content?.['application/json'], operation.operationId) : [],
      ),
    ]),
  ]

  test('says what every field and every parameter is (functions/docs/words/fields.ts)', () => {
    const silent = properties.filter(({ schema }) => typeof schema.description !== 'string')
    assert.deepEqual(
      silent.map(({ owner, name }) => `${owner}.${name}`),
      [],
    )
    for (const { operation } of operations)
      for (const { name, description } of operation.parameters)
        assert.ok(description, `${operation.operationId}?${name}`)
    const used = new Set([
      ...properties.flatMap(({ owner, name }) => [`${owner.replace(/Input$/, '')}.${name}`, name]),
      ...operations.flatMap(({ operation: { operationId, parameters } }) =>
        parameters.flatMap(({ name }) => [`${operationId}?${name}`, `${operationId}.${name}`, name]),
      ),
    ])
    assert.deepEqual(
      Object.keys(words.fields).filter((name) => !used.has(name)),
      [],
      'words for fields that are no more',
    )
  })

  test('names what clients have to do with, says what it is, and shows it (functions/docs/words/schemas.ts)', () => {
    for (const name of [
      'Money',
      'Address',
      'Order',
      'Product',
      'ProductSummary',
      'Cart',
      'Payment',
      'Shipment',
      'Review',
      'Stock',
    ])
      assert.ok(isObject(schemas[name]) && Array.isArray(schemas[name].examples), name)
    for (const [name, schema] of Object.entries(schemas))
      assert.ok(isObject(schema) && typeof schema.description === 'string', `${name} has no description`)
    const pages = Object.keys(schemas).filter((name) => /Page$/.test(name))
    assert.ok(pages.includes('OrderPage') && pages.includes('ReviewPage'))
    const text = JSON.stringify(document)
    for (const name of Object.keys(schemas))
      assert.ok(text.includes(`"#/components/schemas/${name}"`), `${name} is not used`)
    const known = new Set([...words.names.values(), ...Object.keys(schemas)])
    for (const name of Object.keys(words.schemas)) assert.ok(known.has(name), `${name} is no schema any more`)
    // Money is written out in one place only.
    assert.equal([...text.matchAll(/"properties":\{"amount":\{[^{}]*\},"currency":\{[^{}]*\}\}/g)].length, 1)
  })

  test('its examples are what the schemas take', () => {
    for (const [schema, name] of words.names) {
      const example = words.schemas[name]?.example
      if (example === undefined) continue
      const parsed = schema.safeParse(example)
      assert.ok(parsed.success, `${name}: ${JSON.stringify(parsed.error?.issues)}`)
    }
    const problem = ProblemDocument.safeParse(words.schemas.Problem?.example)
    assert.ok(problem.success)
  })

  test('says of every answer which codes it may have, and when (functions/docs/words/problems.ts)', () => {
    const responses: Readonly<Record<string, unknown>> = document.components.responses
    const told = new Set<string>()
    for (const [name, declaration] of endpoints) {
      if (declaration.method === 'ANY') continue
      const found = operations.find(({ operation }) => operation.operationId === name)
      for (const [code, status] of Object.entries(declaration.problems ?? {})) {
        const given = found?.operation.responses[status]
        const response = given && '$ref' in given ? responses[given.$ref.split('/').at(-1) ?? ''] : given
        const { schema }: { schema: JsonSchema } = Object(response).content['application/problem+json']
        const { code: codes } = Object(schema.properties)
        assert.ok(codes.enum.includes(code), `${name} ${status} ${code}`)
        assert.match(Object(response).description, new RegExp(`\`${code}\`: .{10}`), `${code} has no words`)
        told.add(code)
      }
    }
    assert.ok(told.size > 30)
    const known = [
      ...endpoints.flatMap(([, { problems }]) => Object.keys(problems ?? {})),
      ...Object.keys(commonProblems),
    ]
    for (const code of known) assert.ok(words.problems[code], `${code} has no words`)
    for (const code of Object.keys(words.problems)) assert.ok(known.includes(code), `${code} is no more`)
  })

  test('lists INVALID_INPUT everywhere: what a contract does not name is refused, and be it all', () => {
    for (const [name, declaration] of endpoints)
      if (declaration.method !== 'ANY') assert.ok(problemsOf(declaration).get(400)?.includes('INVALID_INPUT'), name)
  })

  test('lists NOT_FOUND wherever a function may answer it', () => {
    for (const service of services)
      for (const { kind, entry, declaration } of entriesOf(service)) {
        if (kind !== 'endpoint' || declaration.method === 'ANY') continue
        if (/\bnotFound\(/.test(readFileSync(join(projectRoot, entry), 'utf8')))
          assert.ok(problemsOf(declaration).get(404)?.includes('NOT_FOUND'), entry)
      }
  })

  test('its patterns are those that other languages read too: no properties of characters (JSON Schema 6.4)', () => {
    const text = JSON.stringify(document)
    assert.deepEqual(text.match(/\\\\p\{[^}]*\}/gi) ?? [], [])
  })

  test('tells what the gateway answers itself, and the header field that says an expired token', () => {
    const { Unauthorized: response } = document.components.responses
    assert.match(response?.description ?? '', /the token has expired/)
    assert.ok(response?.headers?.['WWW-Authenticate'])
    assert.deepEqual(Object.keys(response?.content ?? {}), ['application/json'])
  })
})

/** Where a schema lets in texts or lists of any length, or fields that nobody declared. */
const unbounded = (schema: JsonSchema, path: string): string[] => {
  const found: string[] = []
  if (
    schema.type === 'string' &&
    !('maxLength' in schema || 'enum' in schema || 'const' in schema || schema.format === 'date-time')
  )
    found.push(`${path}: string`)
  if (schema.type === 'array' && !('maxItems' in schema)) found.push(`${path}: array`)
  if (
    (schema.type === 'integer' || schema.type === 'number') &&
    !('maximum' in schema && 'minimum' in schema) &&
    !('const' in schema)
  )
    found.push(`${path}: number`)
  if (schema.type === 'object' && schema.additionalProperties !== false && !schema.propertyNames)
    found.push(`${path}: open object`)
  const parts: [string, unknown][] = [
    ...Object.entries(schema.properties ?? {}),
    ['[]', schema.items],
    ['{}', schema.additionalProperties],
    ...['anyOf', 'allOf', 'oneOf'].flatMap((kind) =>
      Array.isArray(schema[kind]) ? schema[kind].map((one: unknown): [string, unknown] => [kind, one]) : [],
    ),
  ]
  for (const [name, part] of parts)
    if (typeof part === 'object' && part !== null) found.push(...unbounded(part as JsonSchema, `${path}/${name}`))
  return found
}

describe('input', () => {
  for (const [name, { body, query, params }] of endpoints)
    for (const [place, schema] of Object.entries({ body, query, params }))
      if (schema)
        test(`${name}: every text, list and number of its ${place} has a bound, and unknown fields are refused`, () => {
          assert.deepEqual(unbounded(jsonSchemaOf(schema), place), [])
        })

  test('the check sees what is unbounded', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'array', items: { type: 'integer' } } },
    }
    assert.deepEqual(unbounded(schema, 'x'), ['x: open object', 'x/a: string', 'x/b: array', 'x/b/[]: number'])
  })
})

describe('events', () => {
  const catalogue = eventCatalogue(services)

  test('each is published by one service, and every consumer listens to one that is', () => {
    const types = catalogue.map(({ type }) => type)
    assert.equal(new Set(types).size, types.length)
    for (const { consumers = {}, name } of services)
      for (const { on } of Object.values(consumers))
        for (const { type, service } of on) {
          const published = catalogue.find((entry) => entry.type === type)
          assert.equal(published?.publisher, service, `${name} listens to ${type}`)
        }
  })

  test('the services are named as they call themselves', () => {
    const all: readonly ServiceDeclaration[] = [issuer, ...services]
    for (const service of all)
      for (const event of Object.values(service.events ?? {})) assert.equal(event.service, service.name)
  })
})

describe('personal data', () => {
  for (const service of services)
    test(`${service.name} says whether it holds some, and the export and the erasure know of it`, () => {
      const holder = personalDataServices.find(({ personErased }) => personErased.service === service.name)
      const isHolder = service.personalData !== 'none'
      assert.equal(
        holder !== undefined,
        isHolder,
        'functions/identity/privacy/personal-data-services.ts lists every service that holds some',
      )
      if (!holder) return
      assert.equal(service.procedures?.exportPerson, holder.exportPerson)
      assert.equal(service.events?.personErased, holder.personErased)
      assert.ok(service.consumers?.erasePerson?.on.includes(userErasureRequested))
    })
})
