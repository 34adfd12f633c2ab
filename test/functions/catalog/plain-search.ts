/** Search as it is told to a person: over all products in memory, one after the other. What the index is held against. */
import { type Product, priceFromOf } from '../../../functions/catalog/domain.ts'
import { findableWordsIn, wholeSku, wordsIn } from '../../../functions/catalog/words.ts'

export type PlainQuery = {
  q?: string | undefined
  category?: string | undefined
  minPrice?: number | undefined
  maxPrice?: number | undefined
  inStock?: boolean | undefined
  options?: Record<string, string[]> | undefined
  sort: 'relevance' | 'price' | '-price' | 'newest' | 'rating'
}

const priceOf = (product: Product): number => priceFromOf(product).amount
const availableOf = ({ availability }: Product, sku: string): number => availability[sku]?.available ?? 0
const isInStock = (product: Product): boolean => product.variants.some(({ sku }) => availableOf(product, sku) > 0)
const ratingOf = ({ rating }: Product): number =>
  rating && rating.count > 0 ? Math.round((100 * rating.sum) / rating.count) : 0

/** Words by weight: 0 title, 2 category, tags and SKUs, 4 description. */
const weighed = (product: Product): [string, number][] => {
  const skus = product.variants.map(({ sku }) => sku)
  const tags = [...product.tags, product.category].flatMap(findableWordsIn)
  const ofSkus = skus.flatMap((sku) => [...wordsIn(sku), sku.toLowerCase()])
  return [
    ...findableWordsIn(product.title).map((word): [string, number] => [word, 0]),
    ...[...tags, ...ofSkus].map((word): [string, number] => [word, 2]),
    ...findableWordsIn(product.description).map((word): [string, number] => [word, 4]),
  ]
}

/** How far the product is from the words, or undefined where one is missing. */
const distance = (product: Product, q: string): number | undefined => {
  const words = weighed(product)
  const asked = wordsIn(q)
  if (asked.length === 0) return undefined
  const sku = wholeSku(q)
  const last = asked.length - 1
  const before = [...new Set(asked.slice(0, last))]
  const weights = [
    ...before.map((word) => Math.min(...words.flatMap(([known, weight]) => (known === word ? [weight] : [])))),
    Math.min(
      ...words.flatMap(([known, weight]) => {
        if (known === asked[last]) return [weight]
        return known.startsWith(asked[last] ?? '') ? [weight + 1] : []
      }),
    ),
  ]
  if (!weights.every(Number.isFinite)) return undefined
  if (sku !== undefined && product.variants.some((variant) => variant.sku.toLowerCase() === sku)) return -1
  return weights.reduce((sum, weight) => sum + weight, 0)
}

const passes = (product: Product, { category, minPrice, maxPrice, inStock, options = {} }: PlainQuery): boolean =>
  (category === undefined || product.category === category) &&
  (minPrice === undefined || priceOf(product) >= minPrice) &&
  (maxPrice === undefined || priceOf(product) <= maxPrice) &&
  (inStock === undefined || isInStock(product) === inStock) &&
  product.variants.some(
    (variant) =>
      (inStock !== true || availableOf(product, variant.sku) > 0) &&
      Object.entries(options).every(([name, values]) => values.some((value) => variant.options[name] === value)),
  )

/** The products that are found, in their order. */
export const plainSearch = (products: readonly Product[], query: PlainQuery): Product[] => {
  const found = products.flatMap((product) => {
    const far = query.q ? distance(product, query.q) : 0
    return product.archived || far === undefined || !passes(product, query) ? [] : [{ product, far }]
  })
  const newest = (a: Product, b: Product): number =>
    b.createdAt.localeCompare(a.createdAt) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
  const by = {
    relevance: (a, b) => a.far - b.far || newest(a.product, b.product),
    price: (a, b) => priceOf(a.product) - priceOf(b.product) || -newest(a.product, b.product),
    '-price': (a, b) => priceOf(b.product) - priceOf(a.product) || newest(a.product, b.product),
    newest: (a, b) => newest(a.product, b.product),
    rating: (a, b) => ratingOf(b.product) - ratingOf(a.product) || newest(a.product, b.product),
  } satisfies Record<PlainQuery['sort'], (a: (typeof found)[number], b: (typeof found)[number]) => number>
  return found.toSorted(by[query.sort]).map(({ product }) => product)
}

/** How many products have each of these. */
const counted = (values: readonly (readonly string[])[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values.flatMap((ofOne) => [...new Set(ofOne)])) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

export const plainFacets = (found: readonly Product[]) => ({
  matches: found.length,
  categories: counted(found.map(({ category }) => [category])),
  min: found.length > 0 ? Math.min(...found.map(priceOf)) : undefined,
  max: found.length > 0 ? Math.max(...found.map(priceOf)) : undefined,
  inStock: found.filter(isInStock).length,
  options: counted(
    found.map(({ variants }) =>
      variants.flatMap(({ options }) => Object.entries(options).map(([name, value]) => `${name}:${value}`)),
    ),
  ),
})
