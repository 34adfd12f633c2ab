/** What an item weighs in DynamoDB: a write costs a unit for each 1,024 bytes begun, a strong read one for each 4,096. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Json } from './service.ts'

const textBytes = (text: string): number => Buffer.byteLength(text)

/** Two digits a byte, and one for the exponent. */
const numberBytes = (digits: string): number =>
  Math.ceil(digits.replace(/\D/g, '').replace(/^0+|0+$/g, '').length / 2) + 1

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return textBytes(value.S)
  if (value.B !== undefined) return value.B.length
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.L !== undefined) return 3 + value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 0)
  if (value.M !== undefined) return 3 + attributesBytes(value.M, 1)
  return 1
}

/** The same of an item as DynamoDB has it. */
export const attributesBytes = (attributes: Record<string, AttributeValue>, overhead = 0): number =>
  Object.entries(attributes).reduce((sum, [name, value]) => sum + textBytes(name) + overhead + valueBytes(value), 0)

/** Bytes, by what https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html says. */
export const itemBytes = (item: Json): number => attributesBytes(marshall(item, { removeUndefinedValues: true }))
