/**
 * WooCommerce's product CSV (https://woocommerce.com/document/product-csv-importer-exporter/): a simple product is a row; a
 * variable one is a row without a price, and a row for each variation, which names it as its parent: right after it, or
 * anywhere later in the file. Pure.
 */

import { fingerprint, slugFrom, slugOf } from '../../products/slug.ts'
import { barcodeOf, compareAtOf, handleOf, optionsOf, priceOf, skuOf, unitsOf, weightOf } from '../formats/cells.ts'
import { cellValue, listOf, moreOptions } from '../formats/columns.ts'
import {
  type At,
  type Cells,
  hasErrors,
  type ImportedProduct,
  type ImportedVariant,
  type Reading,
  type Report,
  reportOf,
} from '../formats/imported.ts'
import { jsonOptions } from '../formats/options.ts'
import { categoriesOf, imageOf, imagesOf, pathOf, wordsOf } from '../formats/product-cells.ts'
import { weightColumns } from './woocommerce-columns.ts'

const moreColumn = moreOptions.woocommerce.toLowerCase()

type Kind = 'simple' | 'variable' | 'variation' | 'other'

const typesOf = (cells: Cells): string[] =>
  cells
    .get('type')
    .toLowerCase()
    .split(',')
    .map((type) => type.trim())

