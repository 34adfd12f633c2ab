import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { shopSettings } from '../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { changeProduct, foreignPrice } from '../change.ts'
import { variantOf } from '../domain.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { withVariant } from '../variants.ts'
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
    const foreign = foreignPrice(body, currency)
    if (foreign) return foreign
    const outcome = await changeProduct(catalog, productId, { ifMatch, once }, (product) => {
      const changed = withVariant(product, variantOf(body))
      return changed.ok ? changed.value : problem(changed.reason, changed.detail)
    })
    if (!('problem' in outcome)) return { ...answerOf(outcome), location }
    if (outcome.problem === 'SLUG_TAKEN') throw new Error('a new variant cannot take a slug')
    return { ...outcome, problem: outcome.problem }
  }

export const handler = serveStaff(
  endpoints.addVariant,
  () => addVariant({ catalog: catalogTable({ table: openTable(), now, newId }), currency: shopSettings().currency }),
  openTable,
)
