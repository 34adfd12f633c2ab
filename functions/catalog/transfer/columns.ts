/** What reading and writing the formats must agree on. Pure. */
import type { Variant } from '../domain.ts'

export const shopifyOptions = [1, 2, 3] as const
export const wooAttributes = [1, 2, 3, 4, 5] as const

/** Columns of the shop's own, for options that those of a format cannot say. */
export const moreOptions = {
  shopify: 'More options (variant.metafields.shop.options)',
  woocommerce: 'Meta: shop_options',
} as const

/** The names of all options of a product's variants, in the order in which they come up. */
export const optionNames = (variants: readonly Variant[]): string[] => [
  ...new Set(variants.flatMap(({ options }) => Object.keys(options))),
]

/** Lists within a cell: commas part them, `\,` is a comma and `\\` a backslash of an item. */
export const listOf = (cell: string): string[] =>
  (cell.match(/(?:\\[\\,]|[^,])+/g) ?? [])
    .map((item) => item.replace(/\\([\\,])/g, '$1').trim())
    .filter((item) => item !== '')

export const listCell = (items: readonly string[]): string =>
  items.map((item) => item.replace(/[\\,]/g, '\\$&')).join(', ')
