import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeProduct as change } from '../change.ts'
import { endpoints } from '../contract.ts'
import { bodyOf } from '../html.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf } from '../view.ts'

/** HTML is made safe here, at the door; a description that is given as plain text takes the place of one in HTML. */
const descriptionOf = (body: { description?: string | undefined; descriptionHtml?: string | undefined }) => {
  if (body.descriptionHtml !== undefined) return bodyOf(body.descriptionHtml)
  return body.description === undefined ? {} : { description: body.description, descriptionHtml: undefined }
}

/** What the body leaves out stays as it is. */
export const changeProduct =
  ({ catalog }: { catalog: Pick<CatalogTable, 'get' | 'replace'> }): Handle<typeof endpoints.changeProduct> =>
  async ({ params: { productId }, body, ifMatch }) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    const outcome = await change(catalog, productId, { ifMatch }, (product) => ({
      ...product,
      ...given,
      ...descriptionOf(body),
    }))
    if (!('problem' in outcome)) return answerOf(outcome)
    if (outcome.problem === 'SKU_TAKEN') throw new Error('a change of words cannot take a SKU')
    return { ...outcome, problem: outcome.problem }
  }

export const handler = serve(endpoints.changeProduct, () =>
  changeProduct({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
