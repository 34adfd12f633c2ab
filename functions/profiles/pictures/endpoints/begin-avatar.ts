import { randomHex } from '../../../../shared/runtime/clock.ts'
import { serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { pictureLimits, uploadKeyOf } from '../domain.ts'

/** Keeps nothing: what is never chosen goes from the store within a day. */
export const handler = serve(
  endpoints.beginAvatar,
  { store: parts.store },
  async function beginAvatar({ caller, body: { contentType } }, { store }) {
    const uploadId = randomHex(16)
    const form = await store.presignedPost({
      key: uploadKeyOf(caller.id, uploadId),
      contentType,
      maxBytes: pictureLimits.maxBytes,
      expiresInSeconds: pictureLimits.uploadSeconds,
    })
    return { body: { uploadId, ...form } }
  },
)
