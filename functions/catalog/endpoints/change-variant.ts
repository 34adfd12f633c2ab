import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeProduct, priceProblem } from '../change.ts'
import { endpoints } from '../contract.ts'
import { withChangedVariant } from '../domain.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf } from '../view.ts'

type Dependencies = { catalog: Pick<CatalogTable, 'get' | 'replace' | 'productOfSku'>; currency: string }

/** Orders that are placed keep their price; carts take the new one when a line is set, orders when they are placed. */
export const changeVariant =
  ({ catalog, currency }: Dependencies): Handle<typeof endpoints.changeVariant> =>
  async ({ params: { sku }, body, ifMatch }) => {
    if (body.price && body.price.currency !== currency) return priceProblem(currency, '/price/currency')
    const productId = await catalog.productOfSku(sku)
    if (productId === undefined) return notFound('variant')
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    const outcome = await changeProduct(catalog, productId, { ifMatch }, (product) =>
      withChangedVariant(product, sku, given),
    )
    if (!('problem' in outcome)) return answerOf(outcome)
    if (outcome.problem === 'SKU_TAKEN') throw new Error('a change of a variant cannot take a SKU')
    return { ...outcome, problem: outcome.problem }
  }

export const handler = serve(endpoints.changeVariant, () =>
  changeVariant({ catalog: catalogTable({ table: openTable(), now, newId }), currency: shopSettings().currency }),
)
