import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import type { Product } from '../domain.ts'
import { changeEvents } from '../update-product.ts'

/** Archiving what is archived already answers as the first time did. */
export const handler = serveStaff(
  endpoints.archiveProduct,
  { catalog: parts.catalog },
  function archiveProduct({ params: { productId }, ifMatch }, { catalog }) {
    return retryOnConflict(async () => {
      const { product: before } = (await catalog.get(productId)) ?? {}
      if (!before) return notFound('product')
      if (before.state === 'archived') return { body: undefined }
      if (isStale(ifMatch, before.version)) return staleVersion()
      const archived: Product = { ...before, state: 'archived' }
      const written = await catalog.replace(before, archived, changeEvents(before, archived))
      return typeof written === 'string' ? undefined : { body: undefined }
    })
  },
)
