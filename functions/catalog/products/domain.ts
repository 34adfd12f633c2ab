/** Products and their variants. Pure. */
import type { Money } from '../../../shared/contract/schema.ts'
import { ownProperty } from '../../../shared/domain/own-property.ts'

export type Variant = {
  sku: string
  options: Record<string, string>
  price: Money
  weightGrams: number
  image?: string | undefined
  /** What it cost before, to be shown beside its price. */
  compareAtPrice?: Money | undefined
  /** GTIN, ISBN or another number that is printed on it. */
  barcode?: string | undefined
  /** Not sold, though its product is: shoppers neither see nor order it. */
  offSale?: true | undefined
}

/** What can be bought of a SKU in units, and the sequence number of the stock item's event that said so. */
export type Availability = { available: number; sequence: number }

/** Reviews that count, their stars in all, and the sequence number of the event that said so. */
export type Rating = { count: number; sum: number; sequence: number }

/** A draft is not shown yet; what is archived was taken out of the catalogue. Both can be made active. */
export type ProductState = 'draft' | 'active' | 'archived'

export type Product = {
  id: string
  slug: string
  /** Slugs that it had before, newest last: links with them lead to it still. */
  formerSlugs?: readonly string[] | undefined
  title: string
  description: string
  /** Safe HTML, whose text is the description. */
  descriptionHtml?: string | undefined
  /** Where it stands first of all; an id that says its way from the root (categories/domain.ts). */
  category: string
  moreCategories?: readonly string[] | undefined
  tags: readonly string[]
  images: readonly string[]
  /** What each image shows, in their order; an empty text for one that nobody has described. */
  imageAlts?: readonly string[] | undefined
  vendor?: string | undefined
  /** What search engines are told instead of title and description. */
  seo?: { title?: string | undefined; description?: string | undefined } | undefined
  /** The names of the variants' options, in the order in which they are shown. */
  optionNames?: readonly string[] | undefined
  variants: readonly Variant[]
  /**
   * By SKU, what could be bought when it last sold out or came back: it says whether there is any now, not how many (Shown).
   * Kept beside the variants, since it changes by itself.
   */
  availability: Readonly<Record<string, Availability>>
  /** As last heard from the reviews; changes by itself, as the availability does. */
  rating?: Rating | undefined
  createdAt: string
  state: ProductState
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
  compareAtPrice?: Money | undefined
  barcode?: string | undefined
}

/** Grams, where staff give no weight. */
const usualWeightGrams = 500

export const variantOf = (given: NewVariant): Variant => ({
  sku: given.sku,
  options: given.options ?? {},
  price: given.price,
  weightGrams: given.weightGrams ?? usualWeightGrams,
  image: given.image,
  compareAtPrice: given.compareAtPrice,
  barcode: given.barcode,
})

/** Shown to shoppers and sold to them. */
export const isActive = ({ state }: Pick<Product, 'state'>): boolean => state === 'active'

/** The variants that shoppers see. */
export const variantsOnSale = ({ variants }: Pick<Product, 'variants'>): Variant[] =>
  variants.filter(({ offSale }) => !offSale)

/** The lowest price of its variants on sale; of all where none is. */
export const priceFromOf = (product: Product): Money => {
  const onSale = variantsOnSale(product)
  const [first, ...others] = (onSale.length > 0 ? onSale : product.variants).map(({ price }) => price)
  if (!first) throw new Error('a product without variants has no price')
  return others.reduce((lowest, price) => (price.amount < lowest.amount ? price : lowest), first)
}

/** Former slugs that lead to a product; older ones are free again. */
const maxFormerSlugs = 5

/** A product with another slug; links with the last few that it had lead to it still. */
export const renamed = (product: Product, slug: string): Product =>
  slug === product.slug
    ? product
    : {
        ...product,
        slug,
        formerSlugs: [...(product.formerSlugs ?? []).filter((one) => one !== slug), product.slug].slice(
          -maxFormerSlugs,
        ),
      }

/** What is said of images that stay, in the order of the new ones. */
export const altsOf = (product: Pick<Product, 'images' | 'imageAlts'>, images: readonly string[]): string[] =>
  images.map((image) => product.imageAlts?.[product.images.indexOf(image)] ?? '')

/** Texts of images as they are kept: none where nobody has described any. */
export const keptAlts = (alts: readonly string[] | undefined): readonly string[] | undefined =>
  alts?.some((alt) => alt !== '') ? alts : undefined

/** Not where the inventory has not been heard of yet. */
export const isSkuInStock = ({ availability }: Pick<Product, 'availability'>, sku: string): boolean =>
  (ownProperty(availability, sku)?.available ?? 0) > 0

export const isInStock = (product: Product): boolean =>
  variantsOnSale(product).some(({ sku }) => isSkuInStock(product, sku))
