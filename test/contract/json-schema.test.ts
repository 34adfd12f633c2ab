/** How schemas are written into documents. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import { schemaWriter } from '../../shared/contract/json-schema.ts'
import { onePathEach } from '../../shared/contract/openapi-paths.ts'

describe('named schemas', () => {
  const Colour = z.enum(['red', 'blue'])
  const Part = z.strictObject({ colour: Colour, count: z._default(z.int().check(z.minimum(0), z.maximum(9)), 1) })
  const Whole = z.strictObject({ parts: z.array(Part) })
  const names = new Map<z.ZodMiniType, string>([
    [Colour, 'Colour'],
    [Part, 'Part'],
    [Whole, 'Whole'],
  ])

  test('are referred to; one that is sent in another form has a second name, and so has what holds it', () => {
    const { write, components } = schemaWriter(names)
    assert.deepEqual(write(Whole, 'output'), { $ref: '#/components/schemas/Whole' })
    assert.deepEqual(write(Whole, 'input'), { $ref: '#/components/schemas/WholeInput' })
    assert.deepEqual([...components.keys()].toSorted(), ['Colour', 'Part', 'PartInput', 'Whole', 'WholeInput'])
    assert.deepEqual(components.get('WholeInput')?.properties, {
      parts: { type: 'array', items: { $ref: '#/components/schemas/PartInput' } },
    })
    assert.deepEqual(
      { partRequired: components.get('Part')?.required, partInputRequired: components.get('PartInput')?.required },
      { partRequired: ['colour', 'count'], partInputRequired: ['colour'] },
    )
  })

  test('make named pages', () => {
    const { write, components } = schemaWriter(names)
    const page = z.strictObject({ data: z.array(Part), next_cursor: z.nullable(z.string()) })
    assert.deepEqual(write(page, 'output'), { $ref: '#/components/schemas/PartPage' })
    assert.deepEqual([...components.keys()].toSorted(), ['Colour', 'Part', 'PartPage'])
  })

  test('are written without patterns that other languages cannot read', () => {
    const { write } = schemaWriter(new Map())
    assert.deepEqual(write(z.string().check(z.regex(/^\p{L}+$/u)), 'input'), { type: 'string' })
    assert.deepEqual(write(z.string().check(z.regex(/^[a-z]+$/)), 'input'), { type: 'string', pattern: '^[a-z]+$' })
  })
})

describe('paths', () => {
  test('that differ only in the names of their parameters are one, called as most operations call it', () => {
    const pathFor = onePathEach(['/things/{idOrName}', '/things/{thingId}', '/things/{thingId}', '/things/{thingId}/x'])
    const { template, nameOf } = pathFor('/things/{idOrName}')
    assert.deepEqual({ template, name: nameOf('idOrName') }, { template: '/things/{thingId}', name: 'thingId' })
    assert.equal(pathFor('/things/{thingId}/x').template, '/things/{thingId}/x')
    assert.equal(pathFor('/others').template, '/others')
  })
})
