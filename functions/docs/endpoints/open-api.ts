import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { describedApi } from '../described.ts'

export const openApi = (): Handle<typeof endpoints.openApi> => {
  const body = { ...describedApi() }
  return async () => ({ body, headers: { 'cache-control': 'public, max-age=60' } })
}

export const handler = serve(endpoints.openApi, openApi)
