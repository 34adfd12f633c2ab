/** From a search to one page of what it finds. */
import { type Card, comesAfter, type Filters, type Order, passes, placeOf } from './domain.ts'
import { type Facets, facetsOf } from './facets.ts'
import type { SearchTable } from './table.ts'
import { relevancesOf } from './words/matches.ts'
import type { Wanted } from './words/wanted.ts'

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

type Match = { card: Card; relevance: number }

const matchesOf = async (index: SearchTable, { wanted, filters }: Search): Promise<Match[]> => {
  const [catalogue, relevances] = await Promise.all([
    index.catalogue(),
    wanted ? relevancesOf(index, wanted) : undefined,
  ])
  const candidates = relevances
    ? [...relevances].flatMap(([number, relevance]): Match[] => {
        const card = catalogue.at(number)
        return card ? [{ card, relevance }] : []
      })
    : catalogue.all().map((card) => ({ card, relevance: 0 }))
  return candidates.filter(({ card }) => passes(filters, card))
}

type Placed = { id: string; place: string }

/** The first of a list that is mostly left aside, without sorting all of it. */
const firstOf = (matches: readonly Match[], { order, after }: Search, count: number): Placed[] => {
  const first: Placed[] = []
  for (const { card, relevance } of matches) {
    const place = placeOf(order, card, relevance)
    if (after !== undefined && !comesAfter(order, place, after)) continue
    const last = first[count - 1]
    if (last && comesAfter(order, place, last.place)) continue
    const at = first.findIndex((other) => comesAfter(order, other.place, place))
    first.splice(at < 0 ? first.length : at, 0, { id: card.id, place })
    if (first.length > count) first.pop()
  }
  return first
}

export const searchProducts = async (index: SearchTable, search: Search): Promise<Page> => {
  const { limit, facets } = search
  const matches = await matchesOf(index, search)
  const first = firstOf(matches, search, limit + 1)
  const page = first.slice(0, limit)
  return {
    productIds: page.map(({ id }) => id),
    next: first.length > limit ? page.at(-1)?.place : undefined,
    facets: facets ? facetsOf(matches.map(({ card }) => card)) : undefined,
  }
}
