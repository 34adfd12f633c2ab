/** What a file's product makes of the catalogue's: a new one, a changed one, or nothing. Pure. */
import { canonicalJson } from '../../../../shared/runtime/idempotency.ts'
import { categoryIdOf } from '../../categories/domain.ts'
import { altsOf, keptAlts, type Product, type Variant } from '../../products/domain.ts'
import { CategoryId, maxImages, maxMoreCategories } from '../../products/fields.ts'
import { optionNamesOf } from '../../products/variants.ts'
import { checked, type Entry, hasErrors, type ImportedProduct, type Report, reportOf } from '../formats/imported.ts'
import { type Count, type Known, plannedVariants } from './plan-variants.ts'

export type { Known } from './plan-variants.ts'

export type Plan = { entries: Entry[]; counts: Count[] } & (
  | { kind: 'create'; product: Product }
  | { kind: 'change'; before: Product; product: Product }
  | { kind: 'unchanged' | 'failed' }
)

/** Where a file names none. */
const usualCategory = 'uncategorised'

/** Bytes of an item: DynamoDB takes 400 KB, of which stock numbers and events need some. */
const maxBytes = 300_000

const bytesOf = (product: Product): number => new TextEncoder().encode(JSON.stringify(product)).length

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

/** What a new product lacks. */
const lackOf = ({ line, title }: ImportedProduct, variants: readonly Variant[], report: Report): void => {
  if (title === undefined) report.error(line, 'MISSING_TITLE', 'A new product needs a title.')
  else if (variants.length === 0) report.error(line, 'NO_VARIANTS', 'Nothing of the product can be sold.')
}

type Places = Pick<Product, 'category' | 'moreCategories'>

/** The first category and others; more than fit are noted. */
const placesOf = (imported: ImportedProduct, before: Product | undefined, report: Report): Places => {
  const { line, categories = [], firstCategoryOnly } = imported
  const at = { line, column: 'Categories' }
  const ids = [...new Set(categories.map(categoryIdOf))].flatMap((id) => checked(CategoryId, id, report, at) ?? [])
  const [first, ...others] = ids
  const standing = { category: before?.category ?? usualCategory, moreCategories: before?.moreCategories }
  if (first === undefined || (firstCategoryOnly && first === before?.category)) return standing
  if (others.length > maxMoreCategories)
    report.note(line, 'TOO_MANY_CATEGORIES', `Left out: ${others.slice(maxMoreCategories).join(', ')}.`)
  const kept = others.slice(0, maxMoreCategories)
  return { category: first, moreCategories: kept.length > 0 ? kept : undefined }
}

type Pictures = Pick<Product, 'images' | 'imageAlts'>

/** Rows that go on with a product add their images to it. */
const picturesOf = ({ images, imageAlts, continues }: ImportedProduct, before: Product | undefined): Pictures => {
  if (!images) return { images: before?.images ?? [], imageAlts: before?.imageAlts }
  const known = continues ? (before?.images ?? []) : []
  const all = [...new Set([...known, ...images])].slice(0, maxImages)
  const alts = new Map<string, string>()
  if (before) for (const [index, alt] of altsOf(before, all).entries()) alts.set(all[index] ?? '', alt)
  if (imageAlts) for (const [index, alt] of imageAlts.entries()) alts.set(images[index] ?? '', alt)
  return { images: all, imageAlts: keptAlts(all.map((image) => alts.get(image) ?? '')) }
}

const emptyAsNone = (text: string | undefined, before: string | undefined): string | undefined =>
  text === undefined ? before : text || undefined

const seoIn = ({ seo }: ImportedProduct, before: Product | undefined): Product['seo'] =>
  seo === undefined ? before?.seo : Object.keys(seo).length > 0 ? seo : undefined

/** What shoppers could tell apart of a product, whether its optional fields are absent or empty. */
const comparable = (product: Product): unknown =>
  JSON.parse(
    JSON.stringify({ ...product, optionNames: optionNamesOf(product), moreCategories: product.moreCategories ?? [] }),
  )

/** @param fresh id and time of a product that is new */
export const planOf = (imported: ImportedProduct, known: Known, fresh: { id: string; at: string }): Plan => {
  const report = reportOf(imported.name)
  const { entries } = report
  const { line, title, body } = imported
  const before = known.product
  const failed = (code: string, detail: string): Plan => {
    report.error(line, code, detail)
    return { kind: 'failed', entries, counts: [] }
  }
  if (before?.state === 'archived')
    return failed('ARCHIVED', 'The product was archived here; bring it back first, by its state.')
  const slug = before?.slug ?? imported.slug
  const { variants, counts } = plannedVariants(imported, slug, known, report)
  const words = {
    ...placesOf(imported, before, report),
    ...picturesOf(imported, before),
    vendor: emptyAsNone(imported.vendor, before?.vendor),
    seo: seoIn(imported, before),
    tags: imported.tags ?? before?.tags ?? [],
    variants,
    optionNames: optionNamesOf({ optionNames: before?.optionNames, variants }),
  }
  if (!before) {
    const errors = entries.length
    lackOf(imported, variants, report)
    if (title === undefined || hasErrors(report, errors)) return { kind: 'failed', entries, counts: [] }
    const product: Product = {
      id: fresh.id,
      slug,
      title,
      description: body?.description ?? '',
      descriptionHtml: body?.descriptionHtml,
      ...words,
      availability: {},
      createdAt: fresh.at,
      state: imported.state ?? 'active',
      version: 0,
      sequence: 0,
    }
    return bytesOf(product) > maxBytes
      ? failed('PRODUCT_TOO_LARGE', 'Its texts and variants together are too much for one product.')
      : { kind: 'create', product, entries, counts }
  }
  const product: Product = {
    ...before,
    title: title ?? before.title,
    description: body?.description ?? before.description,
    descriptionHtml: body ? body.descriptionHtml : before.descriptionHtml,
    ...words,
    state: imported.state ?? before.state,
  }
  if (isSame(comparable(product), comparable(before)))
    return { kind: hasErrors(report) ? 'failed' : 'unchanged', entries, counts }
  return bytesOf(product) > maxBytes
    ? failed('PRODUCT_TOO_LARGE', 'Its texts and variants together are too much for one product.')
    : { kind: 'change', before, product, entries, counts }
}
