/** Products as rows of WooCommerce's product CSV, which woocommerce.ts reads. Pure. */

import { decimalOf } from '../../../../shared/domain/money.ts'
import { ownProperty } from '../../../../shared/domain/own-property.ts'
import { escapeText } from '../../products/descriptions/plain-text.ts'
import type { Product, Variant } from '../../products/domain.ts'
import { optionNamesOf } from '../../products/variants.ts'
import { textCell } from '../formats/cells.ts'
import { categoryCell, listCell, moreOptions, valueCell, wooAttributes } from '../formats/columns.ts'

/** A backslash before an n is doubled, since `\n` is a line break. */
const withoutBreaks = (text: string): string => text.replace(/\\+n/g, (found) => `\\${found}`)

export const wooHeader: readonly string[] = [
  ...['Type', 'SKU', 'GTIN, UPC, EAN, or ISBN', 'Name', 'Slug', 'Published', 'Description', 'Sale price'],
  ...['Regular price', 'Weight (kg)', 'Categories', 'Tags', 'Images', 'Parent', 'Brands'],
  ...wooAttributes.flatMap((n) => [`Attribute ${n} name`, `Attribute ${n} value(s)`]),
  moreOptions.woocommerce,
]

const kilograms = (grams: number): string => {
  const text = String(grams).padStart(4, '0')
  return `${text.slice(0, -3)}.${text.slice(-3)}`
}

/** What it cost before is the regular price there, and its price now the lower one. */
const pricesOf = ({ price, compareAtPrice, weightGrams }: Variant): string[] => [
  ...(compareAtPrice && compareAtPrice.amount > price.amount
    ? [decimalOf(price), decimalOf(compareAtPrice)]
    : ['', decimalOf(price)]),
  kilograms(weightGrams),
]

/** The rows of one product, after `wooHeader`. */
export const wooRows = (product: Product): string[][] => {
  const [only] = product.variants
  const isSimple = product.variants.length === 1 && !only?.image && Object.keys(only?.options ?? {}).length === 0
  const names = optionNamesOf(product)
  const plain = names.length <= wooAttributes.length
  const attributes = (shownValue: (name: string) => string) =>
    wooAttributes.flatMap((n) => {
      const name = plain ? names[n - 1] : undefined
      return name === undefined ? ['', ''] : [textCell(name), shownValue(name)]
    })
  const words = [
    textCell(product.title),
    product.slug,
    '1',
    withoutBreaks(product.descriptionHtml ?? escapeText(product.description)),
  ]
  const places = [
    listCell([product.category, ...(product.moreCategories ?? [])].map(categoryCell)),
    listCell(product.tags.map(textCell)),
    listCell(product.images),
  ]
  const vendor = textCell(product.vendor ?? '')
  if (isSimple && only)
    return [
      [
        ...['simple', only.sku, only.barcode ?? '', ...words, ...pricesOf(only), ...places, '', vendor],
        ...attributes(() => ''),
        '',
      ],
    ]
  const allOf = (name: string) =>
    listCell([...new Set(product.variants.flatMap(({ options }) => textCell(ownProperty(options, name) ?? '') || []))])
  return [
    ['variable', product.slug, '', ...words, '', '', '', ...places, '', vendor, ...attributes(allOf), ''],
    ...product.variants.map((variant) => [
      ...['variation', variant.sku, variant.barcode ?? '', textCell(product.title), '', '1', ''],
      ...pricesOf(variant),
      ...['', '', listCell(variant.image ? [variant.image] : []), product.slug, ''],
      ...attributes((name) => valueCell(textCell(ownProperty(variant.options, name) ?? ''))),
      plain ? '' : JSON.stringify(variant.options),
    ]),
  ]
}
