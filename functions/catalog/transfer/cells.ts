/** What the cells of both CSV formats mean. Each tells the report what it cannot take. Pure. */

import { type Money, Sku } from '../../../shared/contract/schema.ts'
import { moneyFromDecimal } from '../../../shared/domain/money.ts'
import { slugOf } from '../domain.ts'
import { maxHtml, maxImages, maxTags, Options, Picture, productFields, Weight } from '../fields.ts'
import { bodyOf } from '../html.ts'
import { listOf } from './columns.ts'
import { type Cells, checked, type ImportedProduct, type Report, skuFrom, slugFrom } from './imported.ts'

type At = { line: number; sku?: string | undefined }

/** `.5` is `0.5`. */
const withZero = (cell: string): string => (cell.startsWith('.') ? `0${cell}` : cell)

/** An amount in the shop's currency, in its main unit: `19.99`. */
export const priceOf = (cell: string, currency: string, report: Report, { line, sku }: At): Money | undefined => {
  const price = moneyFromDecimal(withZero(cell), currency)
  if (price) return price
  return report.error(line, 'BAD_PRICE', `"${cell.slice(0, 40)}" is no amount in ${currency}, such as 19.99.`, sku)
}

/** Tells nothing apart from an empty cell: the SKU is derived then. */
export const skuOf = (cell: string, report: Report, line: number): string | undefined | 'refused' => {
  if (cell === '') return undefined
  const sku = checked(Sku, skuFrom(cell), report, { line, column: 'SKU', sku: cell })
  if (sku !== undefined && sku !== cell.replace(/^'/, ''))
    report.note(line, 'SKU_CHANGED', `"${cell.slice(0, 64)}" has signs that a SKU here cannot have; it is ${sku}.`, sku)
  return sku ?? 'refused'
}

const gramsPerUnit: Readonly<Record<string, readonly [grams: number, per: number]>> = {
  g: [1, 1],
  kg: [1000, 1],
  oz: [28_349_523_125, 1_000_000_000],
  lb: [45_359_237, 100_000],
  lbs: [45_359_237, 100_000],
}

/** Whole grams: exact for kilograms with three digits, rounded for others. */
export const weightOf = (cell: string, unit: string, report: Report, { line, sku }: At): number | undefined => {
  if (cell === '') return undefined
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(withZero(cell)) ?? []
  const [grams, per] = gramsPerUnit[unit.toLowerCase()] ?? [0, 1]
  const column = `weight in ${unit}`
  if (whole === undefined || grams === 0)
    return report.error(line, 'BAD_WEIGHT', `"${cell.slice(0, 40)}" is no ${column}.`, sku)
  const scaled = (Number(whole + fraction.padEnd(9, '0')) * grams) / per / 1e9
  return checked(Weight, Math.round(scaled), report, { line, column, sku })
}

export const isPicture = (address: string): boolean => Picture.safeParse(address).success

/** Pictures that the shop can show; the others are noted and left out. */
export const imagesOf = (images: readonly { line: number; address: string }[], report: Report): string[] => {
  const known = [...new Map(images.toReversed().map((image) => [image.address, image])).values()].toReversed()
  for (const { line, address } of known)
    if (!isPicture(address)) report.note(line, 'IMAGE_LEFT_OUT', `"${address.slice(0, 200)}" is no https address.`)
  const good = known.filter(({ address }) => isPicture(address))
  if (good.length > maxImages)
    report.note(good[maxImages]?.line ?? 0, 'TOO_MANY_IMAGES', `Only the first ${maxImages} images are kept.`)
  return good.slice(0, maxImages).map(({ address }) => address)
}

/** A variant's picture: an empty text where it has none. */
export const imageOf = (cell: string, report: Report, { line, sku }: At): string => {
  if (cell === '' || isPicture(cell)) return cell
  report.note(line, 'IMAGE_LEFT_OUT', `"${cell.slice(0, 200)}" is no https address.`, sku)
  return ''
}

const tagsOf = (cell: string, report: Report, line: number): string[] | undefined => {
  const tags = [...new Set(listOf(cell))]
  if (tags.length > maxTags) report.note(line, 'TOO_MANY_TAGS', `Only the first ${maxTags} tags are kept.`)
  return checked(productFields.tags, tags.slice(0, maxTags), report, { line, column: 'Tags' })
}

/** `Clothing > Hoodies` is `hoodies`. */
export const categoryOf = (name: string): string | undefined => {
  const last = name.split('>').at(-1)?.trim() ?? ''
  return last === '' ? undefined : slugFrom(slugOf(last) || last)
}

export const optionsOf = (
  pairs: readonly (readonly [name: string, value: string])[],
  report: Report,
  at: At,
): Record<string, string> | undefined =>
  checked(Options, Object.fromEntries(pairs.filter(([name, value]) => name && value)), report, {
    ...at,
    column: 'Options',
  })

const htmlOf = (cell: string, report: Report, line: number): ImportedProduct['body'] => {
  const body = bodyOf(cell)
  if (body === 'too-long')
    return report.error(line, 'FIELD_TOO_LONG', `Description: at most ${maxHtml} characters in HTML.`)
  const description = checked(productFields.description, body.description, report, { line, column: 'Description' })
  return description === undefined ? undefined : { ...body, description }
}

/** What both formats say of a product in its first row. @param columns what the format calls them */
export const wordsOf = (
  cells: Cells,
  columns: { title: string; body: string; tags: string },
  report: Report,
): Pick<ImportedProduct, 'title' | 'body' | 'tags'> => {
  const { line } = cells
  const title = cells.get(columns.title)
  return {
    title: title === '' ? undefined : checked(productFields.title, title, report, { line, column: columns.title }),
    body: cells.has(columns.body) ? htmlOf(cells.get(columns.body), report, line) : undefined,
    tags: cells.has(columns.tags) ? tagsOf(cells.get(columns.tags), report, line) : undefined,
  }
}
