/** Products as the API shows them. */
import type * as z from 'zod/mini'
import type { Product as ProductSchema, ProductSummary } from './contract.ts'
import { availableOf, isInStock, type Product, priceFromOf } from './domain.ts'

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
  tags: [...product.tags],
  images: [...product.images],
  priceFrom: priceFromOf(product),
  inStock: isInStock(product),
  rating: ratingOf(product),
  version: product.version,
})

export const viewOf = (product: Product): z.input<typeof ProductSchema> => ({
  ...summaryOf(product),
  descriptionHtml: product.descriptionHtml,
  variants: product.variants.map((variant) => ({ ...variant, available: availableOf(product, variant.sku) })),
})

export const answerOf = (product: Product) => ({ body: viewOf(product), version: product.version })

/** Shelves may be a few seconds old. */
export const shelfHeaders = { 'cache-control': 'public, max-age=5' }
