/** Search as the deployed functions do it: what is asked for, what is answered, and at how many round trips. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { catalog } from '../../../functions/catalog/contract.ts'
import { stockLevelChanged } from '../../../functions/published/inventory.ts'
import { spent } from '../../support/round-trips.ts'
import { contentsOf } from '../../support/search-contents.ts'
import { type Json, someEvent, someId, staff, startService, type TestQuery } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const service = await startService(catalog)
after(() => service.stop())

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const keyOf = (id: string) => ({ pk: `product#${id}`, sk: 'product' })
const told = (...ids: string[]) => service.project('indexProducts', ids.map(keyOf))
let variantsMade = 0
/** Of digits: of letters alone, as parts of a UUID now and then are, it would be a word that the index learns. */
const newSku = (): string => {
  variantsMade += 1
  return `1000${variantsMade}`
}
const create = async (body: object): Promise<Json> =>
  (
    await service.request('createProduct', {
      caller: staff(),
      body: { category: 'kitchen', variants: [{ sku: newSku(), price: eur(1000) }], ...body },
    })
  ).body
const made = async (body: object): Promise<Json> => {
  const product = await create(body)
  assert.equal(await told(product.id), undefined)
  return product
}
const change = (productId: string, body: object) =>
  service.request('changeProduct', { caller: staff(), params: { productId }, body })
const find = (query: TestQuery) => service.request('listProducts', { query })
const titles = ({ body }: Awaited<ReturnType<typeof find>>): string[] => body.data.map(({ title }) => title)
const operations = ({ database }: { database: { operation: string }[] }) => database.map(({ operation }) => operation)
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const from = service.database.length
  await work()
  return operations({ database: service.database.slice(from) })
}
const stock = async (sku: string, available: number, sequence: number) =>
  service.deliver('showAvailability', [
    someEvent(stockLevelChanged, sku, { sku, available, onHand: available, reserved: 0 }, { sequence }),
  ])
/** Everything of the index that a product has. */
const indexed = async (id: string): Promise<string[]> =>
  contentsOf(await service.items('search')).filter((line) => line.includes(id))

await made({ title: 'Copper kettle', tags: ['tea'], description: 'Boils water for your cup.' })
await made({
  title: 'Cup of stoneware',
  category: 'tableware',
  variants: [
    { sku: 'CUP-RED-S', price: eur(1200), options: { colour: 'red', size: 'S' } },
    { sku: 'CUP-BLUE-L', price: eur(1500), options: { colour: 'blue', size: 'L' } },
  ],
})
await made({ title: 'Saucer', tags: ['cup'], category: 'tableware', variants: [{ sku: 'SAU-1', price: eur(500) }] })
await made({ title: 'Kupferkessel, groß', description: 'Für Crème brûlée' })
await made({ title: '不锈钢茶壶' })
await made({ title: 'กาน้ำชาสแตนเลส' })

