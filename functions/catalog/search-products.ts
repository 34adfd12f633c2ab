/** From a search to one page of what it finds, at a cost that does not grow with the catalogue. */
import { type Facets, facetsOf } from './facets.ts'
import {
  type Card,
  comesAfter,
  type Filters,
  isEmpty,
  type Order,
  passes,
  placeOf,
  relevanceOf,
  type Wanted,
} from './search.ts'
import type { Found, SearchTable } from './search-table.ts'

export type SearchLimits = {
  /** Entries read of one list, and cards looked at. */
  candidates: number
  /** Words that are looked up, the longest ones; the cards tell of the others. */
  lists: number
}

/** A thousand cards are about a megabyte, read by ten batch reads at once. */
export const searchLimits: SearchLimits = { candidates: 1_000, lists: 6 }

export type Search = {
  /** Undefined for browsing. */
  wanted?: Wanted | undefined
  filters: Filters
  order: Order
  limit: number
  /** The place of the last product of the page before. */
  after?: string | undefined
  facets: boolean
}

export type Page = {
  productIds: string[]
  /** The place behind which the next page begins; undefined: there is none. */
  next: string | undefined
  facets: Facets | undefined
}

type Candidates = { ids: readonly string[]; complete: boolean; next?: string | undefined }

/**
 * What stands in all lists. A list that was not read to its end rules nothing out; where all are such, the products that
 * stand in the most lists are looked at, and among these the ones that stand in front.
 */
const candidatesAmong = (lists: readonly Found[], limit: number): Candidates => {
  const [first, ...others] = lists.filter(({ next }) => next === undefined).map(({ ids }) => new Set(ids))
  if (first) return { ids: [...first].filter((id) => others.every((ids) => ids.has(id))), complete: true }
  const standing = new Map<string, { lists: number; front: number }>()
  for (const { ids } of lists)
    for (const [index, id] of ids.entries()) {
      const known = standing.get(id) ?? { lists: 0, front: index }
      standing.set(id, { lists: known.lists + 1, front: Math.min(known.front, index) })
    }
  const ids = [...standing]
    .toSorted(([, a], [, b]) => b.lists - a.lists || a.front - b.front)
    .map(([id]) => id)
    .slice(0, limit)
  return { ids, complete: false }
}

/** A SKU is of one product; of so many, where they differ in capitals only. */
const maxOwners = 10

/** A category's shelf is a list like those of the words. */
const candidatesWith = async (
  index: SearchTable,
  { whole, beginning, sku }: Wanted,
  { category }: Filters,
  { candidates, lists }: SearchLimits,
): Promise<Candidates> => {
  const words = [
    ...whole.map((word) => ({ word, find: index.withWord })),
    { word: beginning, find: index.withBeginning },
  ]
  const rarest = words.toSorted((a, b) => b.word.length - a.word.length).slice(0, lists)
  const [owners, ...found] = await Promise.all([
    sku === undefined ? undefined : index.withWord(sku, maxOwners),
    ...rarest.map(({ word, find }) => find(word, candidates)),
    ...(category === undefined ? [] : [index.shelf('newest', category, candidates)]),
  ])
  const among = candidatesAmong(
    found.flatMap((one) => one ?? []),
    candidates,
  )
  return among.complete ? among : { ...among, ids: [...new Set([...(owners?.ids ?? []), ...among.ids])] }
}

/** Without words, a shelf is read on from where the last page ended; no further than a page where nothing is left out. */
const candidatesOnShelf = async (
  index: SearchTable,
  { filters, order, limit, after, facets }: Search,
  { candidates }: SearchLimits,
): Promise<Candidates> => {
  const length = facets || !isEmpty(filters) ? Math.max(candidates, limit + 1) : limit + 1
  const { ids, next } = await index.shelf(order, filters.category, length, after)
  return { ids, next, complete: next === undefined }
}

type Match = { card: Card; place: string }

const matchIn = ({ wanted, filters, order }: Search, card: Card): Match[] => {
  const relevance = wanted ? relevanceOf(wanted, card) : 0
  if (relevance === undefined || !passes(filters, card)) return []
  return [{ card, place: placeOf(order, card, relevance) }]
}

export const searchProducts =
  (index: SearchTable, limits: SearchLimits = searchLimits) =>
  async (search: Search): Promise<Page> => {
    const { wanted, filters, order, limit, after, facets } = search
    const { ids, next, complete } = await (wanted
      ? candidatesWith(index, wanted, filters, limits)
      : candidatesOnShelf(index, search, limits))
    const matches = (await index.cards(ids))
      .flatMap((card) => matchIn(search, card))
      .toSorted((a, b) => (comesAfter(order, a.place, b.place) ? 1 : -1))
    const left = after === undefined ? matches : matches.filter(({ place }) => comesAfter(order, place, after))
    const page = left.slice(0, limit)
    return {
      productIds: page.map(({ card }) => card.id),
      next: left.length > limit ? page.at(-1)?.place : next,
      facets: facets
        ? facetsOf(
            matches.map(({ card }) => card),
            complete,
          )
        : undefined,
    }
  }
