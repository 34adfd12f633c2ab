import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { guaranteesPage } from '../page/guarantees.ts'
import { pageHeaders } from '../page/page.ts'

/** The page is written once per instance. */
export const guarantees = (): Handle<typeof endpoints.guarantees> => {
  const page = fixedContent(guaranteesPage(), pageHeaders)
  return async ({ headers }) => page(headers)
}

export const handler = serve(endpoints.guarantees, guarantees)
