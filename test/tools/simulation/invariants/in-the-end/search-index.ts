/** What search knows, held against the products. */

import { isActive } from '../../../../../functions/catalog/products/domain.ts'
import { parseProduct } from '../../../../../functions/catalog/products/table.ts'
import { cardOf } from '../../../../../functions/catalog/search/domain.ts'
import { stepsBetween } from '../../../../../functions/catalog/search/postings.ts'
import type { Json } from '../../cloud/http.ts'
import type { Broken, End } from '../../world/final-state.ts'

const placesOf = (items: readonly Json[]): Set<string> =>
  new Set(items.filter(({ pk }) => /^(words|ends|shelf)#/.test(pk)).map(({ pk, sk }) => `${pk} ${sk}`))

/** I1: the index has what is on sale, all of it, as it is now, and nothing else. */
export const brokenSearch = ({ catalog }: Pick<End, 'catalog'>): Broken[] => {
  const sold = catalog
    .filter(({ sk }) => sk === 'product')
    .map(parseProduct)
    .filter(isActive)
  const wanted = placesOf(
    sold.flatMap((product) => stepsBetween(undefined, cardOf(product)).flatMap(({ puts }) => puts)),
  )
  const there = placesOf(catalog)
  const broken = [
    ...[...wanted].filter((place) => !there.has(place)).map((place) => `${place} is missing`),
    ...[...there].filter((place) => !wanted.has(place)).map((place) => `${place} is of nothing that is sold`),
  ]
  return broken.map((detail) => ({ invariant: 'I1', detail }))
}
