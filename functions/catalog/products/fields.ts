/** What a product and a variant may hold, wherever it comes from: a request, or a line of a file. */
import * as z from 'zod/mini'
import { Id, Money, Sku, Slug, Text } from '../../../shared/contract/schema.ts'

export const ProductId = Id('prd')

/** Where a picture is: on the web, or one that this shop draws. */
export const Picture = z
  .string()
  .check(
    z.maxLength(500),
    z.regex(
      /^(https:\/\/[^\s"'<>]+|\/pictures\/[a-z0-9-]{1,100}\.svg)$/,
      'Must be an https:// address, or /pictures/….svg of this shop.',
    ),
  )

/** What tells a variant from its siblings: `{size: 'L', colour: 'blue'}`. */
export const Options = z.record(Text(40), Text(80)).check(
  z.refine((options) => Object.keys(options).length <= 5, 'Must have at most 5 options.'),
  z.refine(
    (options) => new Set(Object.keys(options).map((name) => name.toLowerCase())).size === Object.keys(options).length,
    'Must name each option once, also in other capitals.',
  ),
)

export const Weight = z.int().check(z.minimum(0), z.maximum(10_000_000))

/** GTIN, ISBN or what else is printed on it; as people write it. */
export const Barcode = Text(64)

export const NewVariant = z.strictObject({
  sku: Sku,
  options: z.optional(Options),
  price: Money,
  weightGrams: z.optional(Weight),
  image: z.optional(Picture),
  /** What it cost before, to be shown beside its price. */
  compareAtPrice: z.optional(Money),
  barcode: z.optional(Barcode),
})

/** What search engines are told instead of title and description. */
export const Seo = z.strictObject({ title: z.optional(Text(200)), description: z.optional(Text(1_000)) })

/** A category: its slug; within others, after theirs and two hyphens: `men--shoes`. */
export const CategoryId = z
  .string()
  .check(
    z.maxLength(800),
    z.normalize('NFC'),
    z.maxLength(200),
    z.regex(
      /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:--?[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u,
      'Must be small letters and numbers joined by hyphens, and two hyphens after the category it is within: men--shoes.',
    ),
  )

/** Categories that a product stands in besides its first. */
export const maxMoreCategories = 2

/** Characters, before and after it is made safe. */
export const maxHtml = 20_000
export const maxTags = 20
export const maxImages = 10

export const productFields = {
  title: Text(200),
  slug: Slug,
  description: Text(10_000, 0),
  /** Made safe before it is kept; the description is then its text. */
  descriptionHtml: Text(maxHtml, 0),
  category: CategoryId,
  moreCategories: z.array(CategoryId).check(z.maxLength(maxMoreCategories)),
  tags: z.array(Text(40)).check(z.maxLength(maxTags)),
  images: z.array(Picture).check(z.maxLength(maxImages)),
  /** What each image shows, in their order; an empty text for one that nobody has described. */
  imageAlts: z.array(Text(500, 0)).check(z.maxLength(maxImages)),
  vendor: Text(200),
  seo: Seo,
}

export const State = z.enum(['draft', 'active', 'archived'])
