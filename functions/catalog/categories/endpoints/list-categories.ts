import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type CatalogTable, catalogTable } from '../../products/table.ts'
import { shelfHeaders } from '../../products/view.ts'
import { treeOf } from '../domain.ts'

export const listCategories =
  ({ catalog }: { catalog: Pick<CatalogTable, 'categories'> }): Handle<typeof endpoints.listCategories> =>
  async () => {
    const categories = await catalog.categories()
    return { body: { data: treeOf(categories) }, headers: shelfHeaders }
  }

export const handler = serve(endpoints.listCategories, () =>
  listCategories({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
