/** Whether people find what they look for, however they type it: a catalogue and a list of queries that stay as they are. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { catalogue, queries } from './fixtures/queries.ts'
import { searchAll, world } from './search-world.ts'

const shop = world(async (_, act) => act())
const all = Object.entries(catalogue)
/** The first of the catalogue is the newest. */
const productOf = (id: string, index: number): Product => {
  const [title = '', tags = '', description = ''] = catalogue[id] ?? []
  return {
    id,
    slug: id,
    title,
    description,
    category: 'all',
    tags: tags.split(';').filter((tag) => tag !== ''),
    images: [],
    variants: [{ sku: `A${index}`, options: {}, price: { amount: 1, currency: 'EUR' }, weightGrams: 1 }],
    availability: {},
    createdAt: new Date(Date.UTC(2026, 0, 1) - index * 1_000).toISOString(),
    state: 'active',
    version: 1,
    sequence: 1,
  }
}
for (const [index, [id]] of all.entries()) {
  shop.put(productOf(id, index))
  await shop.index(id)
}

describe('search finds', () => {
  for (const [subject, list] of Object.entries(queries))
    test(`${subject}: ${list.length} queries`, async () => {
      const wrong: string[] = []
      for (const [q, ...expected] of list) {
        const { ids } = await searchAll(shop, { q, sort: 'relevance' }, 20)
        const isRight = ids[0] === expected[0] && ids.toSorted().join() === expected.toSorted().join()
        if (!isRight) wrong.push(`${q}: ${ids.join(', ')} instead of ${expected.join(', ')}`)
      }
      assert.deepEqual(wrong, [])
    })

  test('by more than a hundred queries', () => {
    assert.ok(Object.values(queries).flat().length > 100)
  })
})
