/** What search knows, held against the products. */
import { isActive } from '../../../../../functions/catalog/products/domain.ts'
import { parseProduct } from '../../../../../functions/catalog/products/table.ts'
import { contentsOf, expectedOf } from '../../../../support/search-contents.ts'
import type { Broken, End } from '../../world/final-state.ts'

/** I1: the index has what is on sale, all of it, as it is now, and nothing else. */
export const brokenSearch = ({ catalog, search }: Pick<End, 'catalog' | 'search'>): Broken[] => {
  const sold = catalog
    .filter(({ sk }) => sk === 'product')
    .map(parseProduct)
    .filter(isActive)
  const wanted = new Set(sold.flatMap(expectedOf))
  const there = new Set(contentsOf(search))
  const broken = [
    ...[...wanted.difference(there)].map((place) => `${place} is missing`),
    ...[...there.difference(wanted)].map((place) => `${place} is of nothing that is sold`),
  ]
  return broken.map((detail) => ({ invariant: 'I1', detail }))
}
