import { Buffer } from 'node:buffer'
import type { Bucket, UploadForm } from '../../../../shared/runtime/bucket.ts'
import { isoTime, newId, now } from '../../../../shared/runtime/clock.ts'
import { notFound, problem } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import * as parts from '../../parts.ts'
import { maxUploadBytes, transferEndpoints } from '../contract.ts'
import { contentTypeOf, fileKeyOf } from '../formats/file.ts'
import { beginning } from '../formats/position.ts'
import * as transferParts from '../parts.ts'
import type { Import } from '../table.ts'
import { answerOfImport, locationOf } from '../view.ts'

/** Seconds: time enough for a large file on a slow line. */
const uploadSeconds = 60 * 60

const formFor = (files: Bucket, one: Import): Promise<UploadForm> =>
  files.presignedPost({
    key: fileKeyOf(one.id),
    contentType: contentTypeOf(one.format),
    maxBytes: maxUploadBytes,
    expiresInSeconds: uploadSeconds,
  })

const answer = async (files: Bucket, one: Import) => {
  const { body, version } = answerOfImport(one)
  if (one.state === 'awaiting-upload')
    return { body: { ...body, upload: await formFor(files, one) }, version, location: locationOf(one) }
  return { body, version, location: locationOf(one) }
}

/** The file is in the bucket before the import is known; who works it off hears of it by the write that makes it known. */
export const handler = serveStaff(
  transferEndpoints.createImport,
  { table: parts.table, imports: transferParts.imports, files: transferParts.files },
  async function createImport(
    { body: { format, dryRun = false, stock, text, upload }, idempotencyKey, replayOf },
    { imports, files },
  ) {
    if (replayOf) {
      const known = await imports.get(replayOf)
      return known ? answer(files, known) : notFound('import')
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
      idempotencyKey,
    )
    return answer(files, made)
  },
)
