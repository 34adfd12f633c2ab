/** Products as the API shows them. */
import type * as z from 'zod/mini'
import type { Product as ProductSchema, ProductSummary } from './contract.ts'
import { isInStock, type Product, priceFromOf, type Shown } from './domain.ts'

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

export const viewOf = ({ product, available }: Shown): z.input<typeof ProductSchema> => {
  const variants = product.variants.map((variant) => ({ ...variant, available: available[variant.sku] ?? 0 }))
  return {
    ...summaryOf(product),
    // By slug, product and numbers may be of different moments: a page agrees with itself.
    inStock: variants.some((variant) => variant.available > 0),
    descriptionHtml: product.descriptionHtml,
    variants,
  }
}

export const answerOf = (shown: Shown) => ({ body: viewOf(shown), version: shown.product.version })

/** Shelves may be a few seconds old. */
export const shelfHeaders = { 'cache-control': 'public, max-age=5' }
