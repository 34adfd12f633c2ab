/** Products as rows of WooCommerce's product CSV, which woocommerce.ts reads. Pure. */
import { decimalOf } from '../../../shared/domain/money.ts'
import type { Product, Variant } from '../domain.ts'
import { escapeText } from '../plain-text.ts'
import { listCell, moreOptions, optionNames, wooAttributes } from './columns.ts'

/** A backslash before an n is doubled, since `\n` is a line break. */
const withoutBreaks = (text: string): string => text.replace(/\\+n/g, (found) => `\\${found}`)

export const wooHeader: readonly string[] = [
  ...['Type', 'SKU', 'Name', 'Slug', 'Published', 'Description', 'Regular price', 'Weight (kg)'],
  ...['Categories', 'Tags', 'Images', 'Parent'],
  ...wooAttributes.flatMap((n) => [`Attribute ${n} name`, `Attribute ${n} value(s)`]),
  moreOptions.woocommerce,
]

const kilograms = (grams: number): string => {
  const text = String(grams).padStart(4, '0')
  return `${text.slice(0, -3)}.${text.slice(-3)}`
}

/** The rows of one product, after `wooHeader`. */
export const wooRows = (product: Product): string[][] => {
  const [only] = product.variants
  const isSimple = product.variants.length === 1 && !only?.image && Object.keys(only?.options ?? {}).length === 0
  const names = optionNames(product.variants)
  const plain = names.length <= wooAttributes.length
  const attributes = (shownValue: (name: string) => string) =>
    wooAttributes.flatMap((n) => {
      const name = plain ? names[n - 1] : undefined
      return name === undefined ? ['', ''] : [name, shownValue(name)]
    })
  const priced = (variant: Variant | undefined) =>
    variant ? [decimalOf(variant.price), kilograms(variant.weightGrams)] : ['', '']
  const words = [
    product.title,
    product.slug,
    '1',
    withoutBreaks(product.descriptionHtml ?? escapeText(product.description)),
  ]
  const places = [product.category, listCell(product.tags), listCell(product.images)]
  if (isSimple)
    return [['simple', only?.sku ?? '', ...words, ...priced(only), ...places, '', ...attributes(() => ''), '']]
  const allOf = (name: string) => listCell([...new Set(product.variants.flatMap(({ options }) => options[name] ?? []))])
  return [
    ['variable', product.slug, ...words, '', '', ...places, '', ...attributes(allOf), ''],
    ...product.variants.map((variant) => [
      ...['variation', variant.sku, product.title, '', '1', '', ...priced(variant), '', ''],
      ...[listCell(variant.image ? [variant.image] : []), product.slug],
      ...attributes((name) => variant.options[name] ?? ''),
      plain ? '' : JSON.stringify(variant.options),
    ]),
  ]
}
