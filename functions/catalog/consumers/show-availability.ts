import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { type CatalogTable, catalogTable } from '../table.ts'

/** A stock item of a variant that the catalogue does not have cannot be shown, and needs not be. */
export const showAvailability =
  ({
    catalog,
  }: {
    catalog: Pick<CatalogTable, 'productOfSku' | 'showAvailability'>
  }): Consume<typeof consumers.showAvailability> =>
  async ({ sequence, data: { sku, available } }) => {
    const productId = await catalog.productOfSku(sku)
    if (productId !== undefined) await catalog.showAvailability(productId, sku, { available, sequence })
  }

export const handler = consume(consumers.showAvailability, () =>
  showAvailability({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
