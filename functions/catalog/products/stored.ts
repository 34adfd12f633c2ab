/** Keys and items of products, SKUs, slugs and categories, as table.ts describes them; read and written only through it. */
import * as z from 'zod/mini'
import { Money } from '../../../shared/contract/schema.ts'
import type { Item, Key } from '../../../shared/runtime/table.ts'
import type { Quoted } from '../../published/catalog.ts'
import type { Availability, Product, Shown, Variant } from './domain.ts'
import { isActive } from './domain.ts'
import { foldedSku, inOrder, optionNamesOf } from './variants.ts'

const StoredProduct = z.object({
  id: z.string(),
  slug: z.string(),
  formerSlugs: z.optional(z.array(z.string())),
  title: z.string(),
  description: z.string(),
  descriptionHtml: z.optional(z.string()),
  category: z.string(),
  moreCategories: z.optional(z.array(z.string())),
  tags: z.array(z.string()),
  images: z.array(z.string()),
  imageAlts: z.optional(z.array(z.string())),
  vendor: z.optional(z.string()),
  seo: z.optional(z.object({ title: z.optional(z.string()), description: z.optional(z.string()) })),
  optionNames: z.optional(z.array(z.string())),
  variants: z.array(
    z.object({
      sku: z.string(),
      options: z.record(z.string(), z.string()),
      price: Money,
      weightGrams: z.int(),
      image: z.optional(z.string()),
      compareAtPrice: z.optional(Money),
      barcode: z.optional(z.string()),
      offSale: z.optional(z.literal(true)),
    }),
  ),
  availability: z.record(z.string(), z.object({ available: z.int(), sequence: z.int() })),
  rating: z.optional(z.object({ count: z.int(), sum: z.int(), sequence: z.int() })),
  createdAt: z.string(),
  state: z.enum(['draft', 'active', 'archived']),
  version: z.int(),
  sequence: z.int(),
})

/** With the options of its variants in their order, which the table's maps do not keep. */
export const parseProduct = (item: unknown): Product => {
  const product = StoredProduct.parse(item)
  const names = optionNamesOf(product)
  return {
    ...product,
    variants: product.variants.map((variant) => ({ ...variant, options: inOrder(variant.options, names) })),
  }
}

/** Attributes that a product may lack: an update removes those that it has lost. */
export const optionalAttributes = [
  ...['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'outbox', 'outboxVersion'],
  ...['descriptionHtml', 'formerSlugs', 'imageAlts', 'vendor', 'seo', 'moreCategories'],
]

const StoredAvailability = z.object({ sku: z.string(), available: z.int(), sequence: z.int() })

export const parseAvailability = (item: unknown): Availability & { sku: string } => StoredAvailability.parse(item)

const StoredSku = z.object({
  sku: z.string(),
  productId: z.string(),
  title: z.string(),
  options: z.record(z.string(), z.string()),
  optionNames: z.array(z.string()),
  unitPrice: Money,
  weightGrams: z.int(),
  forSale: z.boolean(),
  /** Its product is archived, or has it no longer: another may take it. */
  released: z.optional(z.literal(true)),
})
export type StoredSku = z.infer<typeof StoredSku>

export const parseSku = (item: unknown): StoredSku => StoredSku.parse(item)

export const quotedOf = ({
  sku,
  productId,
  title,
  options,
  optionNames,
  unitPrice,
  weightGrams,
}: StoredSku): Quoted => ({
  sku,
  productId,
  title,
  options: inOrder(options, optionNames),
  unitPrice,
  weightGrams,
})

const StoredSlug = z.object({ productId: z.string(), released: z.optional(z.literal(true)) })

export const parseSlug = (item: unknown): z.infer<typeof StoredSlug> => StoredSlug.parse(item)

export const productKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'product' })
/** Begins as the product's own does, so that one query has both and nothing else. */
export const availabilityKeyOf = (productId: string, sku: string) => ({
  pk: `product#${productId}`,
  sk: `product#availability#${sku}`,
})
/** The product that an item of a product's is about. */
export const productIdIn = ({ pk }: Pick<Key, 'pk'>): string => pk.slice('product#'.length)
/** SKUs that differ in capitals only are one. */
export const skuKeyOf = (sku: string) => ({ pk: `sku#${foldedSku(sku)}`, sk: 'sku' })
export const slugKeyOf = (slug: string) => ({ pk: `slug#${slug}`, sk: 'slug' })

/** A product's place on the list of a category that is not its first: names the product and nothing else. */
export const placeOf = (product: Product, category: string) => ({
  pk: `product#${product.id}`,
  sk: `place#${category}`,
  productId: product.id,
  gsi2pk: `category#${category}`,
  gsi2sk: `${product.createdAt}#${product.id}`,
})

const StoredPlace = z.object({ productId: z.string(), sk: z.string().check(z.startsWith('place#')) })

/** @returns the product that an item of a category's list stands for, if it is only a place */
export const productAt = (item: Item): string | undefined => {
  const place = StoredPlace.safeParse(item)
  return place.success ? place.data.productId : undefined
}

/** The list in which a product stands: what shoppers browse, or what staff ask for by its state. */
export const listOf = (state: Product['state']): string => (state === 'active' ? 'products' : `products#${state}`)

export const indexKeysOf = (product: Product) => {
  const place = `${product.createdAt}#${product.id}`
  const list = { gsi3pk: listOf(product.state), gsi3sk: place }
  if (!isActive(product)) return list
  return {
    gsi1pk: `slug#${product.slug}`,
    gsi1sk: 'product',
    gsi2pk: `category#${product.category}`,
    gsi2sk: place,
    ...list,
  }
}

export const skuItemOf = (product: Product, variant: Variant) => ({
  ...skuKeyOf(variant.sku),
  sku: variant.sku,
  productId: product.id,
  title: product.title,
  options: variant.options,
  optionNames: optionNamesOf(product),
  unitPrice: variant.price,
  weightGrams: variant.weightGrams,
  forSale: isActive(product) && !variant.offSale,
  ...(product.state === 'archived' ? { released: true as const } : {}),
})

/** The product among its items, with what can be bought; undefined where there is none. */
export const shownIn = (items: readonly Item[]): Shown | undefined => {
  const item = items.find(({ sk }) => sk === 'product')
  if (!item) return undefined
  const product = parseProduct(item)
  // What the product itself says is of before its SKUs had items of their own, which a SKU has from its next news on.
  const levels = [
    ...Object.entries(product.availability).map(([sku, { available }]) => ({ sku, available })),
    ...items.filter(({ sk }) => sk !== 'product').map(parseAvailability),
  ]
  return { product, available: Object.fromEntries(levels.map(({ sku, available }) => [sku, available])) }
}
