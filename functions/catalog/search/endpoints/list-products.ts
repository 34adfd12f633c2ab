import type * as z from 'zod/mini'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { canonicalJson } from '../../../../shared/runtime/idempotency.ts'
import { problem, type Success, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { isActive, type Product } from '../../products/domain.ts'
import { type CatalogTable, listPartition } from '../../products/table.ts'
import { shelfHeaders, summaryOf } from '../../products/view.ts'
import { namesIn, optionsIn, type SearchQuery } from '../contract.ts'
import { type Filters, isEmpty, type Order } from '../domain.ts'
import { type Facets, facetsOf } from '../facets.ts'
import { namedProducts } from '../named-products.ts'
import * as searchParts from '../parts.ts'
import { searchProducts } from '../search-products.ts'
import type { SearchTable } from '../table.ts'
import { wantedIn } from '../words/wanted.ts'

const defaultLimit = 20

type Query = z.output<typeof SearchQuery>
type Listing = Success<typeof endpoints.listProducts>
type Parts = { catalog: CatalogTable; index: SearchTable }

const filtersIn = ({ category, minPrice, maxPrice, inStock, option }: Query): Filters => ({
  category,
  minPrice,
  maxPrice,
  inStock: inStock === undefined ? undefined : inStock === 'true',
  options: option === undefined ? undefined : optionsIn(option),
})

/** Without words nothing is more relevant than anything else. */
const orderIn = ({ q, sort }: Query): Order => {
  if (sort !== undefined && (sort !== 'relevance' || q)) return sort
  return q ? 'relevance' : 'newest'
}

const listingOf = (products: readonly Product[], next: string | undefined, facets?: Facets): Listing => ({
  body: { data: products.map(summaryOf), next_cursor: next ?? null, ...(facets ? { facets } : {}) },
  headers: shelfHeaders,
})

/** Newest first, of everything or of a category: one read. Counts are a search beside it. */
const browse = async ({ catalog, index }: Parts, query: Query): Promise<Listing> => {
  const { category, limit = defaultLimit, cursor, facets } = query
  const list = `products of ${category ?? 'all categories'}`
  const [page, counted] = await Promise.all([
    catalog.list(category, limit, decodeCursor(list, cursor, listPartition(category))),
    facets === 'true' && cursor === undefined
      ? searchProducts(index, { filters: { category }, order: 'newest', limit: 1, facets: true })
      : undefined,
  ])
  return listingOf(page.products, page.lastKey && encodeCursor(list, page.lastKey), counted?.facets)
}

const search = async ({ catalog, index }: Parts, query: Query): Promise<Listing> => {
  const { q, limit = defaultLimit, cursor, facets, ...others } = query
  const filters = filtersIn(query)
  const counts =
    cursor === undefined && facets !== 'false' && (facets === 'true' || q !== undefined || !isEmpty(filters))
  const wanted = q ? wantedIn(q) : undefined
  if (q && !wanted) return listingOf([], undefined, counts ? facetsOf([]) : undefined)
  const list = `search ${canonicalJson({ ...others, q })}`
  const after = decodeCursor(list, cursor)?.place
  const order = orderIn(query)
  const page = await searchProducts(index, { wanted, filters, order, limit, after, facets: counts })
  const products = await catalog.getAll(page.productIds, { eventually: true })
  return listingOf(products.filter(isActive), page.next && encodeCursor(list, { place: page.next }), page.facets)
}

/** Products that shoppers do not see: newest first, in one read. */
const browseState = async (
  { catalog }: Parts,
  state: Product['state'],
  { limit = defaultLimit, cursor }: Query,
): Promise<Listing> => {
  const list = `products that are ${state}`
  const startKey = decodeCursor(list, cursor, listPartition(undefined, state))
  const { products, lastKey } = await catalog.list(undefined, limit, startKey, state)
  const { body } = listingOf(products, lastKey && encodeCursor(list, lastKey))
  return { body, headers: { 'cache-control': 'no-store' } }
}

/** What is named is all that is given: there is nothing to page through, to sort or to leave out. */
const named = async ({ catalog }: Parts, { ids, skus, ...others }: Query) => {
  const pointers = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [`?${name}`]))
  if (pointers.length > 0) {
    const detail = 'Not together with ids or skus, which give what they name.'
    const errors = pointers.map((pointer) => ({ pointer, code: 'invalid_value', detail }))
    return problem('INVALID_INPUT', detail, { errors })
  }
  const { products, missing } = await namedProducts(catalog, { ids: namesIn(ids), skus: namesIn(skus) })
  const { body, headers } = listingOf(products, undefined)
  return { body: { ...body, missing }, headers }
}

export const handler = serve(
  endpoints.listProducts,
  { catalog: parts.catalog, index: searchParts.search, isStaff: parts.isStaff },
  async function listProducts({ query: { state = 'active', ...query }, headers }, { catalog, index, isStaff }) {
    const given = { catalog, index }
    if (state !== 'active') {
      if (!(await isStaff(headers.authorization)))
        return problem('FORBIDDEN', 'Only staff see products that are not active.')
      const { limit: _, cursor: __, ...filters } = query
      return Object.values(filters).some((filter) => filter !== undefined)
        ? problem('INVALID_INPUT', 'Products that are not active are listed without any other filter.')
        : browseState(given, state, query)
    }
    if (query.ids !== undefined || query.skus !== undefined) return named(given, query)
    return !query.q && isEmpty(filtersIn(query)) && orderIn(query) === 'newest'
      ? browse(given, query)
      : search(given, query)
  },
)
