/**
 * What a write of a product changes besides the product: its SKUs, slugs and categories, in one transaction.
 */
import { type Change, type Expression, type Key, notThere } from '../../../shared/runtime/table.ts'
import { categoriesOf, otherLists } from '../categories/domain.ts'
import type { Product } from './domain.ts'
import { placeOf, skuItemOf, slugKeyOf } from './stored.ts'
import { foldedSku } from './variants.ts'

/**
 * Why a product cannot be written: another wrote it first, one of its names belongs to another product, or more changes
 * with it than one transaction takes.
 */
export type Refused = 'raced' | 'SLUG_TAKEN' | 'SKU_TAKEN' | 'TOO_MANY_CHANGES'

/** Nobody's, or this product's own. */
const mineOrFree = (productId: string): Expression => ({
  expression: 'attribute_not_exists(pk) OR #productId = :me',
  values: { ':me': productId },
})

/** SKUs of archived products that a write takes over, by the SKU as it is compared: whose each is still, and how it is spelt there. */
export type TakenOver = ReadonlyMap<string, { productId: string; sku: string }>

const claimOf = (productId: string, taken: TakenOver, sku: string): Expression => {
  const owner = taken.get(foldedSku(sku))
  return owner === undefined
    ? mineOrFree(productId)
    : {
        expression: '#productId = :owner AND #released = :yes',
        values: { ':owner': owner.productId, ':yes': true },
      }
}

/**
 * Only SKUs whose quote differs are written again, and those of a product that comes back. A SKU that its product has no
 * longer is released. @param removals deletes what the old product knows of a SKU that is taken over
 */
export const skuChanges = (
  before: Product | undefined,
  after: Product,
  taken: TakenOver,
  removals: (productId: string, sku: string) => Key,
): Change<'raced' | 'SKU_TAKEN'>[] => {
  const known = new Map(before?.variants.map((variant) => [foldedSku(variant.sku), variant]))
  const kept = new Set(after.variants.map(({ sku }) => foldedSku(sku)))
  const comesBack = before?.state === 'archived' && after.state !== 'archived'
  const changes = after.variants.flatMap((variant): Change<'SKU_TAKEN'>[] => {
    const old = known.get(foldedSku(variant.sku))
    const put = skuItemOf(after, variant)
    if (before && old && !comesBack)
      return JSON.stringify(skuItemOf(before, old)) === JSON.stringify(put) ? [] : [{ put }]
    const owner = taken.get(foldedSku(variant.sku))
    const forget: Change[] = owner === undefined ? [] : [{ delete: removals(owner.productId, owner.sku) }]
    const when = before || owner !== undefined ? claimOf(after.id, taken, variant.sku) : notThere
    return [{ put, when, else: 'SKU_TAKEN' }, ...forget]
  })
  const gone = (before?.variants ?? []).flatMap((variant): Change[] => {
    if (!before || kept.has(foldedSku(variant.sku))) return []
    const put = { ...skuItemOf(before, variant), forSale: false, released: true }
    return [{ put }]
  })
  return [...changes, ...gone]
}

/** A slug is free when nobody has it, or its product is archived; a product's former slugs stay its own. */
const freeSlug = (productId: string): Expression => ({
  expression: 'attribute_not_exists(pk) OR #released = :yes OR #productId = :me',
  values: { ':yes': true, ':me': productId },
})

export const slugChanges = (before: Product | undefined, after: Product): Change<'raced' | 'SLUG_TAKEN'>[] => {
  const item = (slug: string) => ({ ...slugKeyOf(slug), productId: after.id })
  const released = (slug: string) => ({ ...item(slug), released: true })
  if (after.state === 'archived') {
    if (before?.state === 'archived') return []
    const when = mineOrFree(after.id)
    const slugs = [after.slug, ...(after.formerSlugs ?? [])]
    return slugs.map((slug) => ({ put: released(slug), when, else: 'SLUG_TAKEN' }))
  }
  const comesBack = before?.state === 'archived'
  const isNew = before?.slug !== after.slug
  if (!isNew && !comesBack) return []
  const when = comesBack && !isNew ? mineOrFree(after.id) : freeSlug(after.id)
  const forgotten = (before?.formerSlugs ?? []).filter(
    (slug) => slug !== after.slug && !(after.formerSlugs ?? []).includes(slug),
  )
  return [
    { put: item(after.slug), when, else: 'SLUG_TAKEN' },
    ...forgotten.map((slug) => ({ put: released(slug), when: mineOrFree(after.id), else: 'raced' as const })),
  ]
}

/** So many products more or less in a category. */
export const countChange = (category: string, change: number): Change => ({
  update: { pk: 'categories', sk: category },
  set: {
    expression: 'SET #products = if_not_exists(#products, :zero) + :change',
    values: { ':zero': 0, ':change': change },
  },
})

/** One product more or less in each category, and its places on their lists; unchanged categories cost nothing. */
export const categoryChanges = (before: Product | undefined, after: Product): Change[] => {
  const changes = (
    from: readonly string[],
    to: readonly string[],
    gone: (id: string) => Change,
    come: (id: string) => Change,
  ) => [...from.filter((id) => !to.includes(id)).map(gone), ...to.filter((id) => !from.includes(id)).map(come)]
  const remove = (id: string): Change => {
    const { pk, sk } = placeOf(after, id)
    return { delete: { pk, sk } }
  }
  return [
    ...changes(
      before ? categoriesOf(before) : [],
      categoriesOf(after),
      (id) => countChange(id, -1),
      (id) => countChange(id, 1),
    ),
    ...changes(before ? otherLists(before) : [], otherLists(after), remove, (id) => ({ put: placeOf(after, id) })),
  ]
}
