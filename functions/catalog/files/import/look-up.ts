/** Finds what the catalogue has of a file's products, in few reads. */
import type { CatalogTable } from '../../products/table.ts'
import { foldedSku } from '../../products/variants.ts'
import { derivedSku, type ImportedProduct } from '../formats/imported.ts'
import type { Known } from './plan.ts'

/** Products that are looked up together. */
const lookedUpAtOnce = 100

type Catalog = Pick<CatalogTable, 'slugOwners' | 'skuOwners' | 'getAll'>

/** The SKUs that a product has in the file, or would be given, each once, as they are compared. */
const skusIn = ({ variants, slug }: ImportedProduct): string[] => [
  ...new Set(variants.map(({ sku, options = {} }) => foldedSku(sku ?? derivedSku(slug, options)))),
]

/** Products in the file's order, in parts in which no slug and no SKU stands twice. */
export const inParts = (products: readonly ImportedProduct[]): ImportedProduct[][] => {
  const parts: ImportedProduct[][] = []
  let names = new Set<string>()
  for (const product of products) {
    const own = [`/${product.slug}`, ...skusIn(product)]
    const part = parts.at(-1)
    if (!part || part.length >= lookedUpAtOnce || own.some((name) => names.has(name))) {
      parts.push([product])
      names = new Set(own)
    } else {
      part.push(product)
      for (const name of own) names.add(name)
    }
  }
  return parts
}

/** Two or three rounds of reads. */
const lookUpOnce = async (catalog: Catalog, products: readonly ImportedProduct[]): Promise<Known[]> => {
  const slugs = await catalog.slugOwners(products.map(({ slug }) => slug))
  const unnamed = products.filter(({ bySku }) => bySku)
  const owners = await catalog.skuOwners(unnamed.flatMap(skusIn))
  const idOf = (product: ImportedProduct): string | undefined =>
    (product.bySku ? skusIn(product).flatMap((sku) => owners.get(sku) ?? [])[0] : undefined) ?? slugs.get(product.slug)
  const found = await catalog.getAll([...new Set(products.flatMap((product) => idOf(product) ?? []))])
  const known = new Map(found.map((product) => [product.id, product]))
  const own = products.map((product) => known.get(idOf(product) ?? ''))
  const strange = products.flatMap((product, index) => {
    const skus = new Set(own[index]?.variants.map(({ sku }) => foldedSku(sku)))
    return skusIn(product).filter((sku) => !skus.has(sku) && !owners.has(sku))
  })
  for (const [sku, owner] of await catalog.skuOwners(strange)) owners.set(sku, owner)
  return own.map((product) => ({ product, owners }))
}

/**
 * What the catalogue has of these products, at most a hundred. SKUs are read after slugs: a product that another import of
 * the same file made in between seems a stranger who has taken the SKUs. It is there as a whole by then, so looking once
 * more finds it.
 */
export const lookUp = async (catalog: Catalog, products: readonly ImportedProduct[]): Promise<Known[]> => {
  const known = await lookUpOnce(catalog, products)
  const late = products.filter(
    (product, index) => !known[index]?.product && skusIn(product).some((sku) => known[index]?.owners.has(sku)),
  )
  if (late.length === 0) return known
  const again = await lookUpOnce(catalog, late)
  return products.flatMap((product, index) => again[late.indexOf(product)] ?? known[index] ?? [])
}
