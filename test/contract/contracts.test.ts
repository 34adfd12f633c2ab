/** The documents that are written from the contracts, and what must hold for all contracts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { userErasureRequested } from '../../functions/identity/events.ts'
import { holders } from '../../functions/identity/holders.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import { services } from '../../functions/services.ts'
import type { EndpointDeclaration, ServiceDeclaration } from '../../shared/contract/endpoint.ts'
import { eventCatalogue } from '../../shared/contract/event-catalogue.ts'
import { type JsonSchema, jsonSchemaOf, openApiDocument } from '../../shared/contract/openapi.ts'

const document = openApiDocument(services, { title: 'Test', version: '1', url: 'https://api.example' })
const endpoints = services.flatMap((service) => Object.entries<EndpointDeclaration>(service.endpoints))

describe('OpenAPI', () => {
  test('is valid by a public validator', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    assert.ok(valid, JSON.stringify(errors))
  })

  test('holds every route once', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const declared = endpoints
      .filter(([, { method }]) => method !== 'ANY')
      .map(([, { method, path }]) => `${method} ${path}`)
    assert.deepEqual(described.toSorted(), declared.toSorted())
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    assert.equal(new Set(ids).size, ids.length)
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
      const holder = holders.find(({ personErased }) => personErased.service === service.name)
      const isHolder = service.personalData !== 'none'
      assert.equal(holder !== undefined, isHolder, 'functions/identity/holders.ts lists every service that holds some')
      if (!holder) return
      assert.equal(service.procedures?.exportPerson, holder.exportPerson)
      assert.equal(service.events?.personErased, holder.personErased)
      assert.ok(service.consumers?.erasePerson?.on.includes(userErasureRequested))
    })
})
