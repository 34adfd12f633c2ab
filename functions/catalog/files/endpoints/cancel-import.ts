import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { transferEndpoints } from '../contract.ts'
import * as transferParts from '../parts.ts'
import { answerOfImport } from '../view.ts'

/** The piece that is being worked off is finished; its progress is then no longer written. */
export const handler = serveStaff(
  transferEndpoints.cancelImport,
  { imports: transferParts.imports },
  function cancelImport({ params: { importId }, ifMatch }, { imports }) {
    return retryOnConflict(async () => {
      const before = await imports.get(importId)
      if (!before) return notFound('import')
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.state === 'cancelled') return answerOfImport(before)
      if (before.state === 'done' || before.state === 'failed')
        return problem('IMPORT_ENDED', `This import is ${before.state} already.`)
      const cancelled = await imports.save({ ...before, state: 'cancelled' })
      return cancelled && answerOfImport(cancelled)
    })
  },
)
