/** How a product of the sample catalogue is written down, and the variants that follow from it. */
import { minorUnitDigits } from '../../../shared/domain/money.ts'

export type SampleProduct = {
  /** Begins the SKUs of its variants. */
  code: string
  title: string
  /** The category's slug. */
  category: string
  description: string
  tags: readonly string[]
  /** Hundredths of the shop's main unit: 5900 is 59.00 EUR. */
  price: number
  weightGrams: number
  /** Every combination is a variant; the first option varies slowest. Left out: the product comes in one form only. */
  options?: Readonly<Record<string, readonly string[]>>
  /** What a value of an option adds to the price, in hundredths. */
  extra?: Readonly<Record<string, number>>
  /** Units on hand at the beginning, variant by variant. */
  stock: readonly number[]
}

export type SampleVariant = {
  sku: string
  options: Record<string, string>
  price: { amount: number; currency: string }
  weightGrams: number
  stock: number
}

/** Lower case, words joined by hyphens: `Crème brûlée dish` -> `creme-brulee-dish`. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

const combinations = (options: Readonly<Record<string, readonly string[]>>): Record<string, string>[] =>
  Object.entries(options).reduce<Record<string, string>[]>(
    (made, [name, values]) => made.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  )

/**
 * A product's variants in a shop's currency. Amounts keep their face value: 59.00 EUR, 59 JPY, 59.000 JOD; parts of a
 * minor unit are rounded up.
 */
export const variantsOf = (product: SampleProduct, currency: string): SampleVariant[] =>
  combinations(product.options ?? {}).map((options, index) => {
    const values = Object.values(options)
    const hundredths = values.reduce((sum, value) => sum + (product.extra?.[value] ?? 0), product.price)
    return {
      sku: [product.code, ...values.map((value) => slugOf(value).toUpperCase())].join('-'),
      options,
      price: { amount: Math.ceil((hundredths * 10 ** minorUnitDigits(currency)) / 100), currency },
      weightGrams: product.weightGrams,
      stock: product.stock[index] ?? 0,
    }
  })
