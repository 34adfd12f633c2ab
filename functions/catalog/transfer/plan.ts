/** What a file's product makes of the catalogue's: a new one, a changed one, or nothing. Pure. */
import { canonicalJson } from '../../../shared/runtime/idempotency.ts'
import { type Product, repeatedSkus, type Variant, variantOf } from '../domain.ts'
import { maxVariants } from '../events.ts'
import {
  derivedSku,
  type Entry,
  type ImportedProduct,
  type ImportedVariant,
  type Report,
  reportOf,
} from './imported.ts'

/** What the catalogue has of the file's product. */
export type Known = {
  product: Product | undefined
  /** The product that a SKU belongs to, of those that the file names. */
  owners: ReadonlyMap<string, string>
}

export type Plan = { entries: Entry[] } & (
  | { kind: 'create'; product: Product }
  | { kind: 'change'; before: Product; product: Product }
  | { kind: 'unchanged' | 'failed' }
)

/** Where a file names none. */
const usualCategory = 'uncategorised'

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

/** A variant without a SKU in the file is the one with its options, if the product has that. */
const withSku = (
  variant: ImportedVariant,
  slug: string,
  product: Product | undefined,
): ImportedVariant & { sku: string } => {
  const { sku, options = {} } = variant
  const sibling = product?.variants.find((one) => isSame(one.options, options))
  return { ...variant, sku: sku ?? sibling?.sku ?? derivedSku(slug, options) }
}

const changed = (before: Variant, given: ImportedVariant): Variant => ({
  sku: before.sku,
  options: given.options ?? before.options,
  price: given.price ?? before.price,
  weightGrams: given.weightGrams ?? before.weightGrams,
  image: given.image === undefined ? before.image : given.image || undefined,
})

/** @returns undefined, and an error in the report, when the variant cannot be had */
const merged = (
  given: ImportedVariant & { sku: string },
  before: Variant | undefined,
  { owners, product }: Known,
  report: Report,
): Variant | undefined => {
  const { line, sku, price } = given
  if (before) return changed(before, given)
  const owner = owners.get(sku)
  if (owner !== undefined && owner !== product?.id)
    return report.error(line, 'SKU_TAKEN', 'The SKU belongs to another product.', sku)
  if (!price) return report.error(line, 'MISSING_PRICE', 'A new variant needs a price.', sku)
  return variantOf({ ...given, price, image: given.image || undefined })
}

const mergedVariants = (imported: ImportedProduct, slug: string, known: Known, report: Report): Variant[] => {
  const given = imported.variants.map((variant) => withSku(variant, slug, known.product))
  const repeated = new Set(repeatedSkus(given))
  const seen = new Set<string>()
  const variants = new Map((known.product?.variants ?? []).map((variant) => [variant.sku, variant]))
  for (const variant of given) {
    if (repeated.has(variant.sku) && seen.has(variant.sku)) {
      report.error(variant.line, 'REPEATED_SKU', 'An earlier variant of the product has this SKU.', variant.sku)
      continue
    }
    seen.add(variant.sku)
    const result = merged(variant, variants.get(variant.sku), known, report)
    if (result) variants.set(variant.sku, result)
  }
  return [...variants.values()]
}

/** What a new product lacks. */
const lackOf = ({ line, title }: ImportedProduct, variants: readonly Variant[], report: Report): void => {
  if (title === undefined) report.error(line, 'MISSING_TITLE', 'A new product needs a title.')
  else if (variants.length === 0) report.error(line, 'NO_VARIANTS', 'Nothing of the product can be sold.')
}

const hasErrors = ({ entries }: Report): boolean => entries.some(({ severity }) => severity === 'error')

/** @param fresh id and time of a product that is new */
export const planOf = (imported: ImportedProduct, known: Known, fresh: { id: string; at: string }): Plan => {
  const report = reportOf(imported.name)
  const { entries } = report
  const { line, title, body, category, tags, images } = imported
  const before = known.product
  if (before?.archived) {
    report.error(line, 'ARCHIVED', 'The product was archived here, and there is no way back.')
    return { kind: 'failed', entries }
  }
  const slug = before?.slug ?? imported.slug
  const variants = mergedVariants(imported, slug, known, report)
  if (variants.length > maxVariants) {
    report.error(line, 'TOO_MANY_VARIANTS', `A product has at most ${maxVariants} variants.`)
    return { kind: 'failed', entries }
  }
  if (!before) {
    const errors = entries.length
    lackOf(imported, variants, report)
    if (title === undefined || entries.length > errors) return { kind: 'failed', entries }
    const product: Product = {
      id: fresh.id,
      slug,
      title,
      description: body?.description ?? '',
      descriptionHtml: body?.descriptionHtml,
      category: category ?? usualCategory,
      tags: tags ?? [],
      images: images ?? [],
      variants,
      availability: {},
      createdAt: fresh.at,
      archived: false,
      version: 0,
      sequence: 0,
    }
    return { kind: 'create', product, entries }
  }
  const product: Product = {
    ...before,
    title: title ?? before.title,
    description: body?.description ?? before.description,
    descriptionHtml: body ? body.descriptionHtml : before.descriptionHtml,
    category: category ?? before.category,
    tags: tags ?? before.tags,
    images: images ?? before.images,
    variants,
  }
  if (!isSame(product, before)) return { kind: 'change', before, product, entries }
  return { kind: hasErrors(report) ? 'failed' : 'unchanged', entries }
}
