import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { withAvailability } from '../domain.ts'
import { type CatalogTable, catalogTable } from '../table.ts'

/** A stock item of a variant that the catalogue does not have cannot be shown, and needs not be. */
export const showAvailability =
  ({
    catalog,
  }: {
    catalog: Pick<CatalogTable, 'productOfSku' | 'get' | 'replace'>
  }): Consume<typeof consumers.showAvailability> =>
  async ({ sequence, data: { sku, available } }) => {
    const productId = await catalog.productOfSku(sku)
    if (productId === undefined) return
    await repeated(async () => {
      const before = await catalog.get(productId)
      const after = before && withAvailability(before, { sku, available, sequence })
      if (!after) return true
      return (await catalog.replace(before, after, [])) !== 'raced' || undefined
    })
  }

export const handler = consume(consumers.showAvailability, () =>
  showAvailability({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
