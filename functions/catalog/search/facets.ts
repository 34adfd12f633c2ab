/** What a search found, counted: by category, stock and options, and between which prices. Pure. */
import type * as z from 'zod/mini'
import type { Facets as FacetsSchema } from './contract.ts'
import type { Card } from './domain.ts'

/** A facet shows its most frequent values only. */
const facetLimits = { values: 50, options: 20 } as const

export type Facets = z.input<typeof FacetsSchema>

/** The most frequent first; those equally frequent by the alphabet. */
const counted = (values: readonly string[]): Facets['categories'] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, facetLimits.values)
}

/** Pairs of name and value, each once. */
const optionsOf = ({ variants }: Card): [string, string][] => {
  const pairs = new Map(
    variants.flatMap(({ options }) =>
      Object.entries(options).map((pair): [string, [string, string]] => [JSON.stringify(pair), pair]),
    ),
  )
  return [...pairs.values()]
}

/** Options are those of variants: a product counts once for each value that one of its variants has. */
export const facetsOf = (cards: readonly Card[], exact: boolean): Facets => {
  const prices = cards.map(({ priceFrom }) => priceFrom).toSorted((a, b) => a.amount - b.amount)
  const [min, max] = [prices[0], prices.at(-1)]
  const pairs = cards.flatMap(optionsOf)
  const names = counted(pairs.map(([name]) => name)).slice(0, facetLimits.options)
  const inStock = cards.filter(({ variants }) => variants.some((variant) => variant.inStock)).length
  return {
    matches: cards.length,
    exact,
    categories: counted(cards.flatMap(({ category, otherLists = [] }) => [category, ...otherLists])),
    ...(min && max ? { price: { min, max } } : {}),
    stock: { inStock, soldOut: cards.length - inStock },
    options: names.map(({ value: name }) => ({
      name,
      values: counted(pairs.flatMap(([of, value]) => (of === name ? [value] : []))),
    })),
  }
}
