import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ErasuresTable, erasuresTable } from '../table.ts'
import { receiptOf } from '../view.ts'

/** The person has no account any more: knowing the id is all that can be asked of them. */
export const readErasure =
  ({ erasures }: { erasures: Pick<ErasuresTable, 'get'> }): Handle<typeof endpoints.readErasure> =>
  async ({ params: { erasureId } }) => {
    const erasure = await erasures.get(erasureId)
    return erasure
      ? { body: receiptOf(erasure), headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } }
      : notFound('erasure')
  }

export const handler = serve(endpoints.readErasure, () =>
  readErasure({ erasures: erasuresTable({ table: openTable(), now, newId }) }),
)
