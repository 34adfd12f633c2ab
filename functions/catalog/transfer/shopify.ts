/**
 * Shopify's product CSV (https://help.shopify.com/en/manual/products/import-export/using-csv), in its older and newer names
 * of columns: rows with the same handle are one product; the first says what it is, each may bring a variant and an image.
 */
import { categoryOf, imageOf, imagesOf, optionsOf, priceOf, skuOf, weightOf, wordsOf } from './cells.ts'
import { moreOptions, shopifyOptions } from './columns.ts'
import { type Cells, type ImportedVariant, type Reading, type Report, reportOf, slugFrom } from './imported.ts'
import { jsonOptions } from './options.ts'

const moreColumn = moreOptions.shopify.toLowerCase()

/** Names since 2025 -> names before. */
const olderNames: Readonly<Record<string, string>> = {
  'url handle': 'handle',
  description: 'body (html)',
  'published on online store': 'published',
  sku: 'variant sku',
  price: 'variant price',
  'weight value (grams)': 'variant grams',
  'product image url': 'image src',
  'variant image url': 'variant image',
}

export const shopifyColumn = (name: string): string => olderNames[name] ?? name

export const shopifyColumns = [
  ...['handle', 'title', 'body (html)', 'product category', 'type', 'tags', 'published', 'status'],
  ...shopifyOptions.flatMap((n) => [`option${n} name`, `option${n} value`]),
  ...['variant sku', 'variant grams', 'variant price', 'image src', 'image position', 'variant image'],
  moreColumn,
]

const handleOf = (cells: Cells): string => cells.get('handle')

export const isSameShopifyProduct = (first: Cells, next: Cells): boolean =>
  handleOf(next) !== '' && handleOf(next) === handleOf(first)

const bringsVariant = (cells: Cells): boolean =>
  ['option1 value', 'variant sku', 'variant price'].some((column) => cells.get(column) !== '')

/** A product without options has the option `Title` with the value `Default Title`. */
const optionPairs = (first: Cells, cells: Cells): [string, string][] => {
  const pairs = shopifyOptions.map((n): [string, string] => [
    first.get(`option${n} name`),
    cells.get(`option${n} value`),
  ])
  return pairs.filter(([name, value]) => name !== 'Title' || value !== 'Default Title')
}

const variantOf = (first: Cells, cells: Cells, currency: string, report: Report): ImportedVariant | undefined => {
  const { line } = cells
  const errors = report.entries.length
  const sku = skuOf(cells.get('variant sku'), report, line)
  if (sku === 'refused') return undefined
  const at = { line, sku }
  const price = cells.get('variant price')
  const more = jsonOptions(cells.get(moreColumn), report, at)
  const variant: ImportedVariant = {
    line,
    sku,
    options: first.has('option1 name') ? (more ?? optionsOf(optionPairs(first, cells), report, at)) : more,
    price: price === '' ? undefined : priceOf(price, currency, report, at),
    weightGrams: weightOf(cells.get('variant grams'), 'g', report, at),
    image: cells.has('variant image') ? imageOf(cells.get('variant image'), report, at) : undefined,
  }
  return report.entries.slice(errors).some(({ severity }) => severity === 'error') ? undefined : variant
}

const imagesIn = (rows: readonly Cells[]): { line: number; address: string }[] =>
  rows
    .map((cells, index) => ({
      line: cells.line,
      address: cells.get('image src'),
      position: Number(cells.get('image position')) || index + 1,
    }))
    .filter(({ address }) => address !== '')
    .toSorted((a, b) => a.position - b.position)

const isUnpublished = (first: Cells): boolean =>
  ['draft', 'archived', 'unlisted'].includes(first.get('status').toLowerCase()) ||
  first.get('published').toLowerCase() === 'false'

/** @param rows all of one handle @param currency of the shop, which the prices are in */
export const readShopify = (rows: readonly [Cells, ...Cells[]], currency: string): Reading => {
  const [first] = rows
  const { line } = first
  const handle = handleOf(first)
  const report = reportOf(handle)
  const { entries } = report
  if (handle === '') {
    report.error(line, 'MISSING_HANDLE', 'A row without a handle belongs to no product.')
    return { entries }
  }
  if (isUnpublished(first)) {
    report.note(line, 'NOT_PUBLISHED', 'It is not on sale in the file; here it stays as it is.')
    return { entries }
  }
  const words = wordsOf(first, { title: 'title', body: 'body (html)', tags: 'tags' }, report)
  if (entries.some(({ severity }) => severity === 'error')) return { entries }
  const product = {
    ...words,
    line,
    name: handle,
    slug: slugFrom(handle),
    category: categoryOf(first.get('type')) ?? categoryOf(first.get('product category')),
    images: first.has('image src') ? imagesOf(imagesIn(rows), report) : undefined,
    variants: rows
      .filter((cells, index) => index === 0 || bringsVariant(cells))
      .flatMap((cells) => variantOf(first, cells, currency, report) ?? []),
  }
  return { product, entries }
}
