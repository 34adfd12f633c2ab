/** What the cells of both CSV formats mean. Each tells the report what it cannot take. Pure. */

import { type Money, Sku } from '../../../../shared/contract/schema.ts'
import { moneyFromDecimal } from '../../../../shared/domain/money.ts'
import { withoutReferences } from '../../products/descriptions/references.ts'
import { Options, Weight } from '../../products/fields.ts'
import { slugFrom } from '../../products/slug.ts'
import { plainDecimal } from './decimals.ts'
import { type At, checked, fitting, type Report, skuFrom } from './imported.ts'

/** Shops write `&amp;` into names as they do into pages: the shop's are plain text. */
export const plainText = (cell: string): string => withoutReferences(cell)

/** Undoes plainText, where that would change the text. */
export const textCell = (text: string): string => (plainText(text) === text ? text : text.replaceAll('&', '&amp;'))

/** An amount in the shop's currency, in its main unit: `19.99`. */
export const priceOf = (cell: string, currency: string, report: Report, { line, sku }: At): Money | undefined => {
  const price = moneyFromDecimal(plainDecimal(cell) ?? '', currency)
  if (price) return price
  return report.error(line, 'BAD_PRICE', `"${cell.slice(0, 40)}" is no amount in ${currency}, such as 19.99.`, sku)
}

/** What it cost before: not to be had, it is noted and left out. @returns null where the cell is empty */
export const compareAtOf = (cell: string, currency: string, report: Report, { line, sku }: At): Money | null => {
  if (cell === '') return null
  const price = moneyFromDecimal(plainDecimal(cell) ?? '', currency)
  if (price) return price
  report.note(line, 'BAD_PRICE', `"${cell.slice(0, 40)}" is no amount in ${currency} to compare with.`, sku)
  return null
}

/** Tells nothing apart from an empty cell: the SKU is derived then. */
export const skuOf = (cell: string, report: Report, line: number): string | undefined | 'refused' => {
  if (cell === '') return undefined
  const sku = checked(Sku, skuFrom(cell), report, { line, column: 'SKU', sku: cell })
  if (sku !== undefined && sku !== cell.replace(/^'/, '').normalize('NFC'))
    report.note(line, 'SKU_CHANGED', `"${cell.slice(0, 64)}" has signs that a SKU here cannot have; it is ${sku}.`, sku)
  return sku ?? 'refused'
}

/** The slug for a name that the file gives; one that cannot be an address as it is, is noted. */
export const handleOf = (name: string, report: Report, line: number): string => {
  const slug = slugFrom(name)
  if (slug !== name.normalize('NFC'))
    report.note(line, 'HANDLE_CHANGED', `"${name.slice(0, 100)}" cannot be an address here; it is ${slug}.`)
  return slug
}

const gramsPerUnit = new Map<string, readonly [grams: number, per: number]>([
  ['g', [1, 1]],
  ['kg', [1000, 1]],
  ['oz', [28_349_523_125, 1_000_000_000]],
  ['lb', [45_359_237, 100_000]],
  ['lbs', [45_359_237, 100_000]],
])

/** Whole grams: exact for kilograms with three digits, rounded for others. */
export const weightOf = (cell: string, unit: string, report: Report, { line, sku }: At): number | undefined => {
  if (cell === '') return undefined
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(plainDecimal(cell) ?? '') ?? []
  const [grams, per] = gramsPerUnit.get(unit.toLowerCase()) ?? [0, 1]
  const column = `weight in ${unit}`
  if (whole === undefined || grams === 0)
    return report.error(line, 'BAD_WEIGHT', `"${cell.slice(0, 40)}" is no ${column}.`, sku)
  const scaled = (Number(whole + fraction.slice(0, 9).padEnd(9, '0')) * grams) / per / 1e9
  return checked(Weight, Math.round(scaled), report, { line, column, sku })
}

const maxUnits = 1_000_000

/** Units that can be bought. Less than none, as shops that sell without stock have, is none. */
export const unitsOf = (cell: string, report: Report, { line, sku }: At): number | undefined => {
  if (cell === '') return undefined
  if (/^-\d+(\.\d+)?$/.test(cell)) return 0
  const units = Math.floor(Number(plainDecimal(cell) ?? Number.NaN))
  if (units <= maxUnits) return units
  report.note(line, 'BAD_QUANTITY', `"${cell.slice(0, 40)}" is no number of units up to ${maxUnits}.`, sku)
  return undefined
}

const barcodeMax = 64

/** @returns an empty text where there is none */
export const barcodeOf = (cell: string, report: Report, at: At): string =>
  fitting(cell.replace(/^'/, ''), barcodeMax, report, { ...at, column: 'Barcode' })

const [maxName, maxValue] = [40, 80]

/** What tells a variant apart, in the order of the columns. */
export const optionsOf = (
  pairs: readonly (readonly [name: string, value: string])[],
  report: Report,
  at: At,
): Record<string, string> | undefined => {
  const told = pairs.map(([name, value]): [string, string] => [
    fitting(plainText(name), maxName, report, { ...at, column: 'Option name' }),
    valueFitting(value, report, at),
  ])
  const given = told.filter(([name, value]) => name !== '' && value !== '')
  // zod leaves this name out of records without a word.
  if (given.some(([name]) => name === '__proto__'))
    return report.error(at.line, 'INVALID_FIELD', 'Options: none can be called __proto__.', at.sku)
  return checked(Options, Object.fromEntries(given), report, { ...at, column: 'Options' })
}

export const valueFitting = (value: string, report: Report, at: At): string =>
  fitting(plainText(value), maxValue, report, { ...at, column: 'Option value' })
