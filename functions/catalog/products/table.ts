/**
 * | item or index | pk | sk | answers |
 * |---|---|---|---|
 * | a product with its variants | `product#<productId>` | `product` | the product page, by id |
 * | a SKU: where it belongs, its price | `sku#<sku in small letters>` | `sku` | quotes; a SKU is one product's |
 * | a slug, also a former one | `slug#<slug>` | `slug` | a slug is one product's; old links |
 * | a category with its name and its number of products | `categories` | `<category>` | the list of categories |
 * | a place on the list of another category than its first | `product#<productId>` | `place#<category>` | browsing that category |
 * | gsi1 | `slug#<slug>` | `product` | the product page, by slug |
 * | gsi2, also of places | `category#<category>` | `<createdAt>#<productId>` | browsing a category, newest first |
 * | gsi3 | `products`, `products#draft`, `products#archived` | `<createdAt>#<productId>` | browsing everything, newest first |
 *
 * What can be bought of a product's SKUs stands beside it, in the table and in gsi1 (availability/table.ts): either page is
 * one read of a partition. Only active products stand in gsi1 and gsi2. The list of everything is one partition: products
 * change rarely, and reads are what it has many of.
 */
import * as z from 'zod/mini'
import type { IdempotencyKey } from '../../../shared/runtime/idempotency.ts'
import { type NewEvent, nextVersion, withoutOutbox } from '../../../shared/runtime/outbox.ts'
import { parseEach } from '../../../shared/runtime/parse-each.ts'
import { type Change, type Item, type Key, notThere, type Table } from '../../../shared/runtime/table.ts'
import type { Quoted } from '../../published/catalog.ts'
import { categoriesOf, otherLists } from '../categories/domain.ts'
import type { Product, ProductState, Rating, Shown } from './domain.ts'
import {
  availabilityKeyOf,
  indexKeysOf,
  listOf,
  optionalAttributes,
  parseProduct,
  parseSku,
  parseSlug,
  placeOf,
  productAt,
  productKeyOf,
  quotedOf,
  shownIn,
  skuKeyOf,
  slugKeyOf,
} from './stored.ts'
import { foldedSku, optionNamesOf } from './variants.ts'
import { categoryChanges, countChange, type Refused, skuChanges, slugChanges, type TakenOver } from './writes.ts'

export { availabilityKeyOf, parseAvailability, parseProduct, productIdIn, productKeyOf } from './stored.ts'

const StoredCategory = z.object({ sk: z.string(), products: z.int(), title: z.optional(z.string()) })

export const listPartition = (category: string | undefined, state: ProductState = 'active'): Record<string, string> =>
  category === undefined ? { gsi3pk: listOf(state) } : { gsi2pk: `category#${category}` }

/** A page of products; one that cannot be read is left out, and logged. */
const productsIn = (items: readonly Item[]): Product[] => parseEach(items, parseProduct, 'a product')

const namingOf = (id: string, title: string, value: string): Change => ({
  update: { pk: 'categories', sk: id },
  set: {
    expression: `SET #title = ${value}, #products = if_not_exists(#products, :zero)`,
    values: { ':title': title, ':zero': 0 },
  },
})

/** Changes in one transaction. */
const maxChanges = 100

/** What a write tells besides the change itself, with the SKUs that came back or came from archived products. */
export type EventsFor = (reopened: readonly string[]) => readonly NewEvent[]

