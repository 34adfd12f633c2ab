import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

/** The page is written once per instance. */
export const docs = (): Handle<typeof endpoints.docs> => {
  const page = fixedContent(docsPage(), pageHeaders)
  return async ({ headers }) => page(headers)
}

export const handler = serve(endpoints.docs, docs)
