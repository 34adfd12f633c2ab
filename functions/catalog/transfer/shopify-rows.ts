/** Products as rows of Shopify's product CSV, which shopify.ts reads. Pure. */
import { decimalOf } from '../../../shared/domain/money.ts'
import type { Product, Variant } from '../domain.ts'
import { escapeText } from '../plain-text.ts'
import { listCell, moreOptions, optionNames, shopifyOptions } from './columns.ts'

export const shopifyHeader: readonly string[] = [
  ...['Handle', 'Title', 'Body (HTML)', 'Type', 'Tags', 'Published'],
  ...shopifyOptions.flatMap((n) => [`Option${n} Name`, `Option${n} Value`]),
  ...['Variant SKU', 'Variant Grams', 'Variant Price', 'Image Src', 'Image Position', 'Variant Image', 'Status'],
  moreOptions.shopify,
]

/** Whether the option columns give the options back. */
const fitsColumns = (names: readonly string[], variants: readonly Variant[]): boolean =>
  names.length <= shopifyOptions.length &&
  !variants.some(({ options }) =>
    Object.entries(options).some(([name, value]) => name === 'Title' && value === 'Default Title'),
  )

/** The rows of one product, after `shopifyHeader`. */
export const shopifyRows = (product: Product): string[][] => {
  const names = optionNames(product.variants)
  const plain = fitsColumns(names, product.variants)
  const shown = names.length === 0 ? ['Title'] : plain ? names : []
  const rows = Math.max(product.variants.length, product.images.length)
  return Array.from({ length: rows }, (_, index) => {
    const variant = product.variants[index]
    const image = product.images[index]
    const shownValue = (name: string) => (names.length === 0 ? 'Default Title' : (variant?.options[name] ?? ''))
    return [
      product.slug,
      ...(index === 0
        ? [
            product.title,
            product.descriptionHtml ?? escapeText(product.description),
            product.category,
            listCell(product.tags),
            'TRUE',
          ]
        : ['', '', '', '', '']),
      ...shopifyOptions.flatMap((n) => {
        const name = shown[n - 1]
        return name === undefined ? ['', ''] : [index === 0 ? name : '', variant ? shownValue(name) : '']
      }),
      ...(variant ? [variant.sku, String(variant.weightGrams), decimalOf(variant.price)] : ['', '', '']),
      ...(image === undefined ? ['', ''] : [image, String(index + 1)]),
      variant?.image ?? '',
      index === 0 ? 'active' : '',
      variant && !plain ? JSON.stringify(variant.options) : '',
    ]
  })
}
