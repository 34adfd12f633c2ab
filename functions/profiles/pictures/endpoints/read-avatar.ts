import { notFound, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { contentTypeOf, defaultPicture, defaultPictureName, pictureKeyOf, pictureLimits } from '../domain.ts'

/** What others uploaded is a picture for whoever gets it, and nothing else. */
const guarded = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** A name stands for the same bytes for ever; the default picture may be drawn anew. */
export const handler = serve(
  endpoints.readAvatar,
  { store: parts.store },
  async function readAvatar({ params: { name } }, { store }) {
    if (name === defaultPictureName)
      return {
        body: new TextEncoder().encode(defaultPicture),
        headers: { ...guarded, 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' },
      }
    const picture = await store.get(pictureKeyOf(name), pictureLimits)
    if (typeof picture === 'string') return notFound('picture')
    return {
      body: new Uint8Array(picture.bytes),
      headers: {
        ...guarded,
        'content-type': contentTypeOf(name),
        'cache-control': 'public, max-age=31536000, immutable',
      },
    }
  },
)
