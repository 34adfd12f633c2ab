/** Products and their variants. Pure. */
import type { Money } from '../../shared/contract/schema.ts'
import { ok, type Result, refused } from '../../shared/domain/result.ts'
import { maxVariants } from './events.ts'

export type Variant = {
  sku: string
  options: Record<string, string>
  price: Money
  weightGrams: number
  image?: string | undefined
}

/** What can be bought of a SKU in units, and the sequence number of the stock item's event that said so. */
export type Availability = { available: number; sequence: number }

/** Reviews that count, their stars in all, and the sequence number of the event that said so. */
export type Rating = { count: number; sum: number; sequence: number }

export type Product = {
  id: string
  slug: string
  title: string
  description: string
  /** Safe HTML, whose text is the description. */
  descriptionHtml?: string | undefined
  category: string
  tags: readonly string[]
  images: readonly string[]
  variants: readonly Variant[]
  /**
   * By SKU, what could be bought when it last sold out or came back: it says whether there is any now, not how many (Shown).
   * Kept beside the variants, since it changes by itself.
   */
  availability: Readonly<Record<string, Availability>>
  /** As last heard from the reviews; changes by itself, as the availability does. */
  rating?: Rating | undefined
  createdAt: string
  archived: boolean
  version: number
  sequence: number
}

/** A product with the numbers of its page: by SKU, the units that can be bought now, as last heard from the inventory. */
export type Shown = { product: Product; available: Readonly<Record<string, number>> }

export type NewVariant = {
  sku: string
  options?: Record<string, string> | undefined
  price: Money
  weightGrams?: number | undefined
  image?: string | undefined
}

/** Grams, where staff give no weight. */
const usualWeightGrams = 500

export const variantOf = (given: NewVariant): Variant => ({
  sku: given.sku,
  options: given.options ?? {},
  price: given.price,
  weightGrams: given.weightGrams ?? usualWeightGrams,
  image: given.image,
})

/** A title as a part of an address: `Kupferkessel, groß` -> `kupferkessel-gross`. Empty when nothing of it is Latin. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
    .replace(/-+$/, '')

/** `home-and-kitchen` -> `Home and kitchen`. */
export const categoryTitleOf = (slug: string): string => {
  const words = slug.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The lowest price of its variants. */
export const priceFromOf = ({ variants }: Product): Money => {
  const [first, ...others] = variants.map(({ price }) => price)
  if (!first) throw new Error('a product without variants has no price')
  return others.reduce((lowest, price) => (price.amount < lowest.amount ? price : lowest), first)
}

/** Not where the inventory has not been heard of yet. */
export const isSkuInStock = ({ availability }: Pick<Product, 'availability'>, sku: string): boolean =>
  (availability[sku]?.available ?? 0) > 0

export const isInStock = (product: Product): boolean => product.variants.some(({ sku }) => isSkuInStock(product, sku))

/** SKUs that stand more than once in a list. */
export const repeatedSkus = (variants: readonly { sku: string }[]): string[] => {
  const skus = variants.map(({ sku }) => sku)
  return [...new Set(skus.filter((sku, index) => skus.indexOf(sku) !== index))]
}

export const withVariant = (product: Product, variant: Variant): Result<Product, 'TOO_MANY_VARIANTS'> =>
  product.variants.length >= maxVariants
    ? refused('TOO_MANY_VARIANTS', `A product has at most ${maxVariants} variants.`)
    : ok({ ...product, variants: [...product.variants, variant] })

export const withChangedVariant = (product: Product, sku: string, change: Partial<Variant>): Product => ({
  ...product,
  variants: product.variants.map((variant) => (variant.sku === sku ? { ...variant, ...change } : variant)),
})
