import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { assets } from '../page/assets.ts'

export const docsAsset =
  (): Handle<typeof endpoints.docsAsset> =>
  async ({ params: { name } }) => {
    const asset = assets.get(name)
    if (!asset) return notFound('part of the page')
    return {
      body: asset.content,
      headers: {
        'content-type': asset.type,
        'cache-control': 'public, max-age=300',
        'x-content-type-options': 'nosniff',
      },
    }
  }

export const handler = serve(endpoints.docsAsset, docsAsset)