describe('list-products', () => {
  test('finds by words: title before tags before text, in two rounds of reads', async () => {
    const found = await find({ q: 'cup' })
    assert.deepEqual(titles(found), ['Cup of stoneware', 'Saucer', 'Copper kettle'])
    assert.deepEqual(spent(found.database), budgets['list-products: one word'])
    assert.equal(found.body.next_cursor, null)
    assert.match(found.headers['cache-control'] ?? '', /max-age=5/)
    const two = await find({ q: 'copper cup', category: 'kitchen' })
    assert.deepEqual(titles(two), ['Copper kettle'])
    // Words of one letter, and what ends with the first of them, or with both as one: all at once with the rows.
    assert.deepEqual(spent(two.database), budgets['list-products: two words'])
    // What nothing has: its end, too, then what may have been meant.
    const meant = await find({ q: 'sauccer' })
    assert.deepEqual(titles(meant), ['Saucer'])
    assert.deepEqual(spent(meant.database), budgets['list-products: a word mistyped'])
  })

  test('wants all words, of the last only the beginning; capitals and accents do not matter', async () => {
    for (const [q, expected] of [
      ['KET cop', []],
      ['kettle cop', ['Copper kettle']],
      ['kupferkessel gross', ['Kupferkessel, groß']],
      ['GROẞ', ['Kupferkessel, groß']],
      ['creme bru', ['Kupferkessel, groß']],
      ['cup-red-s', ['Cup of stoneware']],
      ['CUP-', ['Cup of stoneware', 'Saucer', 'Copper kettle']],
      ['tableware sau', ['Saucer']],
      ['茶壶', ['不锈钢茶壶']],
      ['壶', ['不锈钢茶壶']],
      ['ชา', ['กาน้ำชาสแตนเลส']],
      ['สแตนเลส', ['กาน้ำชาสแตนเลส']],
      ['nothing like it', []],
      ['?!', []],
    ] as const)
      assert.deepEqual(titles(await find({ q })), expected, q)
    assert.deepEqual(spent((await find({ q: '?!' })).database), budgets['list-products: no word'])
    assert.deepEqual((await find({ q: '?!' })).body.facets?.matches, 0)
  })

  test('narrows by category, price, stock and options, and counts what it found', async () => {
    await stock('CUP-RED-S', 3, 1)
    await told((await find({ q: 'CUP-RED-S' })).body.data[0]?.id ?? '')
    for (const [query, expected] of [
      [{ q: 'cup', category: 'tableware', maxPrice: '500' }, ['Saucer']],
      [{ q: 'cup', minPrice: '501', maxPrice: '1000' }, ['Copper kettle']],
      [{ q: 'cup', inStock: 'true' }, ['Cup of stoneware']],
      [{ q: 'cup', inStock: 'false' }, ['Saucer', 'Copper kettle']],
      [{ option: 'colour:red' }, ['Cup of stoneware']],
      [{ option: 'colour:red,size:L' }, []],
      [{ option: 'colour:blue,colour:red,size:L' }, ['Cup of stoneware']],
      [{ option: 'colour:blue', inStock: 'true' }, []],
      [{ category: 'tableware', sort: 'price' }, ['Saucer', 'Cup of stoneware']],
      [{ category: 'tableware', sort: '-price' }, ['Cup of stoneware', 'Saucer']],
    ] as const)
      assert.deepEqual(titles(await find(query)), expected, JSON.stringify(query))
    assert.deepEqual((await find({ q: 'cup' })).body.facets, {
      matches: 3,
      exact: true,
      categories: [
        { value: 'tableware', count: 2 },
        { value: 'kitchen', count: 1 },
      ],
      price: { min: eur(500), max: eur(1200) },
      stock: { inStock: 1, soldOut: 2 },
      options: [
        {
          name: 'colour',
          values: [
            { value: 'blue', count: 1 },
            { value: 'red', count: 1 },
          ],
        },
        {
          name: 'size',
          values: [
            { value: 'L', count: 1 },
            { value: 'S', count: 1 },
          ],
        },
      ],
    })
  })

  test('gives counts with the first page of a search, and of any list that is asked for them', async () => {
    const browsed = await find({ category: 'tableware' })
    assert.deepEqual(
      { trips: spent(browsed.database), hasFacets: 'facets' in browsed.body },
      { trips: budgets['list-products'], hasFacets: false },
    )
    const counted = await find({ category: 'tableware', facets: 'true' })
    assert.equal(counted.body.facets?.matches, 2)
    assert.deepEqual(counted.body.data, browsed.body.data)
    assert.ok(!('facets' in (await find({ q: 'cup', facets: 'false' })).body))
    const first = await find({ q: 'cup', limit: '1' })
    const second = await find({ q: 'cup', limit: '1', cursor: first.body.next_cursor })
    assert.deepEqual(
      { titles: titles(second), hasFacets: 'facets' in second.body },
      { titles: ['Saucer'], hasFacets: false },
    )
  })

  test('goes on page by page in every order; a cursor of another search is refused', async () => {
    for (const sort of ['relevance', 'price', '-price', 'newest', 'rating'])
      for (const q of ['cup', undefined]) {
        const query = { ...(q ? { q } : {}), sort }
        const whole = titles(await find(query))
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const page = await find({ ...query, limit: '1', ...(cursor ? { cursor } : {}) })
          seen.push(...titles(page))
          cursor = page.body.next_cursor ?? undefined
        } while (cursor)
        assert.deepEqual(seen, whole)
        assert.equal(new Set(seen).size, q ? 3 : 6)
      }
    const { body } = await find({ q: 'cup', limit: '1' })
    for (const query of [
      { q: 'cups', cursor: body.next_cursor },
      { q: 'cup', inStock: 'true', cursor: body.next_cursor },
      { q: 'cup', cursor: 'nonsense' },
    ]) {
      const refused = await find(query)
      assert.deepEqual(
        { status: refused.status, code: refused.problem.code },
        { status: 400, code: 'INVALID_CURSOR' },
        JSON.stringify(query),
      )
    }
  })

  test('refuses what makes no sense', async () => {
    for (const query of [
      { q: 'x'.repeat(201) },
      { minPrice: '-1' },
      { maxPrice: 'cheap' },
      { inStock: 'perhaps' },
      { option: 'size' },
      { option: 'size:' },
      { sort: 'colour' },
      { facets: 'yes' },
    ])
      assert.equal((await find(query)).status, 400, JSON.stringify(query))
  })

  test('shows a product as it is now, and none that was archived since', async () => {
    const [kept, gone] = [await made({ title: 'Ephemera one' }), await made({ title: 'Ephemera two' })]
    await change(kept.id, { description: 'New words' })
    await service.request('archiveProduct', { caller: staff(), params: { productId: gone.id } })
    const { body } = await find({ q: 'ephemera' })
    assert.deepEqual(
      body.data.map(({ id, description }: Json) => [id, description]),
      [[kept.id, 'New words']],
    )
  })
})

