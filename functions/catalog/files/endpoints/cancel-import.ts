import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { transferEndpoints } from '../contract.ts'
import { type TransferTable, transferTable } from '../table.ts'
import { answerOfImport } from '../view.ts'

/** The piece that is being worked off is finished; its progress is then no longer written. */
export const cancelImport =
  ({ imports }: { imports: Pick<TransferTable, 'get' | 'save'> }): Handle<typeof transferEndpoints.cancelImport> =>
  ({ params: { importId }, ifMatch }) =>
    repeated<Answer<typeof transferEndpoints.cancelImport>>(async () => {
      const before = await imports.get(importId)
      if (!before) return notFound('import')
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.state === 'cancelled') return answerOfImport(before)
      if (before.state === 'done' || before.state === 'failed')
        return problem('IMPORT_ENDED', `This import is ${before.state} already.`)
      const cancelled = await imports.save({ ...before, state: 'cancelled' })
      return cancelled && answerOfImport(cancelled)
    })

export const handler = serveStaff(transferEndpoints.cancelImport, () =>
  cancelImport({ imports: transferTable({ table: openTable(), now, newId }) }),
)
