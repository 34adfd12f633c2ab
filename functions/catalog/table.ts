/**
 * | item or index | pk | sk | answers |
 * |---|---|---|---|
 * | a product with its variants | `product#<productId>` | `product` | the product page, by id |
 * | a SKU: where it belongs, its price | `sku#<sku>` | `sku` | quotes; a SKU is taken once and for ever |
 * | a slug | `slug#<slug>` | `slug` | a slug is taken once |
 * | a category with its number of products | `categories` | `<category>` | the list of categories |
 * | gsi1 | `slug#<slug>` | `product` | the product page, by slug |
 * | gsi2 | `category#<category>` | `<createdAt>#<productId>` | browsing a category, newest first |
 * | gsi3 | `products` | `<createdAt>#<productId>` | browsing everything, newest first |
 *
 * What can be bought of a product's SKUs stands beside it, in the table and in gsi1 (availability-table.ts): either page is
 * one read of a partition. Archived products stand in no index. The list of everything is one partition: products change
 * rarely, and reads are what it has many of.
 */
import * as z from 'zod/mini'
import { Money } from '../../shared/contract/schema.ts'
import type { NewId } from '../../shared/domain/ids.ts'
import type { Now } from '../../shared/runtime/clock.ts'
import type { Once } from '../../shared/runtime/idempotency.ts'
import { type Fact, nextVersion } from '../../shared/runtime/outbox.ts'
import { type Change, type Item, type Key, notThere, type Table } from '../../shared/runtime/table.ts'
import type { Availability, Product, Rating, Shown, Variant } from './domain.ts'
import type { Quoted } from './procedures.ts'

const StoredProduct = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  descriptionHtml: z.optional(z.string()),
  category: z.string(),
  tags: z.array(z.string()),
  images: z.array(z.string()),
  variants: z.array(
    z.object({
      sku: z.string(),
      options: z.record(z.string(), z.string()),
      price: Money,
      weightGrams: z.int(),
      image: z.optional(z.string()),
    }),
  ),
  availability: z.record(z.string(), z.object({ available: z.int(), sequence: z.int() })),
  rating: z.optional(z.object({ count: z.int(), sum: z.int(), sequence: z.int() })),
  createdAt: z.string(),
  archived: z.boolean(),
  version: z.int(),
  sequence: z.int(),
})

export const parseProduct = (item: unknown): Product => StoredProduct.parse(item)

const StoredAvailability = z.object({ sku: z.string(), available: z.int(), sequence: z.int() })

export const parseAvailability = (item: unknown): Availability & { sku: string } => StoredAvailability.parse(item)

const StoredSku = z.object({
  sku: z.string(),
  productId: z.string(),
  title: z.string(),
  options: z.record(z.string(), z.string()),
  unitPrice: Money,
  weightGrams: z.int(),
  archived: z.boolean(),
})

const StoredCategory = z.object({ sk: z.string(), products: z.int() })

export const productKeyOf = (productId: string) => ({ pk: `product#${productId}`, sk: 'product' })
/** Begins as the product's own does, so that one query has both and nothing else. */
export const availabilityKeyOf = (productId: string, sku: string) => ({
  pk: `product#${productId}`,
  sk: `product#availability#${sku}`,
})
/** The product that an item of a product's is about. */
export const productIdIn = ({ pk }: Pick<Key, 'pk'>): string => pk.slice('product#'.length)
const skuKeyOf = (sku: string) => ({ pk: `sku#${sku}`, sk: 'sku' })
const slugKeyOf = (slug: string) => ({ pk: `slug#${slug}`, sk: 'slug' })

const indexKeysOf = (product: Product) =>
  product.archived
    ? {}
    : {
        gsi1pk: `slug#${product.slug}`,
        gsi1sk: 'product',
        gsi2pk: `category#${product.category}`,
        gsi2sk: `${product.createdAt}#${product.id}`,
        gsi3pk: 'products',
        gsi3sk: `${product.createdAt}#${product.id}`,
      }

const skuItemOf = (product: Product, variant: Variant) => ({
  ...skuKeyOf(variant.sku),
  sku: variant.sku,
  productId: product.id,
  title: product.title,
  options: variant.options,
  unitPrice: variant.price,
  weightGrams: variant.weightGrams,
  archived: product.archived,
})

