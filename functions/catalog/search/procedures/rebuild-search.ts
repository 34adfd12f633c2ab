import type * as z from 'zod/mini'
import { provide } from '../../../../shared/runtime/call.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { rebuildSearch as declaration } from '../../../published/catalog.ts'
import { type CatalogTable, catalogTable } from '../../products/table.ts'
import { type SearchIndex, searchIndex } from '../search-index.ts'
import { type SearchTable, searchTable } from '../table.ts'

/** Products of one call, and of those so many at once: each takes a handful of writes. */
const [productsPerCall, atOnce] = [50, 10]
/** No place on a shelf: those begin with a date. A place says something, so it cannot be empty. */
const shelfBeginning = 'beginning'

type Dependencies = {
  catalog: Pick<CatalogTable, 'list'>
  index: SearchIndex
  search: Pick<SearchTable, 'shelf'>
}
type Rebuild = (input: z.output<(typeof declaration)['input']>) => Promise<z.input<(typeof declaration)['output']>>

/**
 * First everything that the catalogue has is written anew, whatever the index says of it; then what the index has is
 * looked at, so that a product that is gone goes from there, too. Stopped half-way, it can go on or begin again.
 */
export const rebuildSearch = ({ catalog, index, search }: Dependencies): Rebuild => {
  const each = async (productIds: readonly string[], anew: boolean): Promise<number> => {
    for (let start = 0; start < productIds.length; start += atOnce)
      await Promise.all(productIds.slice(start, start + atOnce).map((id) => index.index(id, anew)))
    return productIds.length
  }
  return async ({ from }) => {
    const place = decodeCursor('rebuild-search', from)
    if (place?.shelf === undefined) {
      const { products, lastKey } = await catalog.list(undefined, productsPerCall, place)
      const done = await each(
        products.map(({ id }) => id),
        true,
      )
      return { products: done, next: encodeCursor('rebuild-search', lastKey ?? { shelf: shelfBeginning }) }
    }
    const after = place.shelf === shelfBeginning ? undefined : String(place.shelf)
    const { ids, next } = await search.shelf('newest', undefined, productsPerCall, after)
    await each(ids, false)
    return { products: 0, next: next === undefined ? null : encodeCursor('rebuild-search', { shelf: next }) }
  }
}

export const handler = provide(declaration, () => {
  const table = openTable()
  return rebuildSearch({
    catalog: catalogTable({ table, now, newId }),
    index: searchIndex({ table, now }),
    search: searchTable(table),
  })
})
