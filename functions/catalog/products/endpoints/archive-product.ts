import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, staleVersion } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { changeFacts } from '../change.ts'
import type { Product } from '../domain.ts'
import { type CatalogTable, catalogTable } from '../table.ts'

/** Archiving what is archived already answers as the first time did. */
export const archiveProduct =
  ({ catalog }: { catalog: Pick<CatalogTable, 'get' | 'replace'> }): Handle<typeof endpoints.archiveProduct> =>
  ({ params: { productId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.archiveProduct>>(async () => {
      const { product: before } = (await catalog.get(productId)) ?? {}
      if (!before) return notFound('product')
      if (before.state === 'archived') return { body: undefined }
      if (isStale(ifMatch, before.version)) return staleVersion()
      const archived: Product = { ...before, state: 'archived' }
      const written = await catalog.replace(before, archived, changeFacts(before, archived))
      return typeof written === 'string' ? undefined : { body: undefined }
    })

export const handler = serveStaff(endpoints.archiveProduct, () =>
  archiveProduct({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