describe('a product in several categories', () => {
  test('is found in each of them, and in those that these are in; and by its vendor', async () => {
    const root = `tree${randomUUID().slice(0, 8)}`
    const variants = [{ sku: randomUUID(), price: eur(100) }]
    const { id } = await create({
      ...{ title: 'Sandal', category: `${root}--women--shoes`, moreCategories: [`${root}-sale`], vendor: 'Fußwerk' },
      variants,
    })
    await told(id)
    for (const category of [`${root}--women--shoes`, `${root}--women`, root, `${root}-sale`]) {
      const { body } = await find({ category, maxPrice: '100', facets: 'true' })
      assert.deepEqual(
        { data: body.data.map((one: Json) => one.id), matches: body.facets?.matches },
        { data: [id], matches: 1 },
        category,
      )
      assert.deepEqual((await find({ category, q: 'fusswerk' })).body.data.length, 1)
    }
    await service.request('changeProduct', {
      ...{ caller: staff(), params: { productId: id } },
      body: { category: `${root}-new`, moreCategories: [] },
    })
    assert.equal((await told(id)) ?? 'indexed', 'indexed')
    assert.deepEqual((await find({ category: root, maxPrice: '100' })).body.data, [])
    assert.equal((await find({ category: `${root}-new`, maxPrice: '100' })).body.data.length, 1)
  })
})

