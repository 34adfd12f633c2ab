import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { transferEndpoints } from '../contract.ts'
import { fileKeyOf } from '../formats/file.ts'
import * as transferParts from '../parts.ts'
import { answerOfImport, locationOf } from '../view.ts'

/** One that runs already is told to go on: should its last message lie among the dead letters, this is the way on. */
export const handler = serveStaff(
  transferEndpoints.startImport,
  { imports: transferParts.imports, files: transferParts.files },
  function startImport({ params: { importId }, ifMatch }, { imports, files }) {
    return retryOnConflict(async () => {
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
  },
)
