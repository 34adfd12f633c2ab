import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeProduct, priceProblem } from '../change.ts'
import { endpoints } from '../contract.ts'
import { variantOf, withVariant } from '../domain.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { catalog: Pick<CatalogTable, 'get' | 'replace'>; currency: string }

export const addVariant =
  ({ catalog, currency }: Dependencies): Handle<typeof endpoints.addVariant> =>
  async ({ params: { productId }, body, ifMatch, once, replayOf }) => {
    const location = `/products/${productId}`
    if (replayOf) {
      const known = await catalog.get(replayOf)
      return known ? { ...answerOf(known), location } : notFound('product')
    }
    if (body.price.currency !== currency) return priceProblem(currency, '/price/currency')
    const outcome = await changeProduct(catalog, productId, { ifMatch, once }, (product) => {
      if (product.variants.some(({ sku }) => sku === body.sku))
        return problem('SKU_TAKEN', 'The product has this variant already.')
      const changed = withVariant(product, variantOf(body))
      return changed.ok ? changed.value : problem(changed.reason, changed.detail)
    })
    return 'problem' in outcome ? outcome : { ...answerOf(outcome), location }
  }

export const handler = serve(
  endpoints.addVariant,
  () => addVariant({ catalog: catalogTable({ table: openTable(), now, newId }), currency: shopSettings().currency }),
  openTable,
)
