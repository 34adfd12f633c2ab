import { newId, now } from '../../../../shared/runtime/clock.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type CatalogTable, catalogTable } from '../../products/table.ts'

export const nameCategory =
  ({ catalog }: { catalog: Pick<CatalogTable, 'nameCategory'> }): Handle<typeof endpoints.nameCategory> =>
  async ({ params: { categoryId }, body: { title } }) => {
    await catalog.nameCategory(categoryId, title)
    return { body: undefined }
  }

export const handler = serveStaff(endpoints.nameCategory, () =>
  nameCategory({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
