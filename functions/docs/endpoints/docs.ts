import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

export const handler = serve(
  endpoints.docs,
  { page: () => fixedContent(docsPage(), pageHeaders) },
  async function docs({ headers }, { page }) {
    return page(headers)
  },
)
