/** JSON lines (https://jsonlines.org): a product a line, with the fields of `POST /products`. Pure. */
import * as z from 'zod/mini'
import { Money, Sku } from '../../../../shared/contract/schema.ts'
import { pathOfCategory } from '../../categories/domain.ts'
import { bodyIn } from '../../products/descriptions/html.ts'
import { Barcode, maxHtml, Options, Picture, productFields, Weight } from '../../products/fields.ts'
import { type Reading, reportOf } from './imported.ts'

/** JSON writes half of a surrogate pair by its number, which no table takes; a backslash that is text is doubled. */
const halfCharacter = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/i

/** Of these, as many as a product may have are kept. */
const maxVariantsOfLine = 2_048

/** Lenient about fields that it does not know, as the other formats are about columns. */
const Line = z.object({
  slug: productFields.slug,
  title: z.optional(productFields.title),
  description: z.optional(productFields.description),
  descriptionHtml: z.optional(productFields.descriptionHtml),
  category: z.optional(productFields.category),
  moreCategories: z.optional(productFields.moreCategories),
  vendor: z.optional(productFields.vendor),
  seo: z.optional(productFields.seo),
  state: z.optional(z.enum(['draft', 'active'])),
  tags: z.optional(productFields.tags),
  images: z.optional(productFields.images),
  imageAlts: z.optional(productFields.imageAlts),
  variants: z._default(
    z
      .array(
        z.object({
          sku: z.optional(Sku),
          options: z.optional(Options),
          price: z.optional(Money),
          weightGrams: z.optional(Weight),
          /** null: it has none. */
          image: z.optional(z.nullable(Picture)),
          compareAtPrice: z.optional(z.nullable(Money)),
          barcode: z.optional(z.nullable(Barcode)),
          /** Units that can be bought; taken where the import is asked to. */
          units: z.optional(z.int().check(z.minimum(0), z.maximum(1_000_000))),
        }),
      )
      .check(z.maxLength(maxVariantsOfLine)),
    [],
  ),
})

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const readJsonLine = (text: string, line: number, currency: string): Reading => {
  const value = parsed(text)
  const named = z.object({ slug: z.string() }).safeParse(value)
  const report = reportOf(named.success ? named.data.slug : '')
  const { entries } = report
  if (value === undefined) {
    report.error(line, 'MALFORMED_JSON', 'The line is not JSON.')
    return { entries }
  }
  const checked = Line.safeParse(value)
  if (!checked.success) {
    for (const issue of checked.error.issues.slice(0, 5))
      report.error(line, 'INVALID_FIELD', `/${issue.path.map(String).join('/')}: ${issue.message}`)
    return { entries }
  }
  if (halfCharacter.test(JSON.stringify(checked.data))) {
    report.error(line, 'INVALID_ENCODING', 'A text holds half of a character (a surrogate without its other).')
    return { entries }
  }
  const { variants, slug, ...fields } = checked.data
  const isForeign = (price: Money | null | undefined): boolean => !!price && price.currency !== currency
  const foreign = variants.find(({ price, compareAtPrice }) => isForeign(price) || isForeign(compareAtPrice))
  if (foreign) {
    report.error(line, 'BAD_PRICE', `This shop sells in ${currency} only.`, foreign.sku)
    return { entries }
  }
  const body = bodyIn(checked.data)
  if (body === 'too-long') {
    report.error(line, 'FIELD_TOO_LONG', `/descriptionHtml: at most ${maxHtml} characters.`)
    return { entries }
  }
  const product = {
    line,
    name: slug,
    slug,
    title: fields.title,
    body,
    state: fields.state,
    categories:
      fields.category === undefined
        ? undefined
        : [fields.category, ...(fields.moreCategories ?? [])].map(pathOfCategory),
    ...(fields.moreCategories === undefined ? { firstCategoryOnly: true as const } : {}),
    vendor: fields.vendor,
    seo: fields.seo,
    tags: fields.tags,
    images: fields.images,
    imageAlts: fields.imageAlts,
    variants: variants.map((variant) => ({
      ...variant,
      line,
      image: variant.image === null ? '' : variant.image,
      barcode: variant.barcode === null ? '' : variant.barcode,
    })),
  }
  return { product, entries }
}
