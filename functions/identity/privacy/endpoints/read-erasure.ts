import { notFound, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { receiptOf } from '../view.ts'

/** The person has no account any more: knowing the id is all that can be asked of them. */
export const handler = serve(
  endpoints.readErasure,
  { erasures: parts.erasures },
  async function readErasure({ params: { erasureId } }, { erasures }) {
    const erasure = await erasures.get(erasureId)
    return erasure
      ? { body: receiptOf(erasure), headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } }
      : notFound('erasure')
  },
)
