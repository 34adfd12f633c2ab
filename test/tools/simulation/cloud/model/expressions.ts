/**
 * DynamoDB's condition and update expressions: parsed once by text, then run against many items. What is not understood,
 * or would be inexact, is an error of its own, never a guess.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  type AttributeMap,
  checkPaths,
  compared,
  isEqual,
  ModelValidationError,
  reckoned,
  remove,
  set,
  valueAt,
} from './values.ts'

/** What an expression is run with. `item` is undefined where there is none. */
export type Input = {
  item: AttributeMap | undefined
  names: Readonly<Record<string, string>>
  values: AttributeMap
}

/** What became of a text: how to run it, and each `#name` and `:value` in it, once. */
export type Parsed<T> = { run: T; placeholders: readonly string[] }

type Condition = (input: Input) => boolean
type Operand = (input: Input) => AttributeValue | undefined
type Path = (input: Input) => string[]
type Update = (input: Input) => AttributeMap

/** Nothing is less or greater than what it has no order with, but everything is unequal to it. */
const comparisons: Readonly<Record<string, (a: AttributeValue | undefined, b: AttributeValue | undefined) => boolean>> =
  {
    '=': isEqual,
    '<>': (a, b) => !isEqual(a, b),
    '<': (a, b) => (compared(a, b) ?? 0) < 0,
    '>': (a, b) => (compared(a, b) ?? 0) > 0,
    '<=': (a, b) => (compared(a, b) ?? 1) <= 0,
    '>=': (a, b) => (compared(a, b) ?? -1) >= 0,
  }

