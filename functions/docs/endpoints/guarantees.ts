import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { guaranteesPage } from '../page/guarantees.ts'
import { pageHeaders } from '../page/page.ts'

export const handler = serve(
  endpoints.guarantees,
  { page: () => fixedContent(guaranteesPage(), pageHeaders) },
  async function guarantees({ headers }, { page }) {
    return page(headers)
  },
)
