import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { consumers } from '../../contract.ts'
import { type CatalogTable, catalogTable } from '../../products/table.ts'
import { type AvailabilityTable, availabilityTable } from '../table.ts'

/** SKUs remembered by one instance. */
const remembered = 10_000

type Dependencies = { catalog: Pick<CatalogTable, 'productOfSku'>; availability: AvailabilityTable }

/**
 * A SKU hardly ever changes its product, so an instance asks once and remembers; a SKU that another product has taken over is
 * asked for again. A stock item of a variant that the catalogue does not have cannot be shown, and needs not be.
 */
export const showAvailability = ({
  catalog,
  availability,
}: Dependencies): Consume<typeof consumers.showAvailability> => {
  const products = new Map<string, string>()
  const productOf = async (sku: string): Promise<string | undefined> => {
    const productId = products.get(sku) ?? (await catalog.productOfSku(sku))
    if (products.size >= remembered) products.clear()
    if (productId !== undefined) products.set(sku, productId)
    return productId
  }
  return async ({ sequence, data: { sku, available } }) => {
    const productId = await productOf(sku)
    if (productId === undefined) return
    const news = { available, sequence }
    if ((await availability.show({ productId, sku }, news)) === 'shown') return
    products.delete(sku)
    const owner = await productOf(sku)
    if (owner !== undefined) await availability.show({ productId: owner, sku }, news)
  }
}

export const handler = consume(consumers.showAvailability, () => {
  const table = openTable()
  return showAvailability({ catalog: catalogTable({ table, now, newId }), availability: availabilityTable(table) })
})
