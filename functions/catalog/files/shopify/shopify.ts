/**
 * Shopify's product CSV (https://help.shopify.com/en/manual/products/import-export/using-csv), in its older and newer names
 * of columns: rows with the same handle are one product, wherever they stand; the first says what it is, each may bring a
 * variant and an image. Pure.
 */
import {
  barcodeOf,
  compareAtOf,
  handleOf,
  optionsOf,
  priceOf,
  skuOf,
  unitsOf,
  valueFitting,
  weightOf,
} from '../formats/cells.ts'
import { moreOptions, shopifyOptions } from '../formats/columns.ts'
import {
  type Cells,
  hasErrors,
  type ImportedProduct,
  type ImportedVariant,
  type Reading,
  type Report,
  reportOf,
} from '../formats/imported.ts'
import { jsonOptions } from '../formats/options.ts'
import { categoriesOf, type GivenImage, imageOf, imagesOf, pathOf, seoOf, wordsOf } from '../formats/product-cells.ts'

const moreColumn = moreOptions.shopify.toLowerCase()

/** Shopify does not mind a handle's capitals. */
export const shopifyKey = (cells: Cells): string => cells.get('handle').normalize('NFC').toLowerCase()

export const isSameShopifyProduct = (first: Cells, next: Cells): boolean =>
  shopifyKey(next) !== '' && shopifyKey(next) === shopifyKey(first)

const bringsVariant = (cells: Cells): boolean =>
  ['option1 value', 'variant sku', 'variant price'].some((column) => cells.get(column) !== '')

/** An empty cell says nothing. */
const saying = (cells: Cells): Cells => ({ ...cells, has: (column) => cells.has(column) && cells.get(column) !== '' })

const valuesOf = (cells: Cells): string[] => shopifyOptions.map((n) => cells.get(`option${n} value`))

/** A product without options has the option `Title` with the value `Default Title`. */
const optionPairs = (names: readonly string[], cells: Cells): [string, string][] =>
  valuesOf(cells)
    .map((value, index): [string, string] => [names[index] ?? '', value])
    .filter(([name, value]) => name !== 'Title' || value !== 'Default Title')

type Context = { names: readonly string[]; hasNames: boolean; currency: string; report: Report }

const optionsIn = (cells: Cells, { names, hasNames, report }: Context, sku: string | undefined) => {
  const at = { line: cells.line, sku }
  const more = jsonOptions(cells.get(moreColumn), report, at)
  if (more) return { options: more }
  if (!cells.has('option1 value')) return {}
  if (hasNames) return { options: optionsOf(optionPairs(names, cells), report, at) }
  const values = valuesOf(cells).map((value) => valueFitting(value, report, at))
  const last = values.findLastIndex((value) => value !== '')
  return last < 0 ? {} : { values: values.slice(0, last + 1) }
}

const variantOf = (cells: Cells, context: Context): ImportedVariant | undefined => {
  const { currency, report } = context
  const { line } = cells
  const errors = report.entries.length
  const sku = skuOf(cells.get('variant sku'), report, line)
  if (sku === 'refused') return undefined
  const at = { line, sku }
  const price = cells.get('variant price')
  const compareAt = cells.get('variant compare at price')
  const variant: ImportedVariant = {
    line,
    sku,
    ...optionsIn(cells, context, sku),
    price: price === '' ? undefined : priceOf(price, currency, report, at),
    compareAtPrice: cells.has('variant compare at price') ? compareAtOf(compareAt, currency, report, at) : undefined,
    weightGrams: weightOf(cells.get('variant grams'), 'g', report, at),
    image: cells.has('variant image') ? imageOf(cells.get('variant image'), report, at) : undefined,
    barcode: cells.has('variant barcode') ? barcodeOf(cells.get('variant barcode'), report, at) : undefined,
    units: unitsOf(cells.get('variant inventory qty'), report, at),
  }
  return hasErrors(report, errors) ? undefined : variant
}

const imagesIn = (rows: readonly Cells[]): GivenImage[] =>
  rows
    .map((cells, index) => ({
      line: cells.line,
      address: cells.get('image src'),
      alt: cells.get('image alt text'),
      position: Number(cells.get('image position')) || index + 1,
    }))
    .filter(({ address }) => address !== '')
    .toSorted((a, b) => a.position - b.position)

const isNo = (cell: string): boolean => ['false', '0', 'no'].includes(cell.toLowerCase())

/** What the shop does with every product, and this file would not: said once for a product. */
const noteDifferences = (rows: readonly Cells[], report: Report): void => {
  const first = (column: string, differs: (cell: string) => boolean) => rows.find((cells) => differs(cells.get(column)))
  const unsent = first('variant requires shipping', isNo)
  const untaxed = first('variant taxable', isNo)
  const endless = first('variant inventory policy', (cell) => ['continue', 'true'].includes(cell.toLowerCase()))
  if (unsent)
    report.note(unsent.line, 'IS_SHIPPED', 'The file says that it is not shipped; here it is, as all products.')
  if (untaxed) report.note(untaxed.line, 'IS_TAXED', 'The file says that it is not taxed; here it is, as all products.')
  if (endless)
    report.note(endless.line, 'SOLD_FROM_STOCK', 'The file sells it without stock; here only what is there is sold.')
}

/** Status goes before the older column; what the file says nothing of stays as it is. */
const stateOf = (first: Cells): ImportedProduct['state'] | 'archived' => {
  const status = first.get('status').toLowerCase()
  if (status === 'archived') return 'archived'
  if (status === 'draft' || status === 'unlisted' || isNo(first.get('published'))) return 'draft'
  return status === '' && first.get('published') === '' ? undefined : 'active'
}

/** @param rows all of one handle @param currency of the shop, which the prices are in */
export const readShopify = (rows: readonly [Cells, ...Cells[]], currency: string): Reading => {
  const [top] = rows
  const titled = rows.find((cells) => cells.get('title') !== '')
  // Rows without a title go on with a product that an earlier row has begun.
  const more = titled === undefined && top.has('title')
  const first = more ? saying(top) : (titled ?? top)
  const { line } = top
  const handle = first.get('handle')
  const report = reportOf(handle)
  const { entries } = report
  if (handle === '') {
    report.error(line, 'MISSING_HANDLE', 'A row without a handle belongs to no product.')
    return { entries }
  }
  const state = stateOf(first)
  if (state === 'archived') {
    report.note(line, 'NOT_PUBLISHED', 'It is archived in the file; here it stays as it is.')
    return { entries }
  }
  const words = wordsOf(first, { title: 'title', body: 'body (html)', tags: 'tags', vendor: 'vendor' }, report)
  const slug = handleOf(handle, report, line)
  if (hasErrors(report)) return { entries }
  noteDifferences(rows, report)
  // The names stand in the product's first row, wherever that is among these.
  const named = rows.find((cells) => cells.get('option1 name') !== '')
  const names = shopifyOptions.map((n) => named?.get(`option${n} name`) ?? '')
  const context = { names, hasNames: named !== undefined || !more, currency, report }
  const images = imagesIn(rows)
  const product: ImportedProduct = {
    ...words,
    line,
    name: handle,
    slug,
    state,
    ...(more ? { continues: true } : {}),
    categories: categoriesOf([pathOf(first.get('type') || first.get('product category'))]),
    firstCategoryOnly: true,
    seo: seoOf(first, report),
    ...(top.has('image src') && (!more || images.length > 0) ? imagesOf(images, report) : {}),
    variants: rows
      .filter((cells, index) => (index === 0 && !more) || bringsVariant(cells))
      .flatMap((cells) => variantOf(cells, context) ?? []),
  }
  return { product, entries }
}