export const catalogTable = (table: Table) => {
  const itemOf = (product: Product, newEvents: readonly NewEvent[]) => ({
    ...product,
    optionNames: optionNamesOf(product),
    ...indexKeysOf(product),
    ...nextVersion(product.id, product, newEvents),
  })
  /** A new product. */
  const creationOf = (product: Product, newEvents: readonly NewEvent[]): Change<'raced'> => ({
    put: { ...productKeyOf(product.id), ...itemOf(product, newEvents) },
    when: notThere,
    else: 'raced',
  })
  /** Any number of items, each once, 100 a read. */
  const readAll = async (given: readonly Key[], options: { eventually?: boolean } = {}): Promise<Item[]> => {
    const keys = [...new Map(given.map((key) => [`${key.pk} ${key.sk}`, key])).values()]
    const reads: Promise<Item[]>[] = []
    for (let from = 0; from < keys.length; from += 100)
      reads.push(table.batchGet(keys.slice(from, from + 100), options))
    return (await Promise.all(reads)).flat()
  }
  /** Leaves stock and rating alone: they change by themselves, under conditions of their own. */
  const updateOf = (product: Product, newEvents: readonly NewEvent[]): Change<'raced'> => {
    const { availability: _, rating: __, ...item } = itemOf(product, newEvents)
    const names = Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    const gone = optionalAttributes.filter((name) => !names.includes(name))
    const set = `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`
    const remove = gone.length > 0 ? ` REMOVE ${gone.map((name) => `#${name}`).join(', ')}` : ''
    const values = Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]))
    return {
      update: productKeyOf(product.id),
      set: { expression: set + remove, values },
      when: { expression: '#version = :before', values: { ':before': product.version } },
      else: 'raced',
    }
  }
  const after = (product: Product, newEvents: readonly NewEvent[]): Product => ({
    ...product,
    version: product.version + 1,
    sequence: product.sequence + newEvents.length,
  })
  const nothingTaken: TakenOver = new Map()
  const namesOf = (before: Product | undefined, product: Product, taken: TakenOver) => [
    ...slugChanges(before, product),
    ...skuChanges(before, product, taken, availabilityKeyOf),
    ...categoryChanges(before, product),
  ]
  /** @returns the SKUs of a product that belong to archived ones; undefined when another has one of them */
  const takenOver = async (product: Product): Promise<TakenOver | undefined> => {
    const items = await readAll(product.variants.map(({ sku }) => skuKeyOf(sku)))
    const others = items.map(parseSku).filter(({ productId }) => productId !== product.id)
    if (others.length === 0 || others.some(({ released }) => !released)) return undefined
    return new Map(others.map(({ sku, productId }) => [foldedSku(sku), { productId, sku }]))
  }
  /**
   * Writes a product with all its names. SKUs that archived products hold are looked up only when the first try fails.
   * @param first the change of the product itself @throws AlreadyDoneError
   */
  const writeWithNames = async (
    before: Product | undefined,
    product: Product,
    first: (reopened: readonly string[]) => { change: Change<'raced'>; newEvents: readonly NewEvent[] },
    idempotencyKey: IdempotencyKey | undefined,
  ): Promise<Product | Refused> => {
    const comesBack = before?.state === 'archived' && product.state !== 'archived'
    const own = first(comesBack ? product.variants.map(({ sku }) => sku) : [])
    const all = [own.change, ...namesOf(before, product, nothingTaken)]
    if (all.length + (idempotencyKey ? 1 : 0) > maxChanges) return 'TOO_MANY_CHANGES'
    const tried = await table.write(all, { idempotencyKey, resource: product.id })
    if (tried.ok) return after(product, own.newEvents)
    const taken = tried.failed === 'SKU_TAKEN' ? await takenOver(product) : undefined
    if (!taken) return tried.failed
    const again = first(product.variants.flatMap(({ sku }) => (comesBack || taken.has(foldedSku(sku)) ? [sku] : [])))
    const changes = [again.change, ...namesOf(before, product, taken)]
    if (changes.length + (idempotencyKey ? 1 : 0) > maxChanges) return 'TOO_MANY_CHANGES'
    const written = await table.write(changes, { idempotencyKey, resource: product.id })
    return written.ok ? after(product, again.newEvents) : written.failed
  }

  return {
    /** With its at most 90 SKUs it is far from the 1 MB of one page. */
    async get(productId: string): Promise<Shown | undefined> {
      const { pk, sk } = productKeyOf(productId)
      return shownIn((await table.query({ pk, sk: { beginsWith: sk } })).items)
    },

    /**
     * A product by its slug: one read; more for one that had another slug before, or has this one no longer, or is not
     * active.
     */
    async getBySlug(slug: string): Promise<Shown | undefined> {
      const shown = shownIn((await table.query({ index: 'gsi1', pk: `slug#${slug}` })).items)
      if (shown && !shown.product.formerSlugs) return shown
      // What can be bought stands under the slug that a product had first.
      if (shown) return this.get(shown.product.id)
      const item = await table.get(slugKeyOf(slug))
      return item && this.get(parseSlug(item).productId)
    },

    /** The id of the product that a SKU belongs to. */
    async productOfSku(sku: string): Promise<string | undefined> {
      const item = await table.get(skuKeyOf(sku))
      return item && parseSku(item).productId
    },

    /** A page of all products, oldest first: as many of `limit` as DynamoDB gives at once, 1 MB. */
    async listOldestFirst(limit: number, startKey: Item | undefined) {
      const page = await table.query({ index: 'gsi3', pk: 'products', limit, startKey })
      return { products: productsIn(page.items), lastKey: page.lastKey }
    },

    /**
     * Newest first. One read; another where products stand in the category besides their first one.
     * @param state staff also list drafts and archived products, of all categories
     */
    async list(
      category: string | undefined,
      limit: number,
      startKey: Item | undefined,
      state: ProductState = 'active',
    ) {
      const { items, lastKey } = await table.query({
        index: category === undefined ? 'gsi3' : 'gsi2',
        pk: category === undefined ? listOf(state) : `category#${category}`,
        backward: true,
        limit,
        startKey,
      })
      const places = items.map(productAt)
      const elsewhere = await this.getAll(places.flatMap((productId) => productId ?? []))
      const products = new Map(
        [...productsIn(items.filter((_, index) => places[index] === undefined)), ...elsewhere].map((one) => [
          one.id,
          one,
        ]),
      )
      return {
        // A place may be a moment older than its product.
        products: items
          .flatMap((item, index) => products.get(places[index] ?? String(item.id)) ?? [])
          .filter((product) => product.state === state),
        lastKey,
      }
    },

    /** Up to 100 products in one read, as they were asked for; those that are there. @param eventually as Table says */
    async getAll(productIds: readonly string[], options: { eventually?: boolean } = {}): Promise<Product[]> {
      const items = productIds.length > 0 ? await readAll(productIds.map(productKeyOf), options) : []
      const products = new Map(productsIn(items).map((product) => [product.id, product]))
      return productIds.flatMap((productId) => products.get(productId) ?? [])
    },

    /** All categories, also empty ones: staff make them, so they are few and fit into one page of 1 MB. */
    async categories(): Promise<{ id: string; products: number; title: string | undefined }[]> {
      const { items } = await table.query({ pk: 'categories' })
      return parseEach(items, (item) => StoredCategory.parse(item), 'a category').map(({ sk, products, title }) => ({
        id: sk,
        products,
        title,
      }))
    },

    /** Gives a category its name. */
    async nameCategory(id: string, title: string): Promise<void> {
      await table.write([namingOf(id, title, ':title')])
    },

    /** Gives categories names, where they have none yet: up to 100 in one write. */
    async nameCategories(names: ReadonlyMap<string, string>): Promise<void> {
      const all = [...names]
      for (let from = 0; from < all.length; from += 100)
        await table.write(
          all.slice(from, from + 100).map(([id, title]) => namingOf(id, title, 'if_not_exists(#title, :title)')),
        )
    },

    async quote(skus: readonly string[]): Promise<Quoted[]> {
      const asked = new Set(skus)
      const items = await readAll(skus.map(skuKeyOf))
      return items.map(parseSku).flatMap((item) => (item.forSale && asked.has(item.sku) ? [quotedOf(item)] : []))
    },

    /**
     * Notes what buyers think of a product, unless newer news was there. One write without a read. The version stays, and
     * the outbox goes, so nothing is published again.
     */
    async showRating(productId: string, rating: Rating): Promise<void> {
      await table.write([
        {
          update: productKeyOf(productId),
          set: { expression: `SET #rating = :news${withoutOutbox}`, values: { ':news': rating } },
          when: {
            expression: 'attribute_exists(pk) AND (attribute_not_exists(#rating) OR #rating.#sequence < :sequence)',
            values: { ':sequence': rating.sequence },
          },
          else: 'older',
        },
      ])
    },

    /** The products that these slugs belong to, archived ones too, by slug. */
    async slugOwners(slugs: readonly string[]): Promise<Map<string, string>> {
      const items = await readAll(slugs.map(slugKeyOf))
      return new Map(items.map((item) => [String(item.pk).slice(slugKeyOf('').pk.length), String(item.productId)]))
    },

    /** The products that these SKUs belong to, by the SKU as it is compared; those of archived products are free. */
    async skuOwners(skus: readonly string[]): Promise<Map<string, string>> {
      const items = (await readAll(skus.map(skuKeyOf))).map(parseSku)
      return new Map(items.flatMap(({ sku, productId, released }) => (released ? [] : [[foldedSku(sku), productId]])))
    },

    /** Makes several products in one write. @returns false, and nothing is made, when one of their names is taken */
    async insertAll(products: readonly { product: Product; newEvents: readonly NewEvent[] }[]): Promise<boolean> {
      const counts = new Map<string, number>()
      for (const { product } of products)
        for (const category of categoriesOf(product)) counts.set(category, (counts.get(category) ?? 0) + 1)
      const changes = products.flatMap(({ product, newEvents }) => [
        creationOf(product, newEvents),
        ...slugChanges(undefined, product),
        ...skuChanges(undefined, product, nothingTaken, availabilityKeyOf),
        ...otherLists(product).map((id) => ({ put: placeOf(product, id) })),
      ])
      const written = await table.write([
        ...changes,
        ...[...counts].map(([category, change]) => countChange(category, change)),
      ])
      return written.ok
    },

    /** @returns which name is taken, if one is @throws AlreadyDoneError */
    insert(
      product: Product,
      eventsFor: EventsFor,
      idempotencyKey: IdempotencyKey | undefined,
    ): Promise<Product | Refused> {
      return writeWithNames(
        undefined,
        product,
        (reopened) => {
          const newEvents = eventsFor(reopened)
          return { change: creationOf(product, newEvents), newEvents }
        },
        idempotencyKey,
      )
    },

    /** Writes a product's next version with the SKUs, slugs and categories that it changes. @throws AlreadyDoneError */
    replace(
      before: Product,
      product: Product,
      eventsFor: EventsFor,
      idempotencyKey?: IdempotencyKey,
    ): Promise<Product | Refused> {
      return writeWithNames(
        before,
        product,
        (reopened) => {
          const newEvents = eventsFor(reopened)
          return { change: updateOf(product, newEvents), newEvents }
        },
        idempotencyKey,
      )
    },
  }
}

export type CatalogTable = ReturnType<typeof catalogTable>
