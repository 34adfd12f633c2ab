/**
 * The cards of a segment's products as one text: a column for each thing that cards say, which packs well. A product keeps its
 * place, its slot, as long as it is on the shelves, and nobody else ever gets it: an entry of a word that is read a moment
 * too late leads to nothing, never to another product. Pure.
 */
import * as z from 'zod/mini'
import { timeOf } from '../../../../shared/domain/ids.ts'
import type { Card, Options } from '../domain.ts'

/** By slot; undefined where a product has left. */
export type Rows = readonly (Card | undefined)[]

const Column = z.array(z.number())

const Columns = z.object({
  ids: z.array(z.nullable(z.string())),
  /** Milliseconds after the time that the id says. */
  created: Column,
  amounts: Column,
  currencies: z.array(z.string()),
  /** Hundredths; -1 for none. */
  ratings: Column,
  stock: z.array(z.string()),
  /** Numbers of `allLists` and `allVariants`. */
  lists: Column,
  variants: Column,
  allLists: z.array(z.readonly(z.array(z.string()))),
  allVariants: z.array(z.readonly(z.array(z.readonly(z.record(z.string(), z.string()))))),
})

/** Numbers values by what they say, each once. */
const numbering = <T>() => {
  const numbers = new Map<string, number>()
  const values: T[] = []
  return {
    values,
    numberOf(value: T): number {
      const text = JSON.stringify(value)
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, values.length)
      return values.push(value) - 1
    },
  }
}

export const rowsText = (rows: Rows): string => {
  const [lists, variants] = [numbering<readonly string[]>(), numbering<readonly Options[]>()]
  const cards = rows.flatMap((card) => card ?? [])
  return JSON.stringify({
    ids: rows.map((card) => card?.id ?? null),
    created: cards.map(({ id, createdAt }) => Date.parse(createdAt) - timeOf(id)),
    amounts: cards.map(({ priceFrom }) => priceFrom.amount),
    currencies: cards.map(({ priceFrom }) => priceFrom.currency),
    ratings: cards.map(({ rating = -1 }) => rating),
    stock: cards.map(({ stock }) => stock),
    lists: cards.map((card) => lists.numberOf(card.lists)),
    variants: cards.map((card) => variants.numberOf(card.variants)),
    allLists: lists.values,
    allVariants: variants.values,
  } satisfies z.input<typeof Columns>)
}

/** @throws Error for columns that are not as long as each other */
const at = <T>(column: readonly T[], place: number): T => {
  const value = column[place]
  if (value === undefined) throw new Error('a column of the search index is too short')
  return value
}

export const parseRows = (text: string): Rows => {
  const { ids, allLists, allVariants, ...columns } = Columns.parse(JSON.parse(text))
  let place = -1
  return ids.map((id) => {
    if (id === null) return undefined
    place += 1
    const rating = at(columns.ratings, place)
    return {
      id,
      createdAt: new Date(timeOf(id) + at(columns.created, place)).toISOString(),
      priceFrom: { amount: at(columns.amounts, place), currency: at(columns.currencies, place) },
      ...(rating < 0 ? {} : { rating }),
      lists: at(allLists, at(columns.lists, place)),
      variants: at(allVariants, at(columns.variants, place)),
      stock: at(columns.stock, place),
    }
  })
}
