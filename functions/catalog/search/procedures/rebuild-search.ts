import { provide } from '../../../../shared/runtime/call.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import * as published from '../../../published/catalog.ts'
import * as parts from '../../parts.ts'
import * as searchParts from '../parts.ts'
import type { SearchIndex } from '../search-index.ts'

/** Products of one call, and of those so many at once: each takes a handful of writes. */
const [productsPerCall, atOnce] = [50, 10]
const indexEach = async (index: SearchIndex, productIds: readonly string[], anew: boolean): Promise<number> => {
  for (let start = 0; start < productIds.length; start += atOnce)
    await Promise.all(productIds.slice(start, start + atOnce).map((id) => index.index(id, anew)))
  return productIds.length
}

/**
 * First everything that the catalogue has is written anew, whatever the index says of it; then what the index has is
 * looked at, so that a product that is gone goes from there, too. Stopped half-way, it can go on or begin again.
 */
export const handler = provide(
  published.rebuildSearch,
  { catalog: parts.catalog, index: searchParts.index, search: searchParts.search },
  async function rebuildSearch({ from }, { catalog, index, search }) {
    const place = decodeCursor('rebuild-search', from)
    if (place?.row === undefined) {
      const { products, lastKey } = await catalog.list(undefined, productsPerCall, place)
      const done = await indexEach(
        index,
        products.map(({ id }) => id),
        true,
      )
      return { products: done, next: encodeCursor('rebuild-search', lastKey ?? { row: '0' }) }
    }
    const { ids, next } = await search.page(Number(place.row), productsPerCall)
    await indexEach(index, ids, false)
    return { products: 0, next: next === undefined ? null : encodeCursor('rebuild-search', { row: String(next) }) }
  },
)
