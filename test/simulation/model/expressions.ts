/** DynamoDB's condition and update expressions: parsed once by text, then run against many items. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type AttributeMap = Record<string, AttributeValue>

/** What an expression is run with. `item` is undefined where there is none. */
export type Input = {
  item: AttributeMap | undefined
  names: Readonly<Record<string, string>>
  values: AttributeMap
}

type Condition = (input: Input) => boolean
type Operand = (input: Input) => AttributeValue | undefined
type Path = (input: Input) => string[]
type Update = (input: Input) => AttributeMap

const tokensOf = (text: string): string[] => text.match(/[#:]?\w+|<>|<=|>=|[=<>(),.+-]/g) ?? []

const nameOf = (token: string, names: Input['names']): string => {
  if (!token.startsWith('#')) return token
  const name = names[token]
  if (name === undefined) throw new Error(`${token} has no name`)
  return name
}

const valueAt = (item: AttributeMap | undefined, path: readonly string[]): AttributeValue | undefined => {
  let members = item
  let value: AttributeValue | undefined
  for (const name of path) {
    value = members?.[name]
    members = value?.M
  }
  return value
}

const typeOf = (value: AttributeValue): string => Object.keys(value)[0] ?? ''

/** Below zero, zero or above it; undefined for values that have no order among each other. */
const compared = (a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined => {
  if (!a || !b) return undefined
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N)
  if (a.S !== undefined && b.S !== undefined) return a.S === b.S ? 0 : a.S < b.S ? -1 : 1
  return undefined
}

const isEqual = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean => {
  if (!a || !b || typeOf(a) !== typeOf(b)) return false
  return (compared(a, b) ?? (JSON.stringify(a) === JSON.stringify(b) ? 0 : 1)) === 0
}

/** Minor units, counters and versions: whole numbers far below 2^53. */
const reckoned = (a: AttributeValue | undefined, b: AttributeValue | undefined, sign: 1 | -1): AttributeValue => {
  if (a?.N === undefined || b?.N === undefined)
    throw new ModelValidationError('An operand in the update expression has an incorrect data type')
  return { N: String(Number(a.N) + sign * Number(b.N)) }
}

/** Becomes the SDK's ValidationException at the model's edge. */
export class ModelValidationError extends Error {
  override readonly name = 'ValidationException'
}

class Parser {
  private readonly tokens: string[]
  private position = 0
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

  private path(): Path {
    const tokens = [this.take()]
    while (this.takeIf('.')) tokens.push(this.take())
    return ({ names }) => tokens.map((token) => nameOf(token, names))
  }
  private operand(): Operand {
    if (this.peek().startsWith(':')) {
      const token = this.take()
      return ({ values }) => {
        const value = values[token]
        if (!value) throw new Error(`${token} has no value`)
        return value
      }
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
    if (this.takeIf('(')) {
      const condition = this.either()
      this.expect(')')
      return condition
    }
    const call = /^(attribute_exists|attribute_not_exists|begins_with)$/i.exec(this.peek())
    return call ? this.call(this.take().toLowerCase()) : this.comparison()
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
    const right = this.operand()
    switch (operator) {
      case '=':
        return (input) => isEqual(left(input), right(input))
      case '<':
        return (input) => (compared(left(input), right(input)) ?? 0) < 0
      case '>':
        return (input) => (compared(left(input), right(input)) ?? 0) > 0
      case '<=':
        return (input) => (compared(left(input), right(input)) ?? 1) <= 0
      case '>=':
        return (input) => (compared(left(input), right(input)) ?? -1) >= 0
      default:
        throw new Error(`"${this.text}": the model knows no ${operator}`)
    }
  }

  update(): Update {
    const sets: { path: Path; value: Operand }[] = []
    const removes: Path[] = []
    while (this.position < this.tokens.length) {
      const clause = this.take().toUpperCase()
      if (clause !== 'SET' && clause !== 'REMOVE') throw new Error(`"${this.text}": the model knows no ${clause}`)
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
      const result = { ...input.item }
      for (const path of removes) withRemoved(result, path(input))
      for (const { path, value } of assignments) withSet(result, path, value)
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

/** The map that holds a path's last name, copied all the way down so that nobody else's item changes. */
const holderOf = (item: AttributeMap, path: readonly string[]): AttributeMap | undefined => {
  let holder: AttributeMap = item
  for (const name of path.slice(0, -1)) {
    const members = holder[name]?.M
    if (!members) return undefined
    const copy = { ...members }
    holder[name] = { M: copy }
    holder = copy
  }
  return holder
}

const withSet = (item: AttributeMap, path: readonly string[], value: AttributeValue | undefined): void => {
  const holder = holderOf(item, path)
  const last = path.at(-1)
  if (!holder || last === undefined)
    throw new ModelValidationError('The document path provided in the update expression is invalid for update')
  if (value === undefined)
    throw new ModelValidationError('The provided expression refers to an attribute that does not exist in the item')
  holder[last] = value
}

const withRemoved = (item: AttributeMap, path: readonly string[]): void => {
  const holder = holderOf(item, path)
  if (holder) delete holder[path.at(-1) ?? '']
}

const remembered = <T>(parse: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return (text) => {
    const parsed = known.get(text) ?? parse(text)
    known.set(text, parsed)
    return parsed
  }
}

export const conditionOf = remembered((text) => new Parser(text).condition())
export const updateOf = remembered((text) => new Parser(text).update())
