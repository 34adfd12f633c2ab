/** Attribute values as expressions see them: found by path, compared, reckoned with, set and removed. */
import { isDeepStrictEqual } from 'node:util'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type AttributeMap = Record<string, AttributeValue>

/** Becomes the SDK's ValidationException at the model's edge. */
export class ModelValidationError extends Error {
  override readonly name = 'ValidationException'
}

export const valueAt = (item: AttributeMap | undefined, path: readonly string[]): AttributeValue | undefined => {
  let members = item
  let value: AttributeValue | undefined
  for (const name of path) {
    value = members?.[name]
    members = value?.M
  }
  return value
}

/** Minor units, counters, versions, moments. DynamoDB reckons in decimals of 38 digits; here, whole numbers are as exact. */
const exact = (text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`the model cannot reckon with ${text}`)
  return number
}

/** Below zero, zero or above it; undefined for values that have no order among each other. */
export const compared = (a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined => {
  if (!a || !b) return undefined
  if (a.N !== undefined && b.N !== undefined) return exact(a.N) - exact(b.N)
  if (a.S !== undefined && b.S !== undefined) return a.S === b.S ? 0 : a.S < b.S ? -1 : 1
  return undefined
}

export const isEqual = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean => {
  const order = compared(a, b)
  return order === undefined ? a !== undefined && isDeepStrictEqual(a, b) : order === 0
}

export const reckoned = (
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
  sign: 1 | -1,
): AttributeValue => {
  if (a?.N === undefined || b?.N === undefined)
    throw new ModelValidationError('An operand in the update expression has an incorrect data type')
  return { N: String(exact(String(exact(a.N) + sign * exact(b.N)))) }
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

export const set = (item: AttributeMap, path: readonly string[], value: AttributeValue | undefined): void => {
  const holder = holderOf(item, path)
  const last = path.at(-1)
  if (!holder || last === undefined)
    throw new ModelValidationError('The document path provided in the update expression is invalid for update')
  if (value === undefined)
    throw new ModelValidationError('The provided expression refers to an attribute that does not exist in the item')
  holder[last] = value
}

/** Nothing here removes a member of a map, and engines differ in what a missing map means for it. */
export const remove = (item: AttributeMap, [name = '', ...members]: readonly string[]): void => {
  if (members.length > 0) throw new Error('the model removes no members of maps')
  delete item[name]
}

/** Stands in no name. */
const separator = '\u0000'

/** No path may be a key's, or lie within another. */
export const checkPaths = (paths: readonly (readonly string[])[]): void => {
  const texts = paths.map((path) => path.join(separator))
  const whole = new Set(texts)
  const isWithin = (path: readonly string[]): boolean =>
    path.some((_, depth) => depth > 0 && whole.has(path.slice(0, depth).join(separator)))
  if (whole.size < texts.length || paths.some(isWithin))
    throw new ModelValidationError('Two document paths overlap with each other')
  if (whole.has('pk') || whole.has('sk'))
    throw new ModelValidationError('Cannot update attribute. This attribute is part of the key')
}
