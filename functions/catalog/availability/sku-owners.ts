/** Which product a SKU belongs to. It hardly ever changes its product, so an instance asks once and remembers. */
import type { CatalogTable } from '../products/table.ts'

/** SKUs remembered by one instance. */
const remembered = 10_000

export const skuOwners = (catalog: CatalogTable) => {
  const products = new Map<string, string>()
  return {
    /** @returns the id of the product, as it was when it was asked for first; undefined without one */
    async find(sku: string): Promise<string | undefined> {
      const productId = products.get(sku) ?? (await catalog.productOfSku(sku))
      if (products.size >= remembered) products.clear()
      if (productId !== undefined) products.set(sku, productId)
      return productId
    },
    forget(sku: string): void {
      products.delete(sku)
    },
  }
}
