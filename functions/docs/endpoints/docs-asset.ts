import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { assets } from '../page/assets.ts'

export const handler = serve(endpoints.docsAsset, {}, async function docsAsset({ params: { name }, headers }) {
  return assets.get(name)?.(headers) ?? notFound('part of the page')
})
