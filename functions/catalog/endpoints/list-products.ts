import { newId, now } from '../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../shared/runtime/cursor.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type CatalogTable, catalogTable, listPartition } from '../table.ts'
import { shelfHeaders, summaryOf } from '../view.ts'

const defaultLimit = 20

export const listProducts =
  ({ catalog }: { catalog: Pick<CatalogTable, 'list'> }): Handle<typeof endpoints.listProducts> =>
  async ({ query: { category, limit = defaultLimit, cursor } }) => {
    const list = `products of ${category ?? 'all categories'}`
    const page = await catalog.list(category, limit, decodeCursor(list, cursor, listPartition(category)))
    return {
      body: {
        data: page.products.map(summaryOf),
        next_cursor: page.lastKey ? encodeCursor(list, page.lastKey) : null,
      },
      headers: shelfHeaders,
    }
  }

export const handler = serve(endpoints.listProducts, () =>
  listProducts({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