/** The product among its items, with what can be bought; undefined where there is none, or only an archived one's rest. */
const shownIn = (items: readonly Item[]): Shown | undefined => {
  const item = items.find(({ sk }) => sk === 'product')
  if (!item) return undefined
  const product = StoredProduct.parse(item)
  // What the product itself says is of before its SKUs had items of their own, which a SKU has from its next news on.
  const levels = [
    ...Object.entries(product.availability).map(([sku, { available }]) => ({ sku, available })),
    ...items.filter(({ sk }) => sk !== 'product').map(parseAvailability),
  ]
  return { product, available: Object.fromEntries(levels.map(({ sku, available }) => [sku, available])) }
}

/** Only SKUs whose quote differs are written again. */
const skuChanges = (before: Product | undefined, after: Product): Change[] =>
  after.variants.flatMap((variant) => {
    const known = before?.variants.find(({ sku }) => sku === variant.sku)
    const put = skuItemOf(after, variant)
    if (!before || !known) return [{ put, when: notThere }]
    return JSON.stringify(skuItemOf(before, known)) === JSON.stringify(put) ? [] : [{ put }]
  })

/** So many products more or less in a category. */
const countChange = (category: string | undefined, change: number): Change[] =>
  category === undefined
    ? []
    : [
        {
          update: { pk: 'categories', sk: category },
          set: {
            expression: 'SET #products = if_not_exists(#products, :zero) + :change',
            values: { ':zero': 0, ':change': change },
          },
        },
      ]

/** One product more or less in a category; an unchanged category costs nothing. */
const categoryChanges = (before: Product | undefined, after: Product): Change[] => {
  const from = before && !before.archived ? before.category : undefined
  const to = after.archived ? undefined : after.category
  if (from === to) return []
  return [...countChange(from, -1), ...countChange(to, 1)]
}

export const listPartition = (category: string | undefined): Record<string, string> =>
  category === undefined ? { gsi3pk: 'products' } : { gsi2pk: `category#${category}` }

