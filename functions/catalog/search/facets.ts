/** What a search found, counted: by category, stock and options, and between which prices. Pure. */
import type * as z from 'zod/mini'
import type { Facets as FacetsSchema } from './contract.ts'
import { type Card, isInStock, type Options } from './domain.ts'

/** A facet shows its most frequent values only. */
const facetLimits = { values: 50, options: 20 } as const

export type Facets = z.input<typeof FacetsSchema>

type Counts<T> = Map<T, number>

const addTo = <T>(counts: Counts<T>, value: T, count: number): void => {
  counts.set(value, (counts.get(value) ?? 0) + count)
}

/** The most frequent first; those equally frequent by the alphabet. */
const ranked = (counts: Counts<string>, limit: number): Facets['categories'] =>
  [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, limit)

/** Products of a segment share what they have in common, so that equal ones are counted before they are looked into. */
const countedBy = <T>(cards: readonly Card[], of: (card: Card) => T): Counts<T> => {
  const counts: Counts<T> = new Map()
  for (const card of cards) addTo(counts, of(card), 1)
  return counts
}

const categoriesOf = (cards: readonly Card[]): Counts<string> => {
  const counts: Counts<string> = new Map()
  for (const [lists, count] of countedBy(cards, (card) => card.lists))
    for (const category of lists) addTo(counts, category, count)
  return counts
}

/** By an option's name, its values; a product counts once for each value that one of its variants has. */
const optionsOf = (cards: readonly Card[]): Map<string, Counts<string>> => {
  const options = new Map<string, Counts<string>>()
  const add = (variants: readonly Options[], count: number): void => {
    const pairs = variants.flatMap((variant) => Object.entries(variant))
    for (const [name, value] of new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()) {
      const values = options.get(name) ?? new Map<string, number>()
      addTo(values, value, count)
      options.set(name, values)
    }
  }
  for (const [variants, count] of countedBy(cards, (card) => card.variants)) add(variants, count)
  return options
}

const pricesOf = (cards: readonly Card[]): Pick<Facets, 'price'> => {
  let [min, max] = [cards[0]?.priceFrom, cards[0]?.priceFrom]
  for (const { priceFrom } of cards) {
    if (min && priceFrom.amount < min.amount) min = priceFrom
    if (max && priceFrom.amount > max.amount) max = priceFrom
  }
  return min && max ? { price: { min, max } } : {}
}

const sum = (counts: Counts<string>): number => [...counts.values()].reduce((total, count) => total + count, 0)

export const facetsOf = (cards: readonly Card[]): Facets => {
  const options = optionsOf(cards)
  const totals = new Map([...options].map(([name, counts]) => [name, sum(counts)]))
  const inStock = cards.filter(isInStock).length
  return {
    matches: cards.length,
    exact: true,
    categories: ranked(categoriesOf(cards), facetLimits.values),
    ...pricesOf(cards),
    stock: { inStock, soldOut: cards.length - inStock },
    options: ranked(totals, facetLimits.options).map(({ value: name }) => ({
      name,
      values: ranked(options.get(name) ?? new Map(), facetLimits.values),
    })),
  }
}