/** `simple, virtual` is simple. */
const kindOf = (cells: Cells): Kind => {
  const [type] = typesOf(cells)
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

const hasMarks = (text: string): boolean => /<[a-z]/i.test(text)

/** The shop has one description: the short one, and below it the long one. */
const described = (cells: Cells): Cells => ({
  ...cells,
  has: (column) => cells.has(column) || (column === 'description' && cells.has('short description')),
  get: (column) => {
    if (column !== 'description') return cells.get(column)
    const texts = [cells.get('short description'), cells.get('description')].map(withBreaks)
    const [short = '', long = ''] = texts
    if (short === '' || long === '') return short || long
    if (!texts.some(hasMarks)) return `${short}\n\n${long}`
    return texts.map((text) => (hasMarks(text) ? text : `<p>${text}</p>`)).join('\n')
  },
})

const weightIn = (cells: Cells, report: Report, at: At): number | undefined => {
  const found = weightColumns.find(({ column }) => cells.get(column) !== '')
  return found && weightOf(cells.get(found.column), found.unit, report, at)
}

/** As many as the file has columns for. */
const attributesOf = (cells: Cells): [string, string][] => {
  const attributes: [string, string][] = []
  for (let n = 1; cells.has(`attribute ${n} name`); n += 1)
    attributes.push([cells.get(`attribute ${n} name`), cellValue(cells.get(`attribute ${n} value(s)`))])
  return attributes
}

/** A price that is lower for now is the price, and the regular one what it is compared with; not while dates bound it. */
const pricesOf = (
  cells: Cells,
  currency: string,
  report: Report,
  at: At,
): Pick<ImportedVariant, 'price' | 'compareAtPrice'> => {
  const [regular, sale] = [cells.get('regular price'), cells.get('sale price')]
  const price = regular === '' ? undefined : priceOf(regular, currency, report, at)
  const none = cells.has('sale price') ? { compareAtPrice: null } : {}
  if (sale === '' || !price) return { price, ...none }
  if (cells.get('date sale price starts') !== '' || cells.get('date sale price ends') !== '') {
    report.note(
      at.line,
      'SALE_LEFT_OUT',
      'The lower price holds between dates in the file; here it is not taken.',
      at.sku,
    )
    return { price, ...none }
  }
  const lower = compareAtOf(sale, currency, report, at)
  return lower && lower.amount < price.amount ? { price: lower, compareAtPrice: price } : { price, ...none }
}

/** What the shop does with every product, and this file would not. */
const noteDifferences = (cells: Cells, report: Report, { line, sku }: At): void => {
  const types = typesOf(cells)
  if (types.includes('virtual') || types.includes('downloadable'))
    report.note(line, 'IS_SHIPPED', 'The file says that it is not shipped; here it is, as all products.', sku)
  if (cells.get('tax status').toLowerCase() === 'none')
    report.note(line, 'IS_TAXED', 'The file says that it is not taxed; here it is, as all products.', sku)
  if (['1', 'yes', 'notify'].includes(cells.get('backorders allowed?').toLowerCase()))
    report.note(line, 'SOLD_FROM_STOCK', 'The file sells it without stock; here only what is there is sold.', sku)
}

/** Undefined where a variation has nothing that tells it apart: its SKU alone says which it is. */
const optionsIn = (cells: Cells, report: Report, at: At): Record<string, string> | undefined => {
  const more = jsonOptions(cells.get(moreColumn), report, at)
  if (more) return more
  const options = optionsOf(attributesOf(cells), report, at)
  return options && Object.keys(options).length > 0 ? options : undefined
}

/** A simple product's attributes describe it and choose nothing. */
const variantOf = (cells: Cells, currency: string, report: Report): ImportedVariant | undefined => {
  const { line } = cells
  const isVariation = kindOf(cells) === 'variation'
  const before = report.entries.length
  const sku = skuOf(cells.get('sku'), report, line)
  if (sku === 'refused') return undefined
  const at = { line, sku }
  const image = listOf(cells.get('images'))[0] ?? ''
  noteDifferences(cells, report, at)
  const isWeightless = typesOf(cells).includes('virtual')
  const variant: ImportedVariant = {
    line,
    sku,
    options: isVariation ? optionsIn(cells, report, at) : undefined,
    ...pricesOf(cells, currency, report, at),
    weightGrams: weightIn(cells, report, at) ?? (isWeightless ? 0 : undefined),
    image: isVariation && cells.has('images') ? imageOf(image, report, at) : undefined,
    barcode: cells.has('gtin, upc, ean, or isbn')
      ? barcodeOf(cells.get('gtin, upc, ean, or isbn'), report, at)
      : undefined,
    units: unitsOf(cells.get('stock'), report, at),
  }
  return hasErrors(report, before) ? undefined : variant
}

/** `1` is published, `0` and `-1` are private and a draft; hidden ones are found by nobody. */
const stateOf = (cells: Cells, report: Report): ImportedProduct['state'] => {
  const published = cells.get('published').toLowerCase()
  if (!['', '1', 'true'].includes(published)) return 'draft'
  if (cells.get('visibility in catalog').toLowerCase() === 'hidden') {
    report.note(cells.line, 'HIDDEN', 'It is hidden in the file; here it is a draft, which shoppers do not see at all.')
    return 'draft'
  }
  return published === '' ? undefined : 'active'
}

/** Where a file names no slug: of the name, and of the SKU or number that tells it from others. */
const slugOfNames = (cells: Cells): string => {
  const key = namesOfParent(cells)[0] ?? ''
  const own = /^id:\d+$/.test(key) ? key.replace(':', '-') : slugFrom(key)
  const slug = [slugOf(cells.get('name')), ...(key === '' ? [] : [own])].filter((part) => part !== '').join('-')
  if (slug === '') return `p-${fingerprint(cells.get('name'))}`
  return slug.length <= 100 ? slug : `${slug.slice(0, 80)}-${fingerprint(slug)}`
}

const wordsOfParent = (cells: Cells, report: Report): Omit<ImportedProduct, 'variants'> | undefined => {
  const { line } = cells
  const columns = { title: 'name', body: 'description', tags: 'tags', vendor: 'brands' }
  const words = wordsOf(described(cells), columns, report)
  const state = stateOf(cells, report)
  const weightGrams = kindOf(cells) === 'variable' ? weightIn(cells, report, { line }) : undefined
  if (hasErrors(report)) return undefined
  const images = listOf(cells.get('images')).map((address) => ({ line, address }))
  const slug = cells.get('slug')
  return {
    ...words,
    line,
    name: slug || cells.get('sku') || cells.get('name'),
    ...(slug === '' ? { slug: slugOfNames(cells), bySku: true } : { slug: handleOf(slug, report, line) }),
    state,
    weightGrams,
    categories: categoriesOf(listOf(cells.get('categories')).map(pathOf)),
    ...(cells.has('images') ? { images: imagesOf(images, report).images } : {}),
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

const readVariations = (rows: readonly [Cells, ...Cells[]], currency: string, report: Report): WooReading => {
  const [first] = rows
  const { entries } = report
  if (first.get('parent') === '') {
    report.error(first.line, 'MISSING_PARENT', 'A variation must name its parent.')
    return { entries }
  }
  const onSale = rows.filter((cells) => stateOf(cells, report) !== 'draft')
  for (const { line } of rows.filter((cells) => !onSale.includes(cells)))
    report.note(line, 'NOT_PUBLISHED', 'This variation is not on sale in the file; here it stays as it is.')
  const variations = onSale.flatMap((cells) => variantOf(cells, currency, report) ?? [])
  return { variations, parent: first.get('parent'), entries }
}

/** @param rows one simple product; or a variable one, its variations, or both */
export const readWooCommerce = (rows: readonly [Cells, ...Cells[]], currency: string): WooReading => {
  const [first, ...others] = rows
  const [next, ...more] = others
  const { line } = first
  const kind = kindOf(first)
  const report = reportOf(first.get('slug') || (kind === 'variation' ? first.get('parent') : first.get('sku')))
  const { entries } = report
  if (kind === 'other') {
    report.error(line, 'UNSUPPORTED_TYPE', `Products of the type "${first.get('type').slice(0, 40)}" are not taken.`)
    return { entries }
  }
  if (kind === 'variation') return readVariations(rows, currency, report)
  const words = wordsOfParent(first, report)
  if (!words) return { entries }
  if (kind === 'simple') {
    const variant = variantOf(first, currency, report)
    return { product: { ...words, variants: variant ? [variant] : [] }, entries }
  }
  const { variations = [] } = next ? readVariations([next, ...more], currency, report) : {}
  if (!next)
    report.note(
      line,
      'VARIATIONS_AWAITED',
      'It has no variations right after it; it is made when they come later in the file.',
    )
  return { product: { ...words, variants: variations }, entries, keepAs: namesOfParent(first) }
}
