/** JSON lines (https://jsonlines.org): a product a line, with the fields of `POST /products`. Pure. */
import * as z from 'zod/mini'
import { Money, Sku } from '../../../shared/contract/schema.ts'
import { maxVariants } from '../events.ts'
import { maxHtml, Options, Picture, productFields, Weight } from '../fields.ts'
import { bodyIn } from '../html.ts'
import { type Reading, reportOf } from './imported.ts'

/** Lenient about fields that it does not know, as the other formats are about columns. */
const Line = z.object({
  slug: productFields.slug,
  title: z.optional(productFields.title),
  description: z.optional(productFields.description),
  descriptionHtml: z.optional(productFields.descriptionHtml),
  category: z.optional(productFields.category),
  tags: z.optional(productFields.tags),
  images: z.optional(productFields.images),
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
        }),
      )
      .check(z.maxLength(maxVariants)),
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
  const { variants, slug, ...fields } = checked.data
  const foreign = variants.find(({ price }) => price && price.currency !== currency)
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
    category: fields.category,
    tags: fields.tags,
    images: fields.images,
    variants: variants.map((variant) => ({ ...variant, line, image: variant.image === null ? '' : variant.image })),
  }
  return { product, entries }
}
