import { notFound, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { variantOf } from '../domain.ts'
import { foreignPrice, updateProduct } from '../update-product.ts'
import { withVariant } from '../variants.ts'
import { answerOf } from '../view.ts'

export const handler = serveStaff(
  endpoints.addVariant,
  { table: parts.table, catalog: parts.catalog, currency: parts.currency },
  async function addVariant({ params: { productId }, body, ifMatch, idempotencyKey, replayOf }, { catalog, currency }) {
    const location = `/products/${productId}`
    if (replayOf) {
      const known = await catalog.get(replayOf)
      return known ? { ...answerOf(known), location } : notFound('product')
    }
    const foreign = foreignPrice(body, currency)
    if (foreign) return foreign
    const outcome = await updateProduct(catalog, productId, { ifMatch, idempotencyKey }, (product) => {
      const changed = withVariant(product, variantOf(body))
      return changed.ok ? changed.value : problem(changed.reason, changed.detail)
    })
    if (!('problem' in outcome)) return { ...answerOf(outcome), location }
    if (outcome.problem === 'SLUG_TAKEN') throw new Error('a new variant cannot take a slug')
    return { ...outcome, problem: outcome.problem }
  },
)
