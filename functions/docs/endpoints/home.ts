import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { docsPage, pageHeaders } from '../page/page.ts'

/** Whoever opens the API's bare address in a browser finds out what it is. */
export const home = (): Handle<typeof endpoints.home> => {
  const body = docsPage()
  return async () => ({ body, headers: pageHeaders })
}

export const handler = serve(endpoints.home, home)
