import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

/** The page is written once per instance. */
export const docs = (): Handle<typeof endpoints.docs> => {
  const body = docsPage()
  return async () => ({ body, headers: pageHeaders })
}

export const handler = serve(endpoints.docs, docs)
