/** The columns of Shopify's product CSV. Pure. */
import { moreOptions, shopifyOptions } from '../formats/columns.ts'

/** Names since 2025 -> names before. */
const olderNames = new Map([
  ['url handle', 'handle'],
  ['description', 'body (html)'],
  ['published on online store', 'published'],
  ['sku', 'variant sku'],
  ['barcode', 'variant barcode'],
  ['price', 'variant price'],
  ['compare-at price', 'variant compare at price'],
  ['weight value (grams)', 'variant grams'],
  ['inventory quantity', 'variant inventory qty'],
  ['continue selling when out of stock', 'variant inventory policy'],
  ['requires shipping', 'variant requires shipping'],
  ['charge tax', 'variant taxable'],
  ['product image url', 'image src'],
  ['variant image url', 'variant image'],
])

export const shopifyColumn = (name: string): string => olderNames.get(name) ?? name

export const shopifyColumns: readonly string[] = [
  ...['handle', 'title', 'body (html)', 'vendor', 'product category', 'type', 'tags', 'published', 'status'],
  ...shopifyOptions.flatMap((n) => [`option${n} name`, `option${n} value`]),
  ...['variant sku', 'variant barcode', 'variant grams', 'variant price', 'variant compare at price'],
  ...['variant requires shipping', 'variant taxable', 'variant inventory policy', 'variant inventory qty'],
  ...['image src', 'image position', 'image alt text', 'variant image', 'seo title', 'seo description'],
  moreOptions.shopify.toLowerCase(),
]
