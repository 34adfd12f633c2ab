/** Products as the API shows them. */
import type * as z from 'zod/mini'
import { ownProperty } from '../../../shared/domain/own-property.ts'
import type { Product as ProductSchema, ProductSummary } from '../contract.ts'
import { isInStock, type Product, priceFromOf, type Shown } from './domain.ts'
import { optionNamesOf } from './variants.ts'

const ratingOf = ({ rating }: Product) =>
  rating && rating.count > 0
    ? { average: Math.round((rating.sum * 100) / rating.count) / 100, count: rating.count }
    : undefined

export const summaryOf = (product: Product): z.input<typeof ProductSummary> => ({
  id: product.id,
  slug: product.slug,
  title: product.title,
  description: product.description,
  category: product.category,
  moreCategories: [...(product.moreCategories ?? [])],
  tags: [...product.tags],
  images: [...product.images],
  imageAlts: product.images.map((_, index) => product.imageAlts?.[index] ?? ''),
  vendor: product.vendor,
  state: product.state,
  priceFrom: priceFromOf(product),
  inStock: isInStock(product),
  rating: ratingOf(product),
  version: product.version,
})

/** @param audience staff also see variants that are off sale */
export const viewOf = (
  { product, available }: Shown,
  audience: 'staff' | 'shoppers',
): z.input<typeof ProductSchema> => {
  const variants = product.variants
    .filter(({ offSale }) => audience === 'staff' || !offSale)
    .map(({ offSale, ...variant }) => ({
      ...variant,
      available: ownProperty(available, variant.sku) ?? 0,
      onSale: !offSale,
    }))
  return {
    ...summaryOf(product),
    // By slug, product and numbers may be of different moments: a page agrees with itself.
    inStock: variants.some((variant) => variant.onSale && variant.available > 0),
    descriptionHtml: product.descriptionHtml,
    seo: product.seo,
    optionNames: optionNamesOf(product),
    variants,
  }
}

export const answerOf = (shown: Shown, audience: 'staff' | 'shoppers' = 'staff') => ({
  body: viewOf(shown, audience),
  version: shown.product.version,
})

/** Shelves may be a few seconds old. */
export const shelfHeaders = { 'cache-control': 'public, max-age=5' }
