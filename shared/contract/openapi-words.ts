/** Words and examples for what the schemas hold. */
import type * as z from 'zod/mini'
import { isObject, type JsonSchema } from './json-schema.ts'
import type { Parameter } from './openapi-parameters.ts'
import type { Problems } from './openapi-responses.ts'

/** How schemas are called, and what is said of them. */
export type Vocabulary = {
  names: ReadonlyMap<z.ZodMiniType, string>
  /** By name: what it is, and an example. */
  schemas: Readonly<Record<string, { text: string; example?: unknown }>>
  /** By the name of a field wherever it is, by schema or operation and field (`Order.number`), or by operation and parameter (`listOrders?scope`). */
  fields: Readonly<Record<string, string>>
  /** When each code is answered. */
  problems: Problems
}

const textOf = (fields: Vocabulary['fields'], owner: string, name: string): string | undefined =>
  fields[`${owner}.${name}`] ?? fields[name]

/** Each field with its words; what stands in a schema already stays. @param owner the name of the schema that holds it */
const withTexts = (schema: unknown, owner: string, fields: Vocabulary['fields']): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => withTexts(one, owner, fields))
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key !== 'properties' || !isObject(value)) return [key, withTexts(value, owner, fields)]
      const described = Object.entries(value).map(([name, of]) => {
        const text = textOf(fields, owner, name)
        const inner = withTexts(of, owner, fields)
        return [name, isObject(inner) && text !== undefined ? { ...inner, description: text } : inner]
      })
      return [key, Object.fromEntries(described)]
    }),
  )
}

/** Adds what the vocabulary says, to schemas, fields and parameters. */
export const worded = ({ schemas, fields }: Pick<Vocabulary, 'schemas' | 'fields'>) => ({
  component: (name: string, schema: JsonSchema): unknown => {
    const page = /^(\w+)Page$/.exec(name)?.[1]
    const known = schemas[name] ?? schemas[name.replace(/Input$/, '')]
    const text = known?.text ?? (page && `One page of a list of \`${page}\`.`)
    const inner = withTexts(schema, name.replace(/Input$/, ''), fields)
    if (!isObject(inner)) return inner
    return {
      ...(text === undefined ? {} : { description: text }),
      ...inner,
      ...(known?.example === undefined ? {} : { examples: [known.example] }),
    }
  },
  inline: (operation: string, schema: JsonSchema): JsonSchema => {
    const described = withTexts(schema, operation, fields)
    return isObject(described) ? described : schema
  },
  parameter: (operation: string, parameter: Parameter): Parameter => {
    const text =
      parameter.description ?? fields[`${operation}?${parameter.name}`] ?? textOf(fields, operation, parameter.name)
    return text === undefined ? parameter : { ...parameter, description: text }
  },
})
