/** Categories as a tree: an id says the way from the root, `men--shoes` is Shoes within Men. Pure. */
import { isActive, type Product } from '../products/domain.ts'
import { slugFrom, slugOf } from '../products/slug.ts'

const within = '--'

/** `men--shoes` -> `men`, `shoes`. */
export const pathOfCategory = (id: string): string[] => id.split(within)

/** The category that it is in; undefined for one at the root. */
export const parentOfCategory = (id: string): string | undefined => {
  const end = id.lastIndexOf(within)
  return end < 0 ? undefined : id.slice(0, end)
}

/** The categories that it is in, the nearest first. */
export const ancestorsOf = (id: string): string[] => {
  const parent = parentOfCategory(id)
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent)]
}

/** A category's name where nobody has given it one: `home-and-kitchen` -> `Home and kitchen`. */
export const categoryTitleOf = (id: string): string => {
  const words = (pathOfCategory(id).at(-1) ?? '').replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Names from the root as an id: `Men`, `Shoes` -> `men--shoes`. */
export const categoryIdOf = (names: readonly string[]): string =>
  names.map((name) => slugOf(name) || slugFrom(name)).join(within)

/** Names that an id does not give back by itself, from the root of one category to it. */
export const namesBesidesIds = (names: readonly string[]): [id: string, title: string][] =>
  names.flatMap((name, depth): [string, string][] => {
    const id = categoryIdOf(names.slice(0, depth + 1))
    const slug = pathOfCategory(id).at(-1)
    return name === slug || name === categoryTitleOf(id) ? [] : [[id, name]]
  })

/** The categories that a product is counted in: none while shoppers do not see it. */
export const categoriesOf = (product: Product): string[] =>
  isActive(product) ? [...new Set([product.category, ...(product.moreCategories ?? [])])] : []

/** The categories, besides its first, on whose lists a product stands: others of its own, and those that its own are in. */
export const otherLists = (product: Product): string[] => {
  const own = categoriesOf(product)
  return [...new Set([...own, ...own.flatMap(ancestorsOf)])].filter((id) => id !== product.category)
}

export type Category = { id: string; title: string; parent: string | undefined; products: number }

/**
 * All categories that hold products, or that others are in, by their ids: with the products of those within, each counted
 * where it stands. @param counted categories with the products that say that they stand there
 */
export const treeOf = (
  counted: readonly { id: string; products: number; title?: string | undefined }[],
): Category[] => {
  const titles = new Map(counted.map(({ id, title }) => [id, title]))
  const totals = new Map<string, number>()
  for (const { id, products } of counted)
    if (products > 0) for (const one of [id, ...ancestorsOf(id)]) totals.set(one, (totals.get(one) ?? 0) + products)
  return [...totals.keys()].toSorted().map((id) => ({
    id,
    title: titles.get(id) ?? categoryTitleOf(id),
    parent: parentOfCategory(id),
    products: totals.get(id) ?? 0,
  }))
}
