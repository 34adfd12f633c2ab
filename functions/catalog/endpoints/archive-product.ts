import { newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { skusOf } from '../change.ts'
import { endpoints } from '../contract.ts'
import { productArchived } from '../events.ts'
import { type CatalogTable, catalogTable } from '../table.ts'

/** Archiving what is archived already answers as the first time did. */
export const archiveProduct =
  ({ catalog }: { catalog: Pick<CatalogTable, 'get' | 'replace'> }): Handle<typeof endpoints.archiveProduct> =>
  ({ params: { productId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.archiveProduct>>(async () => {
      const { product: before } = (await catalog.get(productId)) ?? {}
      if (!before) return notFound('product')
      if (before.archived) return { body: undefined }
      if (isStale(ifMatch, before.version)) return staleVersion()
      const facts = [fact(productArchived, { productId, skus: skusOf(before) })]
      const written = await catalog.replace(before, { ...before, archived: true }, facts)
      return written === 'raced' ? undefined : { body: undefined }
    })

export const handler = serve(endpoints.archiveProduct, () =>
  archiveProduct({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
