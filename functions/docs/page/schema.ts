/** Schemas and words on the page: with links to what they refer to, and the examples that they hold. */
import { isObject, type JsonSchema, nameOfReference } from '../../../shared/contract/json-schema.ts'
import { type Html, html } from './html.ts'

/** The named schemas. */
export type Schemas = Readonly<Record<string, unknown>>

/** Text with `code` in it, in paragraphs. */
export const prose = (text: string): Html[] =>
  text.split('\n\n').map((paragraph, index) => {
    const parts = paragraph
      .split('`')
      .map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
    return index === 0 ? html`${parts}` : html`<br>${parts}`
  })

/** JSON, in which a reference is a link to the card of what it names. */
export const schemaCode = (schema: unknown): Html => {
  const parts = JSON.stringify(schema, null, 1).split(/("#\/components\/schemas\/\w+")/)
  return html`<pre><code>${parts.map((part, place) => {
    const name = part.slice('"#/components/schemas/'.length, -1)
    return place % 2 === 1 ? html`<a href="#schema-${name}">${name}</a>` : html`${part}`
  })}</code></pre>`
}

/** A schema of one word stands at once, any other behind its title. */
export const schemaBlock = (title: string, schema: unknown): Html => {
  const name = nameOfReference(schema)
  if (name !== undefined) return html` <a href="#schema-${name}"><code>${name}</code></a>`
  return html`<details class="schema"><summary>${title}</summary>${schemaCode(schema)}</details>`
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined)

const objectExample = ({ properties, required }: JsonSchema, schemas: Schemas): unknown => {
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  return Object.fromEntries(
    Object.entries(properties ?? {})
      .filter(([name]) => needed.includes(name))
      .map(([name, of]) => [name, exampleOf(of, schemas)]),
  )
}

/** The example that a schema has, or the simplest value that it allows: a command can be copied and edited. */
export const exampleOf = (schema: unknown, schemas: Schemas): unknown => {
  if (!isObject(schema)) return '…'
  const name = nameOfReference(schema)
  if (name !== undefined) return exampleOf(schemas[name], schemas)
  const given = firstOf(schema.examples) ?? firstOf(schema.enum)
  if (given !== undefined) return given
  const alternative = firstOf(schema.anyOf)
  if (alternative !== undefined) return exampleOf(alternative, schemas)
  if (schema.type === 'object') return objectExample(schema, schemas)
  if (schema.type === 'array') return isObject(schema.items) ? [exampleOf(schema.items, schemas)] : []
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number')
    return typeof schema.minimum === 'number' ? Math.max(1, schema.minimum) : 1
  return '…'
}
