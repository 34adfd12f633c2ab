import { type Bucket, bucket } from '../../../../shared/runtime/bucket.ts'
import { now, randomHex } from '../../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../../shared/runtime/serve.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import { endpoints } from '../../contract.ts'
import { pictureLimits, uploadKeyOf } from '../domain.ts'

type Dependencies = { store: Pick<Bucket, 'presignedPost'>; newUploadId: () => string }

/** Keeps nothing: what is never chosen goes from the store within a day. */
export const beginAvatar =
  ({ store, newUploadId }: Dependencies): Handle<typeof endpoints.beginAvatar> =>
  async ({ caller, body: { contentType } }) => {
    const uploadId = newUploadId()
    const form = await store.presignedPost({
      key: uploadKeyOf(caller.id, uploadId),
      contentType,
      maxBytes: pictureLimits.maxBytes,
      expiresInSeconds: pictureLimits.uploadSeconds,
    })
    return { body: { uploadId, ...form } }
  }

export const handler = serve(endpoints.beginAvatar, () =>
  beginAvatar({ store: bucket(setting('BUCKET_NAME'), now), newUploadId: () => randomHex(16) }),
)