describe('list-products by name', () => {
  test('gives what ids and SKUs name, in that order, each once, and says what it has not', async () => {
    const variant = (sku: string) => ({ sku, price: eur(100), options: { kind: sku } })
    const lamp = await create({ title: 'Lamp by name', variants: [variant('NAMED-1'), variant('NAMED-2')] })
    const vase = await create({ title: 'Vase by name', variants: [variant('NAMED-3')] })
    const gone = await create({ title: 'Gone by name', variants: [variant('NAMED-4')] })
    await service.request('archiveProduct', { caller: staff(), params: { productId: gone.id } })
    const unknown = someId('prd')
    const byIds = await find({ ids: [vase.id, unknown, gone.id, lamp.id, vase.id].join(',') })
    assert.deepEqual(
      { status: byIds.status, titles: titles(byIds) },
      { status: 200, titles: ['Vase by name', 'Lamp by name'] },
    )
    assert.deepEqual(
      { missing: byIds.body.missing, next_cursor: byIds.body.next_cursor },
      { missing: { ids: [unknown, gone.id], skus: [] }, next_cursor: null },
    )
    assert.deepEqual(spent(byIds.database), budgets['list-products: by ids'])
    const bySkus = await find({ ids: vase.id, skus: 'NAMED-2, NAMED-9,NAMED-4,NAMED-1,NAMED-3' })
    assert.deepEqual(titles(bySkus), ['Vase by name', 'Lamp by name'])
    assert.deepEqual(bySkus.body.missing, { ids: [], skus: ['NAMED-9', 'NAMED-4'] })
    assert.deepEqual(spent(bySkus.database), budgets['list-products: by SKUs'])
    const none = await find({ skus: 'NAMED-9' })
    assert.deepEqual(
      { status: none.status, data: none.body.data, skus: none.body.missing?.skus },
      { status: 200, data: [], skus: ['NAMED-9'] },
    )
  })

  test('refuses what is no name, too many of them, and other parameters beside them', async () => {
    const skus = (count: number) => Array.from({ length: count }, (_, index) => `S-${index}`).join(',')
    assert.equal((await find({ skus: skus(50) })).status, 200)
    for (const [query, pointer] of [
      [{ ids: 'kettle' }, '?ids'],
      [{ ids: '' }, '?ids'],
      [{ ids: ',' }, '?ids'],
      [{ ids: Array.from({ length: 51 }, () => someId('prd')).join(',') }, '?ids'],
      [{ skus: skus(51) }, '?skus'],
      [{ skus: '#' }, '?skus'],
      [{ skus: 'A', q: 'cup' }, '?q'],
      [{ skus: 'A', limit: '10' }, '?limit'],
      [{ ids: someId('prd'), sort: 'price' }, '?sort'],
    ] as const) {
      const { status, problem } = await find(query)
      assert.deepEqual(
        { status, code: problem.code, pointer: problem.errors?.[0]?.pointer },
        { status: 400, code: 'INVALID_INPUT', pointer },
        pointer,
      )
    }
  })
})

