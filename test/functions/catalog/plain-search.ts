/** Search as it is told to a person: over all products in memory, one after the other. What the index is held against. */
import { type Product, priceFromOf } from '../../../functions/catalog/products/domain.ts'
import { joined, joinsIn, splitsIn } from '../../../functions/catalog/search/words/forms.ts'
import { basesOf, compoundOf, endOf, isEndOf } from '../../../functions/catalog/search/words/stems.ts'
import { findableWordsIn, spellingsIn, wholeSku, wordsIn } from '../../../functions/catalog/search/words/words.ts'

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

/** Words by weight: 0 title, 4 category, tags and SKUs, 8 other ways to write title and tags, 12 description. */
const weighed = (product: Product): [string, number][] => {
  const skus = product.variants.map(({ sku }) => sku)
  const tags = [...product.tags, product.category].flatMap(findableWordsIn)
  const ofSkus = skus.flatMap((sku) => [...wordsIn(sku), sku.toLowerCase()])
  const said = [product.title, ...product.tags]
  const forms = [...said.flatMap((text) => joinsIn(text, true)), ...splitsIn(said.flatMap(wordsIn))]
  const weighs =
    (weight: number) =>
    (word: string): [string, number] => [word, weight]
  const all = [
    ...findableWordsIn(product.title).map(weighs(0)),
    ...[...tags, ...ofSkus].map(weighs(4)),
    ...forms.map(weighs(8)),
    ...[...findableWordsIn(product.description), ...joinsIn(product.description, false)].map(weighs(12)),
  ]
  // A word counts where it stands first.
  return all.filter(([word], index) => all.findIndex(([other]) => other === word) === index)
}

/** How far a word of a product is from one that is asked for: the same, begins so or a form of it, a compound of it. */
const farness = (known: string, asked: readonly string[], isLast: boolean, weight: number): number => {
  if (asked.includes(known)) return weight
  const isForm = asked.some((word) => basesOf(known).some((base) => basesOf(word).includes(base)))
  if (isForm || (isLast && asked.some((word) => known.startsWith(word)))) return weight + 1
  const [compound, ends] = [compoundOf(known), asked.map(endOf)]
  const isCompound = compound !== undefined && ends.some((end) => end !== undefined && isEndOf(end, compound))
  return isCompound && weight <= 4 ? weight + 2 : Number.POSITIVE_INFINITY
}

/** How far the product is from the words, or undefined where one is missing. Nothing is spelled wrongly here. */
const distance = (product: Product, q: string): number | undefined => {
  const words = weighed(product)
  const all = spellingsIn(q)
  if (all.length === 0) return undefined
  const asked = all.filter(
    ([word], index) => index === all.length - 1 || all.findIndex(([other]) => other === word) === index,
  )
  const nearest = (spellings: readonly string[], isLast: boolean): number =>
    Math.min(...words.map(([known, weight]) => farness(known, spellings, isLast, weight)))
  const from = (index: number): number => {
    const [one, other] = [asked[index], asked[index + 1]]
    if (!one) return 0
    const alone = nearest(one, index === asked.length - 1) + from(index + 1)
    if (!other) return alone
    const joins = one.flatMap((first) => other.flatMap((second) => joined(first, second) ?? []))
    return Math.min(alone, nearest(joins, index === asked.length - 2) + 1 + from(index + 2))
  }
  const sum = from(0)
  if (!Number.isFinite(sum)) return undefined
  const sku = wholeSku(q)
  return sku !== undefined && product.variants.some((variant) => variant.sku.toLowerCase() === sku) ? -1 : sum
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
    return product.state !== 'active' || far === undefined || !passes(product, query) ? [] : [{ product, far }]
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
