/** What a schema refuses, in words that say what is allowed. */
import type * as z from 'zod/mini'
import type { InputError } from '../contract/problem.ts'

export type InputPart = 'body' | 'query' | 'params' | 'header'

type Issue = z.core.$ZodIssue

/** Errors that one answer lists at most. */
const errorsShown = 20
/** Characters of one error's words. */
const longestDetail = 300
/** Allowed values that one error lists at most. */
const valuesShown = 50

/** RFC 6901 into the body; `?name` for a query parameter, `{name}` for one of the path, `name:` for a header field. */
export const pointerOf = (part: InputPart, path: readonly PropertyKey[]): string => {
  const names = path.map((name) => String(name).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1'))
  if (part === 'body') return names.map((name) => `/${name}`).join('')
  if (part === 'query') return `?${names.join('.')}`
  return part === 'params' ? `{${names.join('.')}}` : `${names.join('.')}:`
}

/** The message that zod's core gives where a schema brings none of its own. */
const withoutWords = 'Invalid input'

const types = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
  ['nonoptional', 'a value'],
])

const formats = new Map([
  ['datetime', 'a time as in RFC 3339, in UTC, such as 2026-11-05T08:30:00Z'],
  ['date', 'a date such as 2026-11-05'],
  ['email', 'an e-mail address'],
  ['url', 'an absolute URL'],
  ['uuid', 'a UUID'],
  ['ipv4', 'an IPv4 address'],
  ['ipv6', 'an IPv6 address'],
  ['base64', 'Base64'],
  ['base64url', 'Base64 in the alphabet for URLs'],
])

const counted = (count: number | bigint, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const sizeOf = (origin: string, count: number | bigint): string | undefined => {
  if (origin === 'string') return counted(count, 'character', 'characters')
  if (origin === 'array' || origin === 'set') return counted(count, 'entry', 'entries')
  return origin === 'map' || origin === 'record' || origin === 'object' ? counted(count, 'field', 'fields') : undefined
}

const boundOf = (issue: Extract<Issue, { code: 'too_big' | 'too_small' }>): string => {
  const [bound, inclusive, exclusive] =
    issue.code === 'too_big' ? [issue.maximum, 'at most', 'less than'] : [issue.minimum, 'at least', 'more than']
  const size = sizeOf(issue.origin, bound)
  if (size === undefined) return `Must be ${issue.inclusive === false ? exclusive : inclusive} ${bound}.`
  if (issue.code === 'too_small' && issue.minimum === 1) return 'Must not be empty.'
  return `Must have ${issue.exact ? 'exactly' : inclusive} ${size}.`
}

const listed = (values: readonly unknown[]): string => {
  const shown = values.slice(0, valuesShown).map(String).join(', ')
  const rest = values.length - valuesShown
  if (values.length === 1) return `Must be ${shown}.`
  return `Must be one of: ${shown}${rest > 0 ? `, and ${rest} more` : ''}.`
}

const formOf = (issue: Extract<Issue, { code: 'invalid_format' }>): string => {
  const form = formats.get(issue.format)
  if (form !== undefined) return `Must be ${form}.`
  return issue.pattern === undefined ? `Must be a valid ${issue.format}.` : `Must match ${issue.pattern}.`
}

const wordsOf = (issue: Issue): string => {
  if (issue.message !== withoutWords && issue.message !== '') return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'never'
        ? 'Must not be given.'
        : `Must be ${types.get(issue.expected) ?? issue.expected}.`
    case 'too_big':
    case 'too_small':
      return boundOf(issue)
    case 'invalid_format':
      return formOf(issue)
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`
    case 'invalid_value':
      return listed(issue.values)
    case 'unrecognized_keys':
      return 'Is not known here.'
    case 'invalid_key':
    case 'invalid_element': {
      const [first] = issue.issues
      const what = issue.code === 'invalid_key' ? 'The name' : 'An entry'
      return `${what}: ${first === undefined ? 'Is not allowed.' : wordsOf(first)}`
    }
    case 'invalid_union':
      return alternativesOf(issue)
    default:
      return 'Is not allowed.'
  }
}

/** Of several allowed forms: each form's first complaint, once. */
const alternativesOf = (issue: Extract<Issue, { code: 'invalid_union' }>): string => {
  if ('options' in issue && issue.options !== undefined) return listed(issue.options)
  const words = issue.errors.flatMap(([first]) => (first === undefined ? [] : [wordsOf(first)]))
  return [...new Set(words)].join(' Or: ') || 'Is not allowed.'
}

/**
 * Of several allowed forms, the one that was meant: the only one that the value has the type of. What is wrong inside it is
 * told, rather than that no form fits.
 */
const meant = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union') return [issue]
  const inside = issue.errors.filter((alternative) => alternative.every(({ path }) => path.length > 0))
  const [only] = inside
  if (only === undefined || inside.length > 1) return [issue]
  return only.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(meant)
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = Reflect.get(at, name)
  }
  return at
}

const namesOf = (schema: z.ZodMiniType): string =>
  'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null
    ? Object.keys(schema.shape).join(', ')
    : ''

const unknownNames = (
  schema: z.ZodMiniType,
  part: InputPart,
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
): InputError[] => {
  const names = issue.path.length === 0 ? namesOf(schema) : ''
  const detail = names === '' ? 'Is not known here.' : `Is not known here; known are: ${names}.`
  return issue.keys.slice(0, errorsShown).map((key) => ({
    pointer: pointerOf(part, [...issue.path, key]),
    code: issue.code,
    detail: detail.slice(0, longestDetail),
  }))
}

/** @param value what was parsed, to tell what is missing from what is wrong */
export const inputErrorsOf = (
  schema: z.ZodMiniType,
  part: InputPart,
  value: unknown,
  issues: readonly Issue[],
): InputError[] => {
  const errors = new Map<string, InputError>()
  for (const issue of issues.slice(0, errorsShown).flatMap(meant)) {
    const found =
      issue.code === 'unrecognized_keys'
        ? unknownNames(schema, part, issue)
        : [
            {
              pointer: pointerOf(part, issue.path),
              code: issue.code,
              detail: `${valueAt(value, issue.path) === undefined ? 'Is missing. ' : ''}${wordsOf(issue)}`.slice(
                0,
                longestDetail,
              ),
            },
          ]
    for (const error of found) errors.set(JSON.stringify(error), error)
  }
  return [...errors.values()].slice(0, errorsShown)
}
