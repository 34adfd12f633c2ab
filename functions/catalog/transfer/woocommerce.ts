/**
 * WooCommerce's product CSV (https://woocommerce.com/document/product-csv-importer-exporter/): a simple product is a row; a
 * variable one is a row without a price, and a row for each variation, which names it as its parent: right after it, or
 * anywhere later in the file.
 */
import { categoryOf, imageOf, imagesOf, optionsOf, priceOf, skuOf, weightOf, wordsOf } from './cells.ts'
import { listOf, moreOptions, wooAttributes } from './columns.ts'
import {
  type Cells,
  type ImportedProduct,
  type ImportedVariant,
  type Reading,
  type Report,
  reportOf,
  slugFrom,
} from './imported.ts'
import { jsonOptions } from './options.ts'

const weightUnits = ['kg', 'g', 'lbs', 'oz']
const moreColumn = moreOptions.woocommerce.toLowerCase()

export const wooColumns = [
  ...['id', 'type', 'sku', 'name', 'slug', 'published', 'short description', 'description', 'regular price'],
  ...['categories', 'tags', 'images', 'parent', moreColumn],
  ...weightUnits.map((unit) => `weight (${unit})`),
  ...wooAttributes.flatMap((n) => [`attribute ${n} name`, `attribute ${n} value(s)`]),
]

type Kind = 'simple' | 'variable' | 'variation' | 'other'

/** `simple, virtual` is simple. */
const kindOf = (cells: Cells): Kind => {
  const type = cells.get('type').toLowerCase().split(',')[0]?.trim()
  return type === 'simple' || type === 'variable' || type === 'variation' ? type : 'other'
}

/** What its variations may call a row: by SKU, or by `id:12`. */
export const namesOfParent = (cells: Cells): string[] => [
  ...(cells.get('sku') ? [cells.get('sku')] : []),
  ...(cells.get('id') ? [`id:${cells.get('id')}`] : []),
]

/** Variations follow their parent, or one another. */
export const isSameWooProduct = (first: Cells, next: Cells): boolean => {
  if (kindOf(next) !== 'variation' || next.get('parent') === '') return false
  const names = kindOf(first) === 'variation' ? [first.get('parent')] : namesOfParent(first)
  return kindOf(first) !== 'simple' && names.includes(next.get('parent'))
}

/** WooCommerce writes line breaks as `\n`; a backslash before an n is doubled. */
const withBreaks = (text: string): string =>
  text.replace(/(\\+)n/g, (_, slashes: string) => (slashes.length === 1 ? '\n' : `${slashes.slice(1)}n`))

/** The longer description, or else the short one. */
const described = (cells: Cells): Cells => ({
  ...cells,
  get: (column) => {
    if (column !== 'description') return cells.get(column)
    return withBreaks(cells.get('description') || cells.get('short description'))
  },
})

const weightIn = (cells: Cells, report: Report, at: { line: number; sku?: string | undefined }): number | undefined => {
  const unit = weightUnits.find((one) => cells.get(`weight (${one})`) !== '')
  return unit === undefined ? undefined : weightOf(cells.get(`weight (${unit})`), unit, report, at)
}

const attributesOf = (cells: Cells): [string, string][] =>
  wooAttributes.map((n) => [cells.get(`attribute ${n} name`), cells.get(`attribute ${n} value(s)`)])

/** A simple product's attributes describe it and choose nothing. */
const variantOf = (cells: Cells, currency: string, report: Report): ImportedVariant | undefined => {
  const { line } = cells
  const isVariation = kindOf(cells) === 'variation'
  const before = report.entries.length
  const sku = skuOf(cells.get('sku'), report, line)
  if (sku === 'refused') return undefined
  const at = { line, sku }
  const price = cells.get('regular price')
  const image = listOf(cells.get('images'))[0] ?? ''
  const variant: ImportedVariant = {
    line,
    sku,
    options: isVariation
      ? (jsonOptions(cells.get(moreColumn), report, at) ?? optionsOf(attributesOf(cells), report, at))
      : undefined,
    price: price === '' ? undefined : priceOf(price, currency, report, at),
    weightGrams: weightIn(cells, report, at),
    image: isVariation && cells.has('images') ? imageOf(image, report, at) : undefined,
  }
  return report.entries.slice(before).some(({ severity }) => severity === 'error') ? undefined : variant
}

const wordsOfParent = (cells: Cells, report: Report): Omit<ImportedProduct, 'variants'> | undefined => {
  const { line } = cells
  const words = wordsOf(described(cells), { title: 'name', body: 'description', tags: 'tags' }, report)
  if (report.entries.some(({ severity }) => severity === 'error')) return undefined
  const images = listOf(cells.get('images')).map((address) => ({ line, address }))
  const slug = cells.get('slug')
  return {
    ...words,
    line,
    name: slug || cells.get('sku') || cells.get('name'),
    ...(slug === ''
      ? { slug: slugFrom(`${cells.get('name')} ${namesOfParent(cells)[0] ?? ''}`), bySku: true }
      : { slug: slugFrom(slug) }),
    category: categoryOf(listOf(cells.get('categories'))[0] ?? ''),
    images: cells.has('images') ? imagesOf(images, report) : undefined,
  }
}

/** A reading that may wait: a parent for its variations, or variations for a parent that stood earlier in the file. */
export type WooReading = Reading & {
  /** Variations may come later in the file: to be kept under these names until then. */
  keepAs?: string[]
  /** Variations whose parent was kept under this name. */
  parent?: string
  variations?: ImportedVariant[]
}

const isUnpublished = (cells: Cells): boolean => !['', '1', 'true'].includes(cells.get('published').toLowerCase())

/** @param rows one simple product; or a variable one, its variations, or both */
export const readWooCommerce = (rows: readonly [Cells, ...Cells[]], currency: string): WooReading => {
  const [first, ...others] = rows
  const { line } = first
  const kind = kindOf(first)
  const report = reportOf(first.get('slug') || (kind === 'variation' ? first.get('parent') : first.get('sku')))
  const { entries } = report
  if (kind === 'other') {
    report.error(line, 'UNSUPPORTED_TYPE', `Products of the type "${first.get('type').slice(0, 40)}" are not taken.`)
    return { entries }
  }
  if (kind !== 'variation' && isUnpublished(first)) {
    report.note(line, 'NOT_PUBLISHED', 'It is not on sale in the file; here it stays as it is.')
    return { entries }
  }
  if (kind === 'variation') {
    if (first.get('parent') === '') {
      report.error(line, 'MISSING_PARENT', 'A variation must name its parent.')
      return { entries }
    }
    const variants = rows.flatMap((cells) => variantOf(cells, currency, report) ?? [])
    return { variations: variants, parent: first.get('parent'), entries }
  }
  const words = wordsOfParent(first, report)
  if (!words) return { entries }
  const variants = (kind === 'simple' ? rows : others).flatMap((cells) => variantOf(cells, currency, report) ?? [])
  const product = { ...words, variants }
  if (kind === 'simple') return { product, entries }
  if (others.length === 0)
    report.note(
      line,
      'VARIATIONS_AWAITED',
      'It has no variations right after it; it is made when they come later in the file.',
    )
  return { product, entries, keepAs: namesOfParent(first) }
}
