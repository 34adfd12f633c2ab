import { type Bucket, bucket } from '../../../../shared/runtime/bucket.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { transferEndpoints } from '../contract.ts'
import { fileKeyOf } from '../formats/file.ts'
import { type TransferTable, transferTable } from '../table.ts'
import { answerOfImport, locationOf } from '../view.ts'

type Dependencies = {
  imports: Pick<TransferTable, 'get' | 'save'>
  files: Pick<Bucket, 'getRange'>
}

type StartAnswer = Answer<typeof transferEndpoints.startImport>

/** One that runs already is told to go on: should its last message lie among the dead letters, this is the way on. */
export const startImport =
  ({ imports, files }: Dependencies): Handle<typeof transferEndpoints.startImport> =>
  ({ params: { importId }, ifMatch }) =>
    repeated<StartAnswer>(async () => {
      const before = await imports.get(importId)
      if (!before) return notFound('import')
      if (isStale(ifMatch, before.version)) return staleVersion()
      if (before.state !== 'awaiting-upload' && before.state !== 'running')
        return problem('IMPORT_ENDED', `This import is ${before.state}; make another.`)
      const file = await files.getRange(fileKeyOf(importId), { fromByte: 0, maxBytes: 1 })
      if (typeof file === 'string')
        return problem('NOT_UPLOADED', 'The file has not been uploaded, or has been removed.')
      const { totalBytes, etag } = before.state === 'running' ? before : file
      const started = await imports.save({ ...before, state: 'running', totalBytes, etag }, { goesOn: true })
      if (!started) return undefined
      return { ...answerOfImport(started), location: locationOf(started) }
    })

export const handler = serveStaff(transferEndpoints.startImport, () =>
  startImport({
    imports: transferTable({ table: openTable(), now, newId }),
    files: bucket(setting('BUCKET_NAME'), now),
  }),
)
