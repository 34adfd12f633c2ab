/** The variants of one product: what tells them apart, and how they change. Pure. */
import { ok, type Result, refused } from '../../../shared/domain/result.ts'
import { maxVariants } from '../../published/catalog.ts'
import type { Product, Variant } from './domain.ts'

/** A SKU as it is compared: people, scanners and spreadsheets do not keep capitals apart. */
export const foldedSku = (sku: string): string => sku.normalize('NFC').toLowerCase().normalize('NFC')

/** Options as they are compared: in any order, with any capitals. */
export const foldedOptions = (options: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(options)
      .map(([name, value]) => [name.toLowerCase(), value.toLowerCase()])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)),
  )

/** Two variants that nobody could tell apart: `second` repeats what `first` has. Positions in the list. */
export type Clash = { what: 'sku' | 'options'; first: number; second: number }

/** Each variant that repeats an earlier one's SKU, or else its options. */
export const clashesIn = (variants: readonly Pick<Variant, 'sku' | 'options'>[]): Clash[] => {
  const [skus, options] = [new Map<string, number>(), new Map<string, number>()]
  return variants.flatMap((variant, second): Clash[] => {
    const [sku, chosen] = [foldedSku(variant.sku), foldedOptions(variant.options)]
    const [bySku, byOptions] = [skus.get(sku), options.get(chosen)]
    if (bySku !== undefined) return [{ what: 'sku', first: bySku, second }]
    skus.set(sku, second)
    if (byOptions !== undefined) return [{ what: 'options', first: byOptions, second }]
    options.set(chosen, second)
    return []
  })
}

/** The names of all options, known ones first, then in the order in which variants bring them up. */
export const optionNamesOf = ({ optionNames = [], variants }: Pick<Product, 'optionNames' | 'variants'>): string[] => {
  const used = new Set(variants.flatMap(({ options }) => Object.keys(options)))
  return [...new Set([...optionNames.filter((name) => used.has(name)), ...used])]
}

/** A variant's options in the order of their names; the table itself keeps none. */
export const inOrder = (
  options: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> => {
  const given = new Map(Object.entries(options))
  return Object.fromEntries(
    [...new Set([...names, ...given.keys()])].flatMap((name) => {
      const value = given.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** A SKU that is in two variants, or options that two share. */
type Refusal = 'SKU_TAKEN' | 'OPTIONS_TAKEN'

/** @param at the variant that is new or changed; others that are alike already stay as they are */
const distinct = (product: Product, at: number): Result<Product, Refusal> => {
  const clash = clashesIn(product.variants).find(({ first, second }) => first === at || second === at)
  const other = clash && product.variants[clash.first === at ? clash.second : clash.first]
  if (!clash || !other) return ok(product)
  return clash.what === 'sku'
    ? refused('SKU_TAKEN', `The product has the SKU ${other.sku} already; capitals make no other SKU.`)
    : refused('OPTIONS_TAKEN', `The variant ${other.sku} of the product has these options already.`)
}

export const withVariant = (product: Product, variant: Variant): Result<Product, 'TOO_MANY_VARIANTS' | Refusal> =>
  product.variants.length >= maxVariants
    ? refused('TOO_MANY_VARIANTS', `A product has at most ${maxVariants} variants.`)
    : distinct({ ...product, variants: [...product.variants, variant] }, product.variants.length)

export const withChangedVariant = (
  product: Product,
  sku: string,
  change: Partial<Variant>,
): Result<Product, Refusal> => {
  const changed = {
    ...product,
    variants: product.variants.map((variant) => (variant.sku === sku ? { ...variant, ...change } : variant)),
  }
  if (!change.options) return ok(changed)
  return distinct(
    changed,
    changed.variants.findIndex((variant) => variant.sku === sku),
  )
}
