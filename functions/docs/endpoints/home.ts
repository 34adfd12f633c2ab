import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

/** Whoever opens the API's bare address in a browser finds out what it is. */
export const home = (): Handle<typeof endpoints.home> => {
  const page = fixedContent(docsPage(), pageHeaders)
  return async ({ headers }) => page(headers)
}

export const handler = serve(endpoints.home, home)
