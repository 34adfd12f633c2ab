/** What a file's variants make of a product's: SKU or options say which is which. Pure. */

import { maxVariants } from '../../../published/catalog.ts'
import { type Product, type Variant, variantOf } from '../../products/domain.ts'
import { fingerprint } from '../../products/slug.ts'
import { clashesIn, foldedOptions, foldedSku, optionNamesOf } from '../../products/variants.ts'
import { derivedSku, type ImportedProduct, type ImportedVariant, type Report } from '../formats/imported.ts'

/** What the catalogue has of the file's product. */
export type Known = {
  product: Product | undefined
  /** The product that a SKU belongs to, of those that the file names; by the SKU as it is compared. */
  owners: ReadonlyMap<string, string>
}

/** How many units of a SKU can be bought, as the file says. */
export type Count = { sku: string; quantity: number }

export type PlannedVariants = { variants: Variant[]; counts: Count[] }

/** Values without names belong to the options that the product has, in their order. @returns undefined, and an error, when it has fewer */
const withNames = (
  variant: ImportedVariant,
  product: Product | undefined,
  report: Report,
): ImportedVariant | undefined => {
  const { values, line, sku } = variant
  if (!values) return variant
  const names = product ? optionNamesOf(product) : []
  if (values.some((value, index) => value !== '' && names[index] === undefined)) {
    if (product && names.length === 0 && values.length === 1 && values[0] === 'Default Title')
      return { ...variant, options: {} }
    return report.error(line, 'MISSING_OPTION_NAME', 'No row of the product says what its options are called.', sku)
  }
  return {
    ...variant,
    options: Object.fromEntries(values.flatMap((value, index) => (value === '' ? [] : [[names[index] ?? '', value]]))),
  }
}

const changed = (before: Variant, given: ImportedVariant, sku: string): Variant => ({
  ...before,
  sku,
  options: given.options ?? before.options,
  price: given.price ?? before.price,
  weightGrams: given.weightGrams ?? before.weightGrams,
  image: given.image === undefined ? before.image : given.image || undefined,
  compareAtPrice: given.compareAtPrice === undefined ? before.compareAtPrice : (given.compareAtPrice ?? undefined),
  barcode: given.barcode === undefined ? before.barcode : given.barcode || undefined,
})

/** A row's outcome: the variant after it, and how it was before. */
type Row = { given: ImportedVariant; before: Variant | undefined; after: Variant }

/** The variant of the product that a row means: that with its SKU, or else with its options, unless another row names that one. */
const matching = (
  given: ImportedVariant,
  variants: readonly Variant[],
  named: ReadonlySet<string>,
): Variant | undefined => {
  const { sku } = given
  const bySku = sku === undefined ? undefined : variants.find((one) => foldedSku(one.sku) === foldedSku(sku))
  if (bySku || (sku !== undefined && !given.options)) return bySku
  const options = foldedOptions(given.options ?? {})
  return variants.find((one) => foldedOptions(one.options) === options && !named.has(foldedSku(one.sku)))
}

/** The SKU of a new variant without one in the file: where others have it already, options tell it apart. */
const freshSku = (slug: string, options: Readonly<Record<string, string>>, used: ReadonlySet<string>): string => {
  const sku = derivedSku(slug, options)
  return used.has(foldedSku(sku)) ? derivedSku(slug, { '': fingerprint(foldedOptions(options)) }) : sku
}

const rowOf = (
  given: ImportedVariant,
  before: Variant | undefined,
  { product, owners }: Known,
  { slug, weightGrams, used }: { slug: string; weightGrams: number | undefined; used: ReadonlySet<string> },
  report: Report,
): Row | undefined => {
  const { line, price, options = {} } = given
  const sku = given.sku ?? before?.sku ?? freshSku(slug, options, used)
  const owner = owners.get(foldedSku(sku))
  if (owner !== undefined && owner !== product?.id)
    return report.error(line, 'SKU_TAKEN', 'The SKU belongs to another product.', sku)
  if (before) {
    const isSpelling = foldedSku(before.sku) === foldedSku(sku)
    if (!isSpelling)
      report.note(line, 'SKU_REPLACED', `It was ${before.sku}; what is in stock of that must be counted anew.`, sku)
    return { given, before, after: changed(before, given, isSpelling ? before.sku : sku) }
  }
  if (!price) return report.error(line, 'MISSING_PRICE', 'A new variant needs a price.', sku)
  const { compareAtPrice, barcode, image } = given
  const after = variantOf({
    sku,
    options,
    price,
    weightGrams: given.weightGrams ?? weightGrams,
    image: image || undefined,
    compareAtPrice: compareAtPrice ?? undefined,
    barcode: barcode || undefined,
  })
  return { given, before, after }
}

const repeats = {
  sku: ['REPEATED_SKU', 'An earlier variant of the product has this SKU.'],
  options: ['REPEATED_OPTIONS', 'An earlier variant of the product has the same options.'],
} as const

/** The product's variants with what the rows make of them; rows that would leave two alike are refused, the last one first. */
const settled = (before: readonly Variant[], rows: readonly Row[], report: Report): Row[] => {
  const left = [...rows]
  for (;;) {
    const all = [...before.filter((one) => !left.some((row) => row.before === one)), ...left.map(({ after }) => after)]
    const clash = clashesIn(all).find(({ first, second }) =>
      left.some(({ after }) => after === all[first] || after === all[second]),
    )
    if (!clash) return left
    const isEither = ({ after }: Row): boolean => after === all[clash.second] || after === all[clash.first]
    const [refused] = left.splice(left.findLastIndex(isEither), 1)
    const [code, detail] = repeats[clash.what]
    if (refused) report.error(refused.given.line, code, detail, refused.after.sku)
  }
}

/** @param slug that the product has, or will have */
export const plannedVariants = (
  imported: ImportedProduct,
  slug: string,
  known: Known,
  report: Report,
): PlannedVariants => {
  const given = imported.variants.flatMap((variant) => withNames(variant, known.product, report) ?? [])
  const before = known.product?.variants ?? []
  const named = new Set(given.flatMap(({ sku }) => (sku === undefined ? [] : [foldedSku(sku)])))
  const used = new Set([...named, ...before.map(({ sku }) => foldedSku(sku))])
  const taken = new Set<Variant>()
  const rows = given.flatMap((variant): Row[] => {
    const match = matching(variant, before, named)
    if (match && taken.has(match)) {
      const [code, detail] = variant.sku === undefined ? repeats.options : repeats.sku
      report.error(variant.line, code, detail, match.sku)
      return []
    }
    const row = rowOf(variant, match, known, { slug, weightGrams: imported.weightGrams, used }, report)
    if (!row) return []
    if (match) taken.add(match)
    used.add(foldedSku(row.after.sku))
    return [row]
  })
  const kept = settled(before, rows, report)
  const changes = new Map(kept.flatMap((row) => (row.before ? [[row.before, row.after] as const] : [])))
  const fresh = kept.filter((row) => !row.before)
  const room = Math.max(0, maxVariants - before.length)
  for (const { given: left, after } of fresh.slice(room))
    report.error(left.line, 'TOO_MANY_VARIANTS', `A product has at most ${maxVariants} variants.`, after.sku)
  const added = fresh.slice(0, room)
  const counted = [...kept.filter((row) => row.before), ...added]
  return {
    variants: [...before.map((one) => changes.get(one) ?? one), ...added.map(({ after }) => after)],
    counts: counted.flatMap(({ given: { units }, after: { sku } }) =>
      units === undefined ? [] : [{ sku, quantity: units }],
    ),
  }
}