const tokensOf = (text: string): string[] => {
  const tokens = text.match(/[#:]?\w+|<>|<=|>=|[=<>(),.+-]/g) ?? []
  if (tokens.join('') !== text.replace(/\s/g, ''))
    throw new Error(`"${text}" has characters that the model does not know`)
  return tokens
}

/** DynamoDB reserves hundreds of words; `pk` and `sk` are none of them, and all that is ever written as it stands. */
const checkName = (token: string): string => {
  if (/^(#\w+|pk|sk)$/.test(token)) return token
  throw new Error(`the model takes names with a # only, not ${token}`)
}

/** Whoever runs an expression has checked its placeholders. */
const nameOf = (token: string, names: Input['names']): string => names[token] ?? token

class Parser {
  private readonly tokens: string[]
  private position = 0
  /** Where parentheses open and close. */
  private readonly groups = new Map<number, number>()
  private readonly text: string
  constructor(text: string) {
    this.text = text
    this.tokens = tokensOf(text)
  }

  private peek(): string {
    return (this.tokens[this.position] ?? '').toUpperCase()
  }
  private take(): string {
    const token = this.tokens[this.position]
    if (token === undefined) throw new Error(`"${this.text}" ends too early`)
    this.position += 1
    return token
  }
  private expect(token: string): void {
    const found = this.take()
    if (found.toUpperCase() !== token) throw new Error(`"${this.text}": ${token} was expected, not ${found}`)
  }
  private takeIf(token: string): boolean {
    if (this.peek() !== token) return false
    this.position += 1
    return true
  }

  /** Each `#name` and `:value` of the text, once. */
  placeholders(): string[] {
    return [...new Set(this.tokens.filter((token) => /^[#:]/.test(token)))]
  }

  private path(): Path {
    const tokens = [checkName(this.take())]
    while (this.takeIf('.')) tokens.push(checkName(this.take()))
    return ({ names }) => tokens.map((token) => nameOf(token, names))
  }
  private operand(): Operand {
    if (this.peek().startsWith(':')) {
      const token = this.take()
      return ({ values }) => values[token]
    }
    const path = this.path()
    return (input) => valueAt(input.item, path(input))
  }

  condition(): Condition {
    const condition = this.either()
    if (this.position < this.tokens.length) throw new Error(`"${this.text}" is not understood from ${this.peek()} on`)
    return condition
  }
  private either(): Condition {
    const first = this.both()
    if (!this.takeIf('OR')) return first
    const second = this.either()
    return (input) => first(input) || second(input)
  }
  private both(): Condition {
    const first = this.single()
    if (!this.takeIf('AND')) return first
    const second = this.both()
    return (input) => first(input) && second(input)
  }
  private single(): Condition {
    if (this.takeIf('NOT')) {
      const condition = this.single()
      return (input) => !condition(input)
    }
    if (this.takeIf('(')) return this.group()
    const call = /^(attribute_exists|attribute_not_exists|begins_with)$/i.exec(this.peek())
    return call ? this.call(this.take().toLowerCase()) : this.comparison()
  }
  private group(): Condition {
    const start = this.position
    const condition = this.either()
    if (this.groups.get(start) === this.position)
      throw new ModelValidationError('The expression has redundant parentheses')
    this.expect(')')
    this.groups.set(start - 1, this.position)
    return condition
  }
  private call(name: string): Condition {
    this.expect('(')
    const path = this.path()
    if (name === 'begins_with') {
      this.expect(',')
      const prefix = this.operand()
      this.expect(')')
      return (input) => {
        const [text, start] = [valueAt(input.item, path(input))?.S, prefix(input)?.S]
        return text !== undefined && start !== undefined && text.startsWith(start)
      }
    }
    this.expect(')')
    const isThere: Condition = (input) => valueAt(input.item, path(input)) !== undefined
    return name === 'attribute_exists' ? isThere : (input) => !isThere(input)
  }
  private comparison(): Condition {
    const left = this.operand()
    const operator = this.take().toUpperCase()
    if (operator === 'BETWEEN') {
      const low = this.operand()
      this.expect('AND')
      const high = this.operand()
      return (input) => (compared(left(input), low(input)) ?? -1) >= 0 && (compared(left(input), high(input)) ?? 1) <= 0
    }
    const holds = comparisons[operator]
    if (!holds) throw new Error(`"${this.text}": the model knows no ${operator}`)
    const right = this.operand()
    return (input) => holds(left(input), right(input))
  }

  update(): Update {
    const sets: { path: Path; value: Operand }[] = []
    const removes: Path[] = []
    const clauses = new Set<string>()
    while (this.position < this.tokens.length) {
      const clause = this.take().toUpperCase()
      if ((clause !== 'SET' && clause !== 'REMOVE') || clauses.has(clause))
        throw new Error(`"${this.text}": the model knows no ${clause} here`)
      clauses.add(clause)
      do {
        const path = this.path()
        if (clause === 'REMOVE') removes.push(path)
        else {
          this.expect('=')
          sets.push({ path, value: this.assigned() })
        }
      } while (this.takeIf(','))
    }
    return (input) => {
      // All values are reckoned from the item as it was.
      const assignments = sets.map(({ path, value }) => ({ path: path(input), value: value(input) }))
      const removals = removes.map((path) => path(input))
      checkPaths([...assignments.map(({ path }) => path), ...removals])
      const result = { ...input.item }
      for (const path of removals) remove(result, path)
      for (const { path, value } of assignments) set(result, path, value)
      return result
    }
  }
  private assigned(): Operand {
    const first = this.assignedTerm()
    if (this.takeIf('+')) {
      const second = this.assignedTerm()
      return (input) => reckoned(first(input), second(input), 1)
    }
    if (this.takeIf('-')) {
      const second = this.assignedTerm()
      return (input) => reckoned(first(input), second(input), -1)
    }
    return first
  }
  private assignedTerm(): Operand {
    if (this.peek() !== 'IF_NOT_EXISTS') return this.operand()
    this.take()
    this.expect('(')
    const wanted = this.operand()
    this.expect(',')
    const otherwise = this.assigned()
    this.expect(')')
    return (input) => wanted(input) ?? otherwise(input)
  }
}

const remembered = <T>(parse: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return (text) => {
    const parsed = known.get(text) ?? parse(text)
    known.set(text, parsed)
    return parsed
  }
}

export const conditionOf = remembered((text): Parsed<Condition> => {
  const parser = new Parser(text)
  return { run: parser.condition(), placeholders: parser.placeholders() }
})

export const updateOf = remembered((text): Parsed<Update> => {
  const parser = new Parser(text)
  return { run: parser.update(), placeholders: parser.placeholders() }
})

/** @throws ModelValidationError when an expression uses what is not given, or something given is not used */
export const checkPlaceholders = (
  texts: readonly Parsed<unknown>[],
  names: Readonly<Record<string, string>> = {},
  values: AttributeMap = {},
): void => {
  const used = new Set(texts.flatMap(({ placeholders }) => placeholders))
  for (const token of used)
    if ((token.startsWith('#') ? names : values)[token] === undefined)
      throw new ModelValidationError(`${token} is used in an expression but not defined`)
  const given = Object.keys(names).length + Object.keys(values).length
  if (given > used.size)
    throw new ModelValidationError('Value provided in ExpressionAttributeNames or -Values unused in expressions')
}
