/** Products that a client names: by id, or by a SKU of theirs; those that it has on a page, in a cart, in a list of its own. */
import { isActive, type Product, variantsOnSale } from '../products/domain.ts'
import type { CatalogTable } from '../products/table.ts'
import { foldedSku } from '../products/variants.ts'

export type Names = { ids: readonly string[]; skus: readonly string[] }

type Named = {
  /** In the order of the ids, then of the SKUs; each once. */
  products: Product[]
  /** What names no product that is sold. */
  missing: { ids: string[]; skus: string[] }
}

/** One batch read of products; one of SKUs before it where there are any. */
export const namedProducts = async (catalog: CatalogTable, { ids, skus }: Names): Promise<Named> => {
  const owners = skus.length > 0 ? await catalog.skuOwners(skus) : new Map<string, string>()
  const wanted = [...new Set([...ids, ...skus.flatMap((sku) => owners.get(foldedSku(sku)) ?? [])])]
  const found = wanted.length > 0 ? await catalog.getAll(wanted) : []
  const sold = found.filter(isActive)
  const named = (product: Product): string[] =>
    skus.filter((sku) => variantsOnSale(product).some((variant) => variant.sku === sku))
  const products = sold.filter((product) => ids.includes(product.id) || named(product).length > 0)
  const known = new Set(products.flatMap((product) => [product.id, ...named(product)]))
  return {
    products,
    missing: { ids: ids.filter((id) => !known.has(id)), skus: skus.filter((sku) => !known.has(sku)) },
  }
}
