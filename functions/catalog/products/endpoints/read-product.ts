import { notFound, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { isActive, type Product, variantsOnSale } from '../domain.ts'
import { answerOf, shelfHeaders } from '../view.ts'

/** Whether staff see more of it than shoppers do. */
const hidesSomething = (product: Product): boolean =>
  !isActive(product) || variantsOnSale(product).length < product.variants.length

/** A token is looked at only where it makes a difference. The answer's `slug` is the one that a product has now. */
export const handler = serve(
  endpoints.readProduct,
  { catalog: parts.catalog, isStaff: parts.isStaff },
  async function readProduct({ params: { idOrSlug }, headers }, { catalog, isStaff }) {
    const shown = await (idOrSlug.startsWith('prd_') ? catalog.get(idOrSlug) : catalog.getBySlug(idOrSlug))
    if (!shown) return notFound('product')
    if (hidesSomething(shown.product) && (await isStaff(headers.authorization)))
      return { ...answerOf(shown), headers: { 'cache-control': 'no-store' } }
    return isActive(shown.product) ? { ...answerOf(shown, 'shoppers'), headers: shelfHeaders } : notFound('product')
  },
)
