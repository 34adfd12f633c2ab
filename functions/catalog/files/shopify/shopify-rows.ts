/** Products as rows of Shopify's product CSV, which shopify.ts reads. Pure. */

import { decimalOf } from '../../../../shared/domain/money.ts'
import { ownProperty } from '../../../../shared/domain/own-property.ts'
import { escapeText } from '../../products/descriptions/plain-text.ts'
import type { Product, Variant } from '../../products/domain.ts'
import { optionNamesOf } from '../../products/variants.ts'
import { textCell } from '../formats/cells.ts'
import { categoryCell, listCell, moreOptions, shopifyOptions } from '../formats/columns.ts'

export const shopifyHeader: readonly string[] = [
  ...['Handle', 'Title', 'Body (HTML)', 'Vendor', 'Type', 'Tags', 'Published'],
  ...shopifyOptions.flatMap((n) => [`Option${n} Name`, `Option${n} Value`]),
  ...['Variant SKU', 'Variant Grams', 'Variant Price', 'Variant Compare At Price', 'Variant Barcode'],
  ...['Image Src', 'Image Position', 'Image Alt Text', 'SEO Title', 'SEO Description', 'Variant Image', 'Status'],
  moreOptions.shopify,
]

/** Whether the option columns give the options back. */
const fitsColumns = (names: readonly string[], variants: readonly Variant[]): boolean =>
  names.length <= shopifyOptions.length &&
  !variants.some(({ options }) =>
    Object.entries(options).some(([name, value]) => name === 'Title' && value === 'Default Title'),
  )

const wordsOf = (product: Product): string[] => [
  textCell(product.title),
  product.descriptionHtml ?? escapeText(product.description),
  textCell(product.vendor ?? ''),
  categoryCell(product.category),
  listCell(product.tags.map(textCell)),
  'TRUE',
]

const pricesOf = (variant: Variant | undefined): string[] =>
  variant
    ? [
        variant.sku,
        String(variant.weightGrams),
        decimalOf(variant.price),
        variant.compareAtPrice ? decimalOf(variant.compareAtPrice) : '',
        variant.barcode ?? '',
      ]
    : ['', '', '', '', '']

/** The rows of one product, after `shopifyHeader`. */
export const shopifyRows = (product: Product): string[][] => {
  const names = optionNamesOf(product)
  const plain = fitsColumns(names, product.variants)
  const shown = names.length === 0 ? ['Title'] : plain ? names : []
  const rows = Math.max(product.variants.length, product.images.length)
  return Array.from({ length: rows }, (_, index) => {
    const variant = product.variants[index]
    const image = product.images[index]
    const shownValue = (name: string) =>
      names.length === 0 ? 'Default Title' : textCell(ownProperty(variant?.options ?? {}, name) ?? '')
    return [
      product.slug,
      ...(index === 0 ? wordsOf(product) : ['', '', '', '', '', '']),
      ...shopifyOptions.flatMap((n) => {
        const name = shown[n - 1]
        return name === undefined ? ['', ''] : [index === 0 ? textCell(name) : '', variant ? shownValue(name) : '']
      }),
      ...pricesOf(variant),
      ...(image === undefined ? ['', '', ''] : [image, String(index + 1), textCell(product.imageAlts?.[index] ?? '')]),
      ...(index === 0 ? [textCell(product.seo?.title ?? ''), textCell(product.seo?.description ?? '')] : ['', '']),
      variant?.image ?? '',
      index === 0 ? product.state : '',
      variant && !plain ? JSON.stringify(variant.options) : '',
    ]
  })
}
