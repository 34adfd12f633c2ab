/** From a search to one page of what it finds, at a cost that does not grow with the catalogue. */

import { type Card, comesAfter, type Filters, isEmpty, type Order, passes, placeOf } from './domain.ts'
import { type Facets, facetsOf } from './facets.ts'
import type { SearchTable } from './table.ts'
import { type Candidates, candidatesWith, type SearchLimits } from './words/candidates.ts'
import { relevanceOf, type Wanted } from './words/wanted.ts'

/** A thousand cards are about a megabyte, read by ten batch reads at once. */
export const searchLimits: SearchLimits = { candidates: 1_000, lists: 6, others: 10 }

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

const matchIn = ({ wanted, filters, order }: Pick<Search, 'wanted' | 'filters' | 'order'>, card: Card): Match[] => {
  const relevance = wanted ? relevanceOf(wanted, card) : 0
  if (relevance === undefined || !passes(filters, card)) return []
  return [{ card, place: placeOf(order, card, relevance) }]
}

export const searchProducts = async (
  index: SearchTable,
  search: Search,
  limits: SearchLimits = searchLimits,
): Promise<Page> => {
  const { filters, order, limit, after, facets } = search
  const { ids, next, complete, wanted } = await (search.wanted
    ? candidatesWith(index, search.wanted, filters, limits)
    : candidatesOnShelf(index, search, limits))
  const matches = (await index.cards(ids))
    .flatMap((card) => matchIn({ wanted, filters, order }, card))
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
