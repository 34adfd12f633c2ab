/** Input that can be found again wherever it turns up: samples of schemas in which every free text bears a mark. */
import type { JsonSchema } from '../../shared/contract/json-schema.ts'
import { someId } from './service.ts'

/** In no text of the shop's own; the number is one that card schemes keep for tests. */
export const mark = 'zmarkz'
export const marked = /zmarkz|4111111111111111/i

const prefixes = 'usr gst ord crt prd shp ret rev imp nte rfd adr fam'.split(' ')

/** The first that a schema takes is taken, so the marked come first. */
const texts = (): string[] => [
  `${mark} Lovelace 4111111111111111`,
  `${mark}@example.com`,
  `https://${mark}.example/4111111111111111`,
  mark,
  ...prefixes.map(someId),
  'EUR',
  'DE',
  '2026-01-01T00:00:00Z',
  '2026-01-01',
  '123456',
  'a'.repeat(43),
]

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textFor = (schema: JsonSchema): string => {
  const parts = [schema, ...(Array.isArray(schema.allOf) ? schema.allOf.filter(isObject) : [])]
  const patterns = parts.flatMap(({ pattern }) => (typeof pattern === 'string' ? [new RegExp(pattern, 'u')] : []))
  const [least, most] = [numberOf(schema.minLength, 0), numberOf(schema.maxLength, 10_000)]
  const fits = (text: string) =>
    text.length >= least && text.length <= most && patterns.every((pattern) => pattern.test(text))
  return texts().find(fits) ?? mark
}

/** What the schema takes, as far as it can be told from it, with every field that it knows. */
export const sampleOf = (schema: unknown): unknown => {
  if (!isObject(schema)) return mark
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  for (const kind of ['anyOf', 'oneOf']) {
    const parts = schema[kind]
    if (Array.isArray(parts)) return sampleOf(parts[0])
  }
  if (schema.type === 'string') return textFor(schema)
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, numberOf(schema.minimum, 1))
  if (schema.type === 'boolean') return true
  if (schema.type === 'null') return null
  if (schema.type === 'array') return [sampleOf(schema.items)]
  if (schema.type !== 'object') return mark
  const own = isObject(schema.properties) ? Object.entries(schema.properties) : []
  if (own.length === 0 && isObject(schema.additionalProperties))
    return {
      [textFor(isObject(schema.propertyNames) ? schema.propertyNames : {})]: sampleOf(schema.additionalProperties),
    }
  return Object.fromEntries(own.map(([name, part]) => [name, sampleOf(part)]))
}

/** Every value within, changed. */
const withEach = (value: unknown, change: (value: unknown) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => withEach(each, change))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withEach(v, change)]))
  return change(value)
}

const withStrangers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withStrangers)
  if (!isObject(value)) return value
  return { ...Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withStrangers(v)])), [mark]: mark }
}

/** A sample of the schema, then the same with wrong types, fields that nobody declared, texts that are too long, and no object. */
export const variantsOf = (schema: JsonSchema): unknown[] => {
  const sample = sampleOf(schema)
  return [
    sample,
    withEach(sample, (value) => (typeof value === 'string' ? [value] : mark)),
    withStrangers(sample),
    withEach(sample, (value) => (typeof value === 'string' ? `${value} ${mark.repeat(5_000)}` : { [mark]: mark })),
    mark,
  ]
}
