import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { shopOpenApi } from '../shop-openapi.ts'

export const handler = serve(
  endpoints.openApi,
  { document: () => fixedContent(JSON.stringify(shopOpenApi()), { 'cache-control': 'public, max-age=60' }) },
  async function openApi({ headers }, { document }) {
    return document(headers)
  },
)
