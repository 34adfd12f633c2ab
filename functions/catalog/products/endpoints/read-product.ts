import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { isActive, type Product, variantsOnSale } from '../domain.ts'
import { type IsStaff, staffTokens } from '../staff.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf, shelfHeaders } from '../view.ts'

type Dependencies = { catalog: Pick<CatalogTable, 'get' | 'getBySlug'>; isStaff: IsStaff }

/** Whether staff see more of it than shoppers do. */
const hidesSomething = (product: Product): boolean =>
  !isActive(product) || variantsOnSale(product).length < product.variants.length

/** A token is looked at only where it makes a difference. The answer's `slug` is the one that a product has now. */
export const readProduct =
  ({ catalog, isStaff }: Dependencies): Handle<typeof endpoints.readProduct> =>
  async ({ params: { idOrSlug }, headers }) => {
    const shown = await (idOrSlug.startsWith('prd_') ? catalog.get(idOrSlug) : catalog.getBySlug(idOrSlug))
    if (!shown) return notFound('product')
    if (hidesSomething(shown.product) && (await isStaff(headers.authorization)))
      return { ...answerOf(shown), headers: { 'cache-control': 'no-store' } }
    return isActive(shown.product) ? { ...answerOf(shown, 'shoppers'), headers: shelfHeaders } : notFound('product')
  }

export const handler = serve(endpoints.readProduct, () =>
  readProduct({ catalog: catalogTable({ table: openTable(), now, newId }), isStaff: staffTokens() }),
)
