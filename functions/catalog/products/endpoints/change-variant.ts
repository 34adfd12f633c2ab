import type { Request } from '../../../../shared/runtime/request.ts'
import { notFound, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import type { Variant } from '../domain.ts'
import { foreignPrice, updateProduct } from '../update-product.ts'
import { withChangedVariant } from '../variants.ts'
import { answerOf } from '../view.ts'

/** What the body leaves out stays as it is; null takes away. */
const changeIn = ({
  options,
  price,
  weightGrams,
  image,
  compareAtPrice,
  barcode,
  onSale,
}: Request<typeof endpoints.changeVariant>['body']): Partial<Variant> => ({
  ...(options === undefined ? {} : { options }),
  ...(price === undefined ? {} : { price }),
  ...(weightGrams === undefined ? {} : { weightGrams }),
  ...(image === undefined ? {} : { image }),
  ...(compareAtPrice === undefined ? {} : { compareAtPrice: compareAtPrice ?? undefined }),
  ...(barcode === undefined ? {} : { barcode: barcode ?? undefined }),
  ...(onSale === undefined ? {} : { offSale: onSale ? undefined : true }),
})

/** Orders that are placed keep their price; carts take the new one when a line is set, orders when they are placed. */
export const handler = serveStaff(
  endpoints.changeVariant,
  { catalog: parts.catalog, currency: parts.currency },
  async function changeVariant({ params: { sku }, body, ifMatch }, { catalog, currency }) {
    const foreign = foreignPrice(body, currency)
    if (foreign) return foreign
    const productId = await catalog.productOfSku(sku)
    if (productId === undefined) return notFound('variant')
    const outcome = await updateProduct(catalog, productId, { ifMatch }, (product) => {
      if (!product.variants.some((variant) => variant.sku === sku)) return notFound('variant')
      const changed = withChangedVariant(product, sku, changeIn(body))
      if (changed.ok) return changed.value
      if (changed.reason === 'SKU_TAKEN') throw new Error('a change of a variant cannot take a SKU')
      return problem(changed.reason, changed.detail)
    })
    if (!('problem' in outcome)) return answerOf(outcome)
    if (outcome.problem === 'SKU_TAKEN' || outcome.problem === 'SLUG_TAKEN')
      throw new Error('a change of a variant cannot take a name')
    return { ...outcome, problem: outcome.problem }
  },
)
