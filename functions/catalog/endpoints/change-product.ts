import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { changeProduct as change, htmlTooLong } from '../change.ts'
import { endpoints } from '../contract.ts'
import { bodyIn } from '../html.ts'
import { type CatalogTable, catalogTable } from '../table.ts'
import { answerOf } from '../view.ts'

/** What the body leaves out stays as it is. HTML is made safe here, at the door. */
export const changeProduct =
  ({ catalog }: { catalog: Pick<CatalogTable, 'get' | 'replace'> }): Handle<typeof endpoints.changeProduct> =>
  async ({ params: { productId }, body, ifMatch }) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    const words = bodyIn(body)
    if (words === 'too-long') return htmlTooLong()
    const outcome = await change(catalog, productId, { ifMatch }, (product) => ({
      ...product,
      ...given,
      ...words,
    }))
    if (!('problem' in outcome)) return answerOf(outcome)
    if (outcome.problem === 'SKU_TAKEN') throw new Error('a change of words cannot take a SKU')
    return { ...outcome, problem: outcome.problem }
  }

export const handler = serve(endpoints.changeProduct, () =>
  changeProduct({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