export const catalogTable = ({ table, now, newId }: { table: Table; now: Now; newId: NewId }) => {
  const itemOf = (product: Product, facts: readonly Fact[]) => ({
    ...product,
    ...indexKeysOf(product),
    ...nextVersion(product.id, product, facts, { now, newId }),
  })
  /** A new product, its slug and its SKUs, in this order. */
  const creationOf = (product: Product, facts: readonly Fact[]): Change[] => [
    { put: { ...productKeyOf(product.id), ...itemOf(product, facts) }, when: notThere },
    { put: { ...slugKeyOf(product.slug), productId: product.id }, when: notThere },
    ...skuChanges(undefined, product),
  ]
  /** Any number of items, 100 a read. */
  const readAll = async (keys: readonly Key[]): Promise<Item[]> => {
    const reads: Promise<Item[]>[] = []
    for (let from = 0; from < keys.length; from += 100) reads.push(table.batchGet(keys.slice(from, from + 100)))
    return (await Promise.all(reads)).flat()
  }
  /** Leaves stock and rating alone: they change by themselves, under conditions of their own. */
  const updateOf = (product: Product, facts: readonly Fact[]): Change => {
    const { availability: _, rating: __, ...item } = itemOf(product, facts)
    const names = Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    const gone = [
      'gsi1pk',
      'gsi1sk',
      'gsi2pk',
      'gsi2sk',
      'gsi3pk',
      'gsi3sk',
      'outbox',
      'outboxVersion',
      'descriptionHtml',
    ].filter((name) => !names.includes(name))
    const set = `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`
    const remove = gone.length > 0 ? ` REMOVE ${gone.map((name) => `#${name}`).join(', ')}` : ''
    const values = Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]))
    return {
      update: productKeyOf(product.id),
      set: { expression: set + remove, values },
      when: { expression: '#version = :before', values: { ':before': product.version } },
    }
  }
  const after = (product: Product, facts: readonly Fact[]): Product => ({
    ...product,
    version: product.version + 1,
    sequence: product.sequence + facts.length,
  })

  return {
    /** With its at most 90 SKUs it is far from the 1 MB of one page. */
    async get(productId: string): Promise<Shown | undefined> {
      const { pk, sk } = productKeyOf(productId)
      return shownIn((await table.query({ pk, sk: { beginsWith: sk } })).items)
    },

    async getBySlug(slug: string): Promise<Shown | undefined> {
      return shownIn((await table.query({ index: 'gsi1', pk: `slug#${slug}` })).items)
    },

    /** The id of the product that a SKU belongs to. */
    async productOfSku(sku: string): Promise<string | undefined> {
      const item = await table.get(skuKeyOf(sku))
      return item && StoredSku.parse(item).productId
    },

    /** A page of all products, oldest first: as many of `limit` as DynamoDB gives at once, 1 MB. */
    async listOldestFirst(limit: number, startKey: Item | undefined) {
      const page = await table.query({ index: 'gsi3', pk: 'products', limit, startKey })
      return { products: page.items.map((item) => StoredProduct.parse(item)), lastKey: page.lastKey }
    },

    async list(category: string | undefined, limit: number, startKey: Item | undefined) {
      const page = await table.query({
        index: category === undefined ? 'gsi3' : 'gsi2',
        pk: category === undefined ? 'products' : `category#${category}`,
        backward: true,
        limit,
        startKey,
      })
      return { products: page.items.map((item) => StoredProduct.parse(item)), lastKey: page.lastKey }
    },

    /** Up to 100 products in one read, as they were asked for; those that are there. */
    async getAll(productIds: readonly string[]): Promise<Product[]> {
      const items = await table.batchGet(productIds.map(productKeyOf))
      const products = new Map(items.map((item) => [String(item.id), StoredProduct.parse(item)]))
      return productIds.flatMap((productId) => products.get(productId) ?? [])
    },

    /** All categories: staff make them, so they are few and fit into one page of 1 MB. */
    async categories(): Promise<{ id: string; products: number }[]> {
      const { items } = await table.query({ pk: 'categories' })
      return items
        .map((item) => StoredCategory.parse(item))
        .flatMap(({ sk, products }) => (products > 0 ? [{ id: sk, products }] : []))
    },

    async quote(skus: readonly string[]): Promise<Quoted[]> {
      const items = await table.batchGet([...new Set(skus)].map(skuKeyOf))
      return items.map((item) => StoredSku.parse(item)).flatMap(({ archived, ...quoted }) => (archived ? [] : [quoted]))
    },

    /**
     * Notes what buyers think of a product, unless newer news was there. One write without a read. The version stays, and
     * the outbox goes, so nothing is published again.
     */
    async showRating(productId: string, rating: Rating): Promise<void> {
      await table.write([
        {
          update: productKeyOf(productId),
          set: { expression: 'SET #rating = :news REMOVE #outbox, #outboxVersion', values: { ':news': rating } },
          when: {
            expression: 'attribute_exists(pk) AND (attribute_not_exists(#rating) OR #rating.#sequence < :sequence)',
            values: { ':sequence': rating.sequence },
          },
        },
      ])
    },

    /** The products that these slugs were taken by, archived ones too. */
    async slugOwners(slugs: readonly string[]): Promise<Map<string, string>> {
      const items = await readAll(slugs.map(slugKeyOf))
      return new Map(items.map((item) => [String(item.pk).slice(slugKeyOf('').pk.length), String(item.productId)]))
    },

    /** The products that these SKUs were taken by, archived ones too. */
    async skuOwners(skus: readonly string[]): Promise<Map<string, string>> {
      const items = await readAll(skus.map(skuKeyOf))
      return new Map(items.map((item) => StoredSku.parse(item)).map(({ sku, productId }) => [sku, productId]))
    },

    /** Makes several products in one write. @returns false, and nothing is made, when one of their names is taken */
    async insertAll(products: readonly { product: Product; facts: readonly Fact[] }[]): Promise<boolean> {
      const counts = new Map<string, number>()
      for (const { product } of products) counts.set(product.category, (counts.get(product.category) ?? 0) + 1)
      const written = await table.write([
        ...products.flatMap(({ product, facts }) => creationOf(product, facts)),
        ...[...counts].flatMap(([category, change]) => countChange(category, change)),
      ])
      return written.ok
    },

    /** @returns which name is taken, if one is @throws AlreadyDoneError */
    async insert(
      product: Product,
      facts: readonly Fact[],
      once: Once | undefined,
    ): Promise<Product | 'SLUG_TAKEN' | 'SKU_TAKEN'> {
      const changes = [...creationOf(product, facts), ...categoryChanges(undefined, product)]
      const written = await table.write(changes, { once, resource: product.id })
      if (written.ok) return after(product, facts)
      return written.failed === 1 ? 'SLUG_TAKEN' : 'SKU_TAKEN'
    },

    /** Writes a product's next version with the SKUs and categories that it changes. @throws AlreadyDoneError */
    async replace(
      before: Product,
      product: Product,
      facts: readonly Fact[],
      once?: Once,
    ): Promise<Product | 'raced' | 'SKU_TAKEN'> {
      const changes = [updateOf(product, facts), ...skuChanges(before, product), ...categoryChanges(before, product)]
      const written = await table.write(changes, { once, resource: product.id })
      if (written.ok) return after(product, facts)
      return written.failed === 0 ? 'raced' : 'SKU_TAKEN'
    },
  }
}

export type CatalogTable = ReturnType<typeof catalogTable>
