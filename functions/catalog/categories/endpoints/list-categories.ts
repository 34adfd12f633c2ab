import { serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { shelfHeaders } from '../../products/view.ts'
import { treeOf } from '../domain.ts'

export const handler = serve(
  endpoints.listCategories,
  { catalog: parts.catalog },
  async function listCategories(_request, { catalog }) {
    const categories = await catalog.categories()
    return { body: { data: treeOf(categories) }, headers: shelfHeaders }
  },
)
