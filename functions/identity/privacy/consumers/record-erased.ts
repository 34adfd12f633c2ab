import { consume } from '../../../../shared/runtime/consume.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { consumers } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { finished } from '../domain.ts'

/** Records it on the receipt. An erasure is written before its event; one that is not there was kept for its three years. */
export const handler = consume(
  consumers.recordErased,
  { erasures: parts.erasures },
  async function recordErased({ time, data: { erasureId, service } }, { erasures }) {
    await retryOnConflict(async () => {
      const erasure = await erasures.get(erasureId)
      const step = erasure && finished(erasure, service, Date.parse(time))
      return step ? erasures.save(step) : true
    })
  },
)
