/** What a search finds, and in which order: decided on the cards of products alone. Pure. */
import type { Money } from '../../../shared/contract/schema.ts'
import { ownProperty } from '../../../shared/domain/own-property.ts'
import { otherLists } from '../categories/domain.ts'
import { isSkuInStock, type Product, priceFromOf, variantsOnSale } from '../products/domain.ts'
import type { orders } from './contract.ts'
import { joinsIn, splitsIn } from './words/forms.ts'
import { findableWordsIn, wholeSku, wordsIn } from './words/words.ts'

/**
 * Where a word stands counts: in the title most, in tags, category and SKUs next, in the description least. Before that,
 * words of these that are written otherwise, together or apart (words/forms.ts).
 */
export const fields = ['title', 'tags', 'forms', 'text'] as const
export type Field = (typeof fields)[number]

/** Each word once, where it counts most. */
export type Words = ReadonlyMap<string, Field>

/** Of a product no more words than these are known; the description's last ones are those left out. */
export const maxWords = 400
/** Of these, ways to write its title and tags otherwise. */
const maxForms = 80

export type Options = Readonly<Record<string, string>>

/** What search knows of a product besides its words: all that filters, facets and orders need. */
export type Card = {
  id: string
  /** The categories on whose lists it stands, its own first. */
  lists: readonly string[]
  createdAt: string
  priceFrom: Money
  /** Hundredths of the average; undefined for a product that nobody has rated. */
  rating?: number
  variants: readonly Options[]
  /** Of each variant, in their order: `1` where it is in stock, else `0`. */
  stock: string
}

export const wordsOf = (product: Product): Words => {
  const { title, tags, category, moreCategories = [], vendor = '', description } = product
  const skus = variantsOnSale(product).map(({ sku }) => sku)
  const words = new Map<string, Field>()
  const add = (field: Field, all: readonly string[]): void => {
    for (const word of all) if (!words.has(word) && words.size < maxWords) words.set(word, field)
  }
  add('title', findableWordsIn(title))
  add(
    'tags',
    skus.flatMap((sku) => wholeSku(sku) ?? []),
  )
  add('tags', findableWordsIn([...tags, category, ...moreCategories, vendor].join('\n')))
  add('tags', wordsIn(skus.join('\n')))
  const said = [title, ...tags]
  const forms = [...said.flatMap((text) => joinsIn(text, true)), ...splitsIn(said.flatMap(wordsIn))]
  add('forms', forms.slice(0, maxForms))
  add('text', [...findableWordsIn(description), ...joinsIn(description, false)])
  return words
}

/** Categories of a product on whose shelves it stands, besides its first. */
const maxLists = 10

export const cardOf = (product: Product): Card => {
  const variants = variantsOnSale(product)
  return {
    id: product.id,
    lists: [product.category, ...otherLists(product).slice(0, maxLists)],
    createdAt: product.createdAt,
    priceFrom: priceFromOf(product),
    ...(product.rating && product.rating.count > 0
      ? { rating: Math.round((product.rating.sum * 100) / product.rating.count) }
      : {}),
    variants: variants.map(({ options }) => options),
    stock: variants.map(({ sku }) => (isSkuInStock(product, sku) ? '1' : '0')).join(''),
  }
}

export const isInStock = ({ stock }: Pick<Card, 'stock'>): boolean => stock.includes('1')

export type Order = (typeof orders)[number]

/** Minor units for prices, both ends included. */
export type Filters = {
  category?: string | undefined
  minPrice?: number | undefined
  maxPrice?: number | undefined
  inStock?: boolean | undefined
  /** By an option's name, the values that will do. */
  options?: ReadonlyMap<string, readonly string[]> | undefined
}

/** Whether nothing but the category narrows the list. */
export const isEmpty = ({ minPrice, maxPrice, inStock, options }: Filters): boolean =>
  [minPrice, maxPrice, inStock, options].every((filter) => filter === undefined)

/** Prices are those that lists show. One variant must have all the options, and be in stock where that is asked. */
export const passes = ({ category, minPrice, maxPrice, inStock, options }: Filters, card: Card): boolean => {
  const { amount } = card.priceFrom
  if (category !== undefined && !card.lists.includes(category)) return false
  if (amount < (minPrice ?? 0) || amount > (maxPrice ?? Number.POSITIVE_INFINITY)) return false
  if (inStock === false && isInStock(card)) return false
  const wanted = [...(options ?? [])]
  return card.variants.some(
    (variant, index) =>
      (inStock !== true || card.stock[index] === '1') &&
      wanted.every(([name, values]) => values.includes(ownProperty(variant, name) ?? '')),
  )
}

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0')

/**
 * A product's place in an order, as text: places compare as the products shall stand, and where they are equal otherwise,
 * the newer product's is greater. Only by `price` the least comes first; a product without a rating has the least.
 */
export const placeOf = (order: Order, card: Card, relevance = 0): string => {
  const newest = `${card.createdAt}#${card.id}`
  if (order === 'newest') return newest
  if (order === 'relevance') return `${padded(relevance, 4)}#${newest}`
  if (order === 'rating') return `${padded(card.rating ?? 0, 3)}#${newest}`
  return `${padded(card.priceFrom.amount, 15)}#${newest}`
}

export const isAscending = (order: Order): boolean => order === 'price'

/** Whether one place comes after another in an order. */
export const comesAfter = (order: Order, place: string, other: string): boolean =>
  isAscending(order) ? place > other : place < other
