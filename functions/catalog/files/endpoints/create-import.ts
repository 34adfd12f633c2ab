import { Buffer } from 'node:buffer'
import type { NewId } from '../../../../shared/domain/ids.ts'
import { type Bucket, bucket, type UploadForm } from '../../../../shared/runtime/bucket.ts'
import { isoTime, type Now, newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { maxUploadBytes, transferEndpoints } from '../contract.ts'
import { contentTypeOf, fileKeyOf } from '../formats/file.ts'
import { beginning } from '../formats/position.ts'
import { type Import, type TransferTable, transferTable } from '../table.ts'
import { answerOfImport, locationOf } from '../view.ts'

/** Seconds: time enough for a large file on a slow line. */
const uploadSeconds = 60 * 60

type Dependencies = {
  imports: Pick<TransferTable, 'get' | 'insert'>
  files: Pick<Bucket, 'put' | 'presignedPost'>
  now: Now
  newId: NewId
}

/** The file is in the bucket before the import is known; who works it off hears of it by the write that makes it known. */
export const createImport = ({
  imports,
  files,
  now,
  newId,
}: Dependencies): Handle<typeof transferEndpoints.createImport> => {
  const formFor = (one: Import): Promise<UploadForm> =>
    files.presignedPost({
      key: fileKeyOf(one.id),
      contentType: contentTypeOf(one.format),
      maxBytes: maxUploadBytes,
      expiresInSeconds: uploadSeconds,
    })
  const answer = async (one: Import) => {
    const { body, version } = answerOfImport(one)
    if (one.state === 'awaiting-upload')
      return { body: { ...body, upload: await formFor(one) }, version, location: locationOf(one) }
    return { body, version, location: locationOf(one) }
  }
  return async ({ body: { format, dryRun = false, stock, text, upload }, once, replayOf }) => {
    if (replayOf) {
      const known = await imports.get(replayOf)
      return known ? answer(known) : notFound('import')
    }
    if ((text === undefined) === (upload === undefined))
      return problem('INVALID_INPUT', 'Give the file as `text`, or say `upload: true` and upload it then.')
    const id = newId('imp')
    const bytes = text === undefined ? undefined : Buffer.from(text)
    if (bytes) await files.put(fileKeyOf(id), { bytes, contentType: contentTypeOf(format) })
    const made = await imports.insert(
      {
        id,
        format,
        dryRun,
        ...(stock ? { stock: true } : {}),
        state: bytes ? 'running' : 'awaiting-upload',
        totalBytes: bytes?.length,
        position: beginning,
        steps: 0,
        rows: 0,
        products: { created: 0, changed: 0, unchanged: 0, failed: 0 },
        entries: 0,
        createdAt: isoTime(now()),
        updatedAt: isoTime(now()),
        version: 0,
        sequence: 0,
      },
      once,
    )
    return answer(made)
  }
}

export const handler = serveStaff(
  transferEndpoints.createImport,
  () =>
    createImport({
      imports: transferTable({ table: openTable(), now, newId }),
      files: bucket(setting('BUCKET_NAME'), now),
      now,
      newId,
    }),
  openTable,
)
