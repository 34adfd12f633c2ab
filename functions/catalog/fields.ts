/** What a product and a variant may hold, wherever it comes from: a request, or a line of a file. */
import * as z from 'zod/mini'
import { Id, Money, Sku, Slug, Text } from '../../shared/contract/schema.ts'

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
export const Options = z
  .record(Text(40), Text(80))
  .check(z.refine((options) => Object.keys(options).length <= 5, 'Must have at most 5 options.'))

export const Weight = z.int().check(z.minimum(0), z.maximum(10_000_000))

export const NewVariant = z.strictObject({
  sku: Sku,
  options: z.optional(Options),
  price: Money,
  weightGrams: z.optional(Weight),
  image: z.optional(Picture),
})

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
  category: Slug,
  tags: z.array(Text(40)).check(z.maxLength(maxTags)),
  images: z.array(Picture).check(z.maxLength(maxImages)),
}
