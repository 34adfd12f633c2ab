/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parses text that must be a JSON object; anything else is undefined. */
export const parseObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The object, or an empty one where the property is absent. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** The list; a lone value counts as a list of one, as it does in policies. */
export const listOf = (value: Json | undefined): Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

export const textsOf = (value: Json | undefined): string[] => listOf(value).map((entry) => String(entry))

export const textOf = (value: Json | undefined, otherwise = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : otherwise

export const numberOf = (value: Json | undefined, otherwise: number): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : otherwise
}

/** CloudFormation accepts `"true"` for true. */
export const flagOf = (value: Json | undefined): boolean => value === true || value === 'true'
