import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { consumers } from '../../contract.ts'
import { type CatalogTable, catalogTable } from '../table.ts'

export const showRating =
  ({ catalog }: { catalog: Pick<CatalogTable, 'showRating'> }): Consume<typeof consumers.showRating> =>
  ({ sequence, data: { productId, count, sum } }) =>
    catalog.showRating(productId, { count, sum, sequence })

export const handler = consume(consumers.showRating, () =>
  showRating({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
