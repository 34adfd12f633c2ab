import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

/** Whoever opens the API's bare address in a browser finds out what it is. */
export const handler = serve(
  endpoints.home,
  { page: () => fixedContent(docsPage(), pageHeaders) },
  async function home({ headers }, { page }) {
    return page(headers)
  },
)