describe('index-products', () => {
  test('reads twice and writes once, once more for words, and never where search would notice nothing', async () => {
    const { id, variants } = await create({ title: 'Trivet' })
    // The product, beside it its card and row; then the words that change.
    assert.deepEqual(spent(await during(() => told(id))), budgets['index-products: words'])
    assert.deepEqual(spent(await during(() => told(id, id))), budgets['index-products: unchanged'])
    const { sku } = variants[0]
    await stock(sku, 5, 1)
    assert.deepEqual(spent(await during(() => told(id))), budgets['index-products'])
    await stock(sku, 4, 2)
    assert.deepEqual(spent(await during(() => told(id))), budgets['index-products: unchanged'])
    assert.equal((await find({ q: 'trivet', inStock: 'true' })).body.data.length, 1)
    // Search shows no pictures, but its card must say that it is of the later state.
    await change(id, { images: ['https://pictures.example/trivet.jpg'] })
    assert.deepEqual(spent(await during(() => told(id))), budgets['index-products'])
    assert.deepEqual(spent(await during(() => told(id))), budgets['index-products: unchanged'])
  })

  test('writes the difference only', async () => {
    const { id } = await made({ title: 'Iron trivet', description: 'Holds what is hot' })
    const before = (await indexed(id)).toSorted()
    await change(id, { title: 'Brass trivet' })
    await told(id)
    const now = (await indexed(id)).toSorted()
    assert.deepEqual(
      { before: before.filter((one) => !now.includes(one)), now: now.filter((one) => !before.includes(one)) },
      {
        before: [`ends#10 iron title ${id}`, `words#0 iron title ${id}`, `words#0 irontrivet forms ${id}`],
        now: [`ends#8 brass title ${id}`, `words#42 brass title ${id}`, `words#42 brasstrivet forms ${id}`],
      },
    )
    const writes = service.database.at(-1)
    assert.ok(Array.isArray(writes?.input.TransactItems))
    // Card, rows, and four items of words.
    assert.equal(writes.input.TransactItems.length, 6)
  })

  test('forgets what was archived, and minds no product that it does not know', async () => {
    const { id } = await made({ title: 'Gone soon' })
    await service.request('archiveProduct', { caller: staff(), params: { productId: id } })
    for (const _ of [1, 2]) assert.equal(await told(id, 'prd_unknown'), undefined)
    assert.deepEqual(await indexed(id), [])
    const cards = (await service.items('search')).filter(({ pk, sk }) => pk === keyOf(id).pk && sk === 'card')
    assert.deepEqual(
      cards.map(({ isEmpty, revision, title }) => [isEmpty, revision, title]),
      [[true, 2, undefined]],
    )
  })

  test('names the first write that it failed at; told again, it goes on', async () => {
    const ids = [await create({ title: 'First' }), await create({ title: 'Second' })].map(({ id }) => String(id))
    const [first = '', second = ''] = ids
    service.fakes.fails = ({ input }) => JSON.stringify(input).includes(second)
    assert.equal(await told(first, second, first, second), 1)
    service.fakes.fails = undefined
    assert.equal((await indexed(first)).length > 0, true)
    assert.deepEqual(await indexed(second), [])
    assert.equal(await told(second, first, second), undefined)
    assert.deepEqual(titles(await find({ q: 'second' })), ['Second'])
  })

  test('a product of thousands of words is written in one transaction, or not at all', async () => {
    const description = Array.from({ length: 2_000 }, (_, index) => `w${index}`)
      .join(' ')
      .slice(0, 9_999)
    const { id } = await create({ title: 'Encyclopaedia', description })
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems'
    assert.equal(await told(id), 0)
    service.fakes.fails = undefined
    assert.deepEqual(await indexed(id), [])
    await told(id)
    // Its card, its 400 words, and `encyclopaedia` and `kitchen` from their ends.
    assert.equal((await indexed(id)).length, 403)
  })
})

describe('rebuild-search', () => {
  const rebuilt = async (): Promise<number> => {
    let products = 0
    let from: string | null = null
    do {
      const part: Json = await service.call('rebuildSearch', from === null ? {} : { from })
      products += part.products
      from = part.next
    } while (from !== null)
    return products
  }

  test('writes anew what is missing, and takes away what is of no product', async () => {
    const [never, ghost] = [await create({ title: 'Never told' }), await made({ title: 'Ghost' })]
    await service.request('archiveProduct', { caller: staff(), params: { productId: ghost.id } })
    assert.deepEqual(titles(await find({ q: 'never told' })), [])
    const sold = (await find({ limit: '100' })).body.data.length
    assert.equal(await rebuilt(), sold)
    assert.deepEqual(titles(await find({ q: 'never told' })), ['Never told'])
    assert.deepEqual(await indexed(ghost.id), [])
    assert.ok((await indexed(never.id)).length > 0)
  })

  test('goes on where it is told, part by part', async () => {
    const { id: like } = await create({ title: 'Part' })
    const item = (await service.items()).find(({ pk, sk }) => pk === keyOf(like).pk && sk === 'product')
    for (let index = 0; index < 100; index += 1) {
      const id = someId('prd')
      const gsi3sk = `2030-01-01T00:00:00.000Z#${id}`
      await service.put({ ...item, ...keyOf(id), id, gsi1pk: `slug#${id}`, gsi2sk: gsi3sk, gsi3sk })
    }
    const first = await service.call('rebuildSearch', {})
    assert.equal(first.products, 50)
    const second = await service.call('rebuildSearch', { from: first.next })
    assert.equal(second.products, 50)
    await service.call('rebuildSearch', { from: second.next })
    const found = await find({ q: 'part', limit: '100' })
    assert.deepEqual({ data: found.body.data.length, matches: found.body.facets?.matches }, { data: 100, matches: 101 })
    assert.deepEqual(spent(found.database), budgets['list-products: one word, also at ends'])
    await assert.rejects(service.call('rebuildSearch', { from: 'nonsense' }))
  })
})
