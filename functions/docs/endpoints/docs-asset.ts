import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { assets } from '../page/assets.ts'

export const docsAsset =
  (): Handle<typeof endpoints.docsAsset> =>
  async ({ params: { name }, headers }) =>
    assets.get(name)?.(headers) ?? notFound('part of the page')

export const handler = serve(endpoints.docsAsset, docsAsset)
