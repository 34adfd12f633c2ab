/** Compiles event patterns, refusing what EventBridge would refuse at the deployment. */
import { BlockList, isIP } from 'node:net'
import { StartError } from '../start-error.ts'
import { isObject, type Json, type JsonObject } from '../template/json.ts'

/** Tells whether an event matches. One pattern language serves rules, queue filters and stream filters. */
export type Matcher = (event: Json) => boolean

/** A test of one leaf; a missing key is undefined. */
type Test = (value: Json | undefined) => boolean

const fail = (what: string): never => {
  throw new StartError(`event pattern: ${what}`)
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const isText = (value: Json | undefined): value is string => typeof value === 'string'

/** `{"prefix": "a"}` or `{"prefix": {"equals-ignore-case": "a"}}`. */
const affix = (operator: 'prefix' | 'suffix', operand: Json): Test => {
  const has = (text: string, affixed: string) =>
    operator === 'prefix' ? text.startsWith(affixed) : text.endsWith(affixed)
  if (isText(operand)) return (value) => isText(value) && has(value, operand)
  const [key, ...others] = isObject(operand) ? Object.keys(operand) : []
  const part = isObject(operand) ? operand['equals-ignore-case'] : undefined
  if (key !== 'equals-ignore-case' || others.length > 0 || !isText(part)) return fail(`"${operator}" takes a string`)
  return (value) => isText(value) && has(value.toLowerCase(), part.toLowerCase())
}

/** `*` stands for any run of characters; a backslash escapes `*` and itself. */
const wildcard = (operand: Json): Test => {
  if (!isText(operand)) return fail('"wildcard" takes a string')
  if (/(?<!\\)(\\\\)*\*\*/.test(operand)) return fail('"wildcard" may not hold two * in a row')
  const source = operand.replace(/\\[\\*]|\*|[^\\*]+|\\/g, (part) => {
    if (part === '*') return '[^]*'
    if (part === '\\') return fail('"wildcard" holds an escape that is none')
    return escapeRegExp(part.length === 2 && part.startsWith('\\') ? part.slice(1) : part)
  })
  const expression = new RegExp(`^${source}$`)
  return (value) => isText(value) && expression.test(value)
}

const comparisons: { [sign: string]: ((value: number, bound: number) => boolean) | undefined } = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

/** `[">", 0, "<=", 5]`. */
const numeric = (operand: Json): Test => {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    return fail('"numeric" takes one or two comparisons')
  const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
    const sign = operand[2 * index]
    const bound = operand[2 * index + 1]
    const compare = isText(sign) ? comparisons[sign] : undefined
    if (compare === undefined || typeof bound !== 'number') return fail('"numeric" takes <, <=, =, >, >= and a number')
    return (value: number) => compare(value, bound)
  })
  return (value) => typeof value === 'number' && tests.every((test) => test(value))
}

const cidr = (operand: Json): Test => {
  const [address = '', bits = ''] = isText(operand) ? operand.split('/') : []
  const version = isIP(address)
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128))
    return fail('"cidr" takes an address and a number of bits')
  const range = new BlockList()
  range.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return (value) => isText(value) && isIP(value) === version && range.check(value, version === 4 ? 'ipv4' : 'ipv6')
}

const ignoringCase = (operand: Json): Test => {
  if (!isText(operand)) return fail('"equals-ignore-case" takes a string')
  return (value) => isText(value) && value.toLowerCase() === operand.toLowerCase()
}

const nestable = new Set(['prefix', 'suffix', 'equals-ignore-case', 'wildcard'])

