import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { describedApi } from '../described.ts'

export const openApi = (): Handle<typeof endpoints.openApi> => {
  const document = fixedContent(JSON.stringify(describedApi()), { 'cache-control': 'public, max-age=60' })
  return async ({ headers }) => document(headers)
}

export const handler = serve(endpoints.openApi, openApi)
