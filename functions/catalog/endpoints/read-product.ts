import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints } from '../contract.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf, shelfHeaders } from '../view.ts'

export const readProduct =
  ({ catalog }: { catalog: Pick<CatalogTable, 'get' | 'getBySlug'> }): Handle<typeof endpoints.readProduct> =>
  async ({ params: { idOrSlug } }) => {
    const shown = await (idOrSlug.startsWith('prd_') ? catalog.get(idOrSlug) : catalog.getBySlug(idOrSlug))
    return shown && !shown.product.archived ? { ...answerOf(shown), headers: shelfHeaders } : notFound('product')
  }

export const handler = serve(endpoints.readProduct, () =>
  readProduct({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
