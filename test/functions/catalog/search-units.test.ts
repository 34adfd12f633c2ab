/** What search reads and writes, in the units that DynamoDB bills: by the weight of items, as its pages say. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import * as z from 'zod/mini'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { bigCatalogue, indexOf } from '../../support/big-catalogue.ts'
import { attributesBytes } from '../../support/item-size.ts'
import { queries } from './fixtures/queries.ts'
import { searchAll, type World, world } from './search-world.ts'

type Items = Record<string, AttributeValue>[]

const AnyItem = z.custom<Record<string, AttributeValue>>((item) => typeof item === 'object')
const Asked = z.object({
  ConsistentRead: z.optional(z.boolean()),
  RequestItems: z.optional(z.record(z.string(), z.object({ ConsistentRead: z.boolean(), Keys: z.array(AnyItem) }))),
  TransactItems: z.optional(z.array(z.object({ Put: z.object({ Item: AnyItem }) }))),
  Item: z.optional(AnyItem),
})
const Answered = z.object({
  Items: z.optional(z.array(AnyItem)),
  Responses: z.optional(z.record(z.string(), z.array(AnyItem))),
  Item: z.optional(AnyItem),
})

const weight = (items: Items): number => items.reduce((sum, item) => sum + attributesBytes(item), 0)
/** A read of nothing is billed, too. */
const begun = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit))

/** Of one call. A query is billed by what its items weigh together, all else item by item. */
const unitsOf = (operation: string, input: object, answer: object): { read: number; write: number } => {
  const { ConsistentRead, RequestItems = {}, TransactItems = [], Item: written } = Asked.parse(input)
  const { Items = [], Responses = {}, Item: found } = Answered.parse(answer)
  if (operation === 'TransactWriteItems')
    return { read: 0, write: TransactItems.reduce((sum, { Put }) => sum + 2 * begun(weight([Put.Item]), 1_024), 0) }
  if (written) return { read: 0, write: begun(weight([written]), 1_024) }
  if (operation === 'Query') return { read: begun(weight(Items), 4_096) * (ConsistentRead ? 1 : 0.5), write: 0 }
  if (operation === 'GetItem') return { read: begun(weight(found ? [found] : []), 4_096), write: 0 }
  const read = Object.entries(RequestItems).reduce((sum, [table, { Keys, ConsistentRead: isStrong }]) => {
    const items = Responses[table] ?? []
    const each = items.reduce((units, item) => units + begun(weight([item]), 4_096), Keys.length - items.length)
    return sum + each * (isStrong ? 1 : 0.5)
  }, 0)
  return { read, write: 0 }
}

/** A shop that adds up what its index reads and writes. */
const meteredWorld = () => {
  const units = { read: 0, write: 0 }
  const shop: World = world(async (operation, act, input) => {
    const answer = act()
    const { read, write } = unitsOf(operation, input, answer)
    units.read += read
    units.write += write
    return answer
  })
  return {
    shop,
    during: async (work: () => Promise<unknown>) => {
      const before = { ...units }
      await work()
      return { read: units.read - before.read, write: units.write - before.write }
    },
  }
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const kettle: Product = {
  id: 'prd_01JDV0000000000000000000KT',
  slug: 'kettle',
  title: 'Copper kettle',
  description: 'Boils water for your cup.',
  category: 'kitchen',
  tags: ['tea'],
  images: [],
  variants: [{ sku: 'KETTLE-1', options: {}, price: eur(4_900), weightGrams: 900 }],
  availability: { 'KETTLE-1': { available: 3, sequence: 1 } },
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'active',
  version: 1,
  sequence: 1,
}

describe('units', () => {
  test('of a change: by the letters that its words begin and end with, or of card and rows alone', async () => {
    const { shop, during } = meteredWorld()
    shop.put(kettle)
    const made = await during(() => shop.index(kettle.id))
    const partitions = new Set(shop.items().flatMap(({ pk }) => (/^(words|ends)#/.test(pk) ? [pk] : [])))
    // Words begin with ten pairs of letters, two of which share a partition, and those of title and tags end with three.
    assert.equal(partitions.size, 12)
    // Read are the product, and those of which there is none yet: card, rows and words.
    assert.deepEqual(made, { read: 1 + 2 + 12, write: 2 * (2 + 12) })
    shop.put({ ...kettle, variants: kettle.variants.map((variant) => ({ ...variant, price: eur(5_900) })) })
    assert.deepEqual(await during(() => shop.index(kettle.id)), { read: 3, write: 4 })
    assert.deepEqual(await during(() => shop.index(kettle.id)), { read: 3, write: 0 })
    shop.put({ ...kettle, images: ['https://pictures.example/k.jpg'] })
    await shop.index(kettle.id)
    shop.put({ ...kettle, images: [] })
    // Search shows no pictures: its card alone notes the later state.
    assert.deepEqual(await during(() => shop.index(kettle.id)), { read: 3, write: 1 })
  })

  test('of a search in a small shop: half a unit for each thing that it looks up', async () => {
    const { shop, during } = meteredWorld()
    shop.put(kettle)
    await shop.index(kettle.id)
    const reads = async (query: Partial<Parameters<typeof searchAll>[1]>) =>
      (await during(() => searchAll(shop, { sort: 'relevance', ...query }, 20))).read
    assert.equal(await reads({ inStock: true, sort: 'price' }), 0.5)
    // Rows, how it begins, and for what may end a compound also how it ends.
    assert.equal(await reads({ q: 'cup' }), 1)
    assert.equal(await reads({ q: 'kettle' }), 1.5)
    // `copper`, `kettle` and both as one, which begins as the first and ends as the second.
    assert.equal(await reads({ q: 'copper kettle' }), 2.5)
  })

  test('of a search in 1,200 products: fourteen at most of nineteen in twenty, whatever is typed', async () => {
    const { shop, during } = meteredWorld()
    for (const item of indexOf(bigCatalogue(1_200))) shop.putItem(item)
    const reads: number[] = []
    for (const [q] of Object.values(queries).flat()) {
      const used = await during(() => searchAll(shop, { q, sort: 'relevance', inStock: true }, 1_200))
      reads.push(used.read)
    }
    const ranked = reads.toSorted((a, b) => a - b)
    const [most, all] = [ranked[Math.floor(ranked.length * 0.95)] ?? Number.NaN, ranked.at(-1) ?? Number.NaN]
    assert.ok(most <= 14 && all <= 20, `${most} of nineteen in twenty, ${all} at most`)
  })
})