/** Values, or one nested operator over one or more values. A missing key matches nothing. */
const anythingBut = (operand: Json): Test => {
  let test: Test
  if (isObject(operand)) {
    const [operator = '', ...others] = Object.keys(operand)
    if (!nestable.has(operator) || others.length > 0) return fail(`"anything-but" does not take "${operator}"`)
    const parts = operand[operator]
    const tests = (Array.isArray(parts) ? parts : [parts ?? null]).map((part) => compileOperator(operator, part))
    test = (value) => tests.some((each) => each(value))
  } else {
    const values = Array.isArray(operand) ? operand : [operand]
    const plain = values.every((value) => isText(value) || typeof value === 'number')
    if (values.length === 0 || !plain) return fail('"anything-but" takes strings or numbers')
    test = (value) => values.some((each) => each === value)
  }
  return (value) => value !== undefined && !test(value)
}

const compileOperator = (operator: string, operand: Json): Test => {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return affix(operator, operand)
    case 'wildcard':
      return wildcard(operand)
    case 'numeric':
      return numeric(operand)
    case 'cidr':
      return cidr(operand)
    case 'equals-ignore-case':
      return ignoringCase(operand)
    case 'anything-but':
      return anythingBut(operand)
    case 'exists':
      if (typeof operand !== 'boolean') return fail('"exists" takes true or false')
      return (value) => (value !== undefined && !isObject(value)) === operand
    default:
      return fail(`unknown operator "${operator}"`)
  }
}

const compileAlternative = (alternative: Json): Test => {
  if (Array.isArray(alternative)) return fail('a list of alternatives may not hold a list')
  if (!isObject(alternative)) return (value) => value === alternative
  const [operator, ...others] = Object.keys(alternative)
  if (operator === undefined || others.length > 0) return fail('an alternative holds exactly one operator')
  return compileOperator(operator, alternative[operator] ?? null)
}

/** An array in the event matches when one of its elements does; an empty one counts as absent for `exists`. */
const compileLeaf = (alternatives: Json[]): Test => {
  if (alternatives.length === 0) return fail('a list of alternatives may not be empty')
  const tests = alternatives.map(compileAlternative)
  return (value) => {
    const candidates = Array.isArray(value) ? (value.length === 0 ? [undefined] : value) : [value]
    return tests.some((test) => candidates.some((candidate) => test(candidate)))
  }
}

const isOperatorList = (alternatives: Json): alternatives is JsonObject[] =>
  Array.isArray(alternatives) && alternatives.length > 1 && alternatives.every(isObject)

const compileObject = (pattern: JsonObject): Test => {
  const entries = Object.entries(pattern)
  if (entries.length === 0) return fail('an object may not be empty')
  const tests = entries.map(([key, expected]): Test => {
    if (key === '$or') {
      if (!isOperatorList(expected)) return fail('"$or" takes two or more objects')
      const alternatives = expected.map(compileObject)
      return (value) => alternatives.some((test) => test(value))
    }
    const inner = Array.isArray(expected)
      ? compileLeaf(expected)
      : isObject(expected)
        ? compileNested(expected)
        : fail(`"${key}" must be a list or an object`)
    return (value) => inner(isObject(value) ? value[key] : undefined)
  })
  return (value) => tests.every((test) => test(value))
}

const compileNested = (pattern: JsonObject): Test => {
  const test = compileObject(pattern)
  // A list of objects matches when one of them does.
  return (value) => (Array.isArray(value) ? value.some((element) => test(element)) : test(value))
}

/**
 * Compiles an EventBridge event pattern. Throws a `StartError` for an operator or a form that EventBridge does
 * not know. Matching is type-strict: "1" is not 1.
 */
export const compilePattern = (pattern: Json): Matcher => {
  if (!isObject(pattern)) return fail('a pattern is an object')
  return compileObject(pattern)
}

/** Compiles a mapping's `FilterCriteria`: a record passes when one filter matches, or when there is none. */
export const compileFilters = (patterns: string[]): Matcher => {
  if (patterns.length === 0) return () => true
  const matchers = patterns.map((text) => {
    let pattern: Json
    try {
      pattern = JSON.parse(text)
    } catch {
      return fail(`filter is not JSON: ${text}`)
    }
    return isObject(pattern) && Object.keys(pattern).length === 0 ? () => true : compilePattern(pattern)
  })
  return (record) => matchers.some((matches) => matches(record))
}
