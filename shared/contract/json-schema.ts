/** JSON Schema (draft 2020-12) of the contracts' schemas. */
import * as z from 'zod/mini'

export type JsonSchema = Record<string, unknown>

/** The schema as others read it: what may be sent (`input`) or what is answered (`output`). */
export const jsonSchemaOf = (schema: z.ZodMiniType, io: 'input' | 'output' = 'input'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  return rest
}

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object in a JSON value changed, from the outermost inwards. */
const changed = (value: unknown, change: (object: JsonSchema) => JsonSchema): unknown => {
  if (Array.isArray(value)) return value.map((one) => changed(one, change))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(change(value)).map(([name, member]) => [name, changed(member, change)]))
}

const objectOf = (value: unknown): JsonSchema => (isObject(value) ? value : {})

const componentPath = '#/components/schemas/'

/** `Order` of `{"$ref": "#/components/schemas/Order"}`. */
export const nameOfReference = (schema: unknown): string | undefined =>
  isObject(schema) && typeof schema.$ref === 'string' ? schema.$ref.slice(componentPath.length) : undefined

export const referenceTo = (name: string): JsonSchema => ({ $ref: componentPath + name })

/**
 * Properties of characters (`\p{L}`) are no part of the patterns that JSON Schema recommends (core 6.4), and many languages refuse
 * the whole pattern: what is asked for is told in words then.
 */
const withoutUnreadable = ({ pattern, ...rest }: JsonSchema): JsonSchema =>
  pattern === undefined || /\\p\{/i.test(String(pattern)) ? rest : { ...rest, pattern }

/** Says in each part of `allOf` what the whole says beside it: generators of clients read a part without a type as of any. */
const withTypedParts = ({ allOf, type, ...rest }: JsonSchema): JsonSchema => ({
  ...(type === undefined ? {} : { type }),
  ...rest,
  allOf: Array.isArray(allOf) && type !== undefined ? allOf.map((part) => ({ type, ...objectOf(part) })) : allOf,
})

const asReferences = (value: unknown, nameOf: (name: string) => string): unknown =>
  changed(value, (object) => {
    if (typeof object.$ref === 'string')
      return { ...object, $ref: componentPath + nameOf(object.$ref.replace('#/$defs/', '')) }
    if (object.allOf !== undefined) return withTypedParts(object)
    return typeof object.pattern === 'string' ? withoutUnreadable(object) : object
  })

/** `{data: [X, …], next_cursor}` is a page of X. */
const pageOf = (schema: JsonSchema): string | undefined => {
  const { data, next_cursor: cursor, ...more } = isObject(schema.properties) ? schema.properties : {}
  const item = isObject(data) ? nameOfReference(data.items) : undefined
  return cursor === undefined || item === undefined || Object.keys(more).length > 0 ? undefined : `${item}Page`
}

const mentions = (schema: unknown, names: ReadonlySet<string>): boolean =>
  [...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)].some(
    ([, name]) => name !== undefined && names.has(name),
  )

/**
 * Writes schemas that refer to each other by name, and collects what they refer to. A schema that is sent in another form than
 * it is answered in has two names: `Name`, and `NameInput`. So all answers are written before anything that is sent.
 */
export const schemaWriter = (names: ReadonlyMap<z.ZodMiniType, string>) => {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  const components = new Map<string, JsonSchema>()
  /** As zod wrote them. */
  const answered = new Map<string, string>()

  const add = (name: string, schema: JsonSchema): JsonSchema => {
    const known = components.get(name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two schemas are called ${name}`)
    components.set(name, schema)
    return referenceTo(name)
  }

  /** Those that are sent in another form, themselves or in something that they hold. */
  const othersOf = (definitions: readonly (readonly [string, JsonSchema])[]): ReadonlySet<string> => {
    const isOther = (name: string, schema: JsonSchema) =>
      answered.has(name) && answered.get(name) !== JSON.stringify(schema)
    const others = new Set(definitions.filter(([name, schema]) => isOther(name, schema)).map(([name]) => name))
    for (let size = -1; size !== others.size; ) {
      size = others.size
      for (const [name, schema] of definitions) if (mentions(schema, others)) others.add(name)
    }
    return others
  }

  const write = (schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema => {
    const whole = z.toJSONSchema(z.object({ root: schema }), {
      metadata: registry,
      target: 'draft-2020-12',
      io,
      unrepresentable: 'any',
    })
    const definitions = Object.entries(whole.$defs ?? {}).map(
      ([name, { id: _, ...definition }]) => [name, definition] as const,
    )
    if (io === 'output') for (const [name, definition] of definitions) answered.set(name, JSON.stringify(definition))
    const others = io === 'input' ? othersOf(definitions) : new Set<string>()
    const nameOf = (name: string): string => (others.has(name) ? `${name}Input` : name)
    for (const [name, definition] of definitions) add(nameOf(name), objectOf(asReferences(definition, nameOf)))
    const root = objectOf(asReferences(whole.properties?.root, nameOf))
    const page = pageOf(root)
    return page === undefined ? root : add(page, root)
  }

  return { write, components }
}
