/** The search index against a plain search over the same products: random catalogues, histories, failures and searches. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { optionsIn } from '../../../functions/catalog/search/contract.ts'
import { maxWords, type Order, wordsOf } from '../../../functions/catalog/search/domain.ts'
import { sourceVersionOf } from '../../../functions/catalog/search/stored/cards.ts'
import { segmentOf } from '../../../functions/catalog/search/stored/segments.ts'
import { folded, wholeSku, wordsIn } from '../../../functions/catalog/search/words/words.ts'
import { fc } from '../../support/property.ts'
import { contentsOf, expectedOf } from '../../support/search-contents.ts'
import { type PlainQuery, plainFacets, plainSearch } from './plain-search.ts'
import { type Fault, failing, searchAll, ticks, type World, world } from './search-world.ts'

describe('words', () => {
  test('by Unicode’s rules, with capitals, accents and widths folded', () => {
    const cases: [string, string[]][] = [
      ['Kupferkessel, GROSS und groß', ['kupferkessel', 'gross', 'und', 'gross']],
      ['Crème brûlée-Brenner (2er-Set)', ['creme', 'brulee', 'brenner', '2er', 'set']],
      ['ＣＡＦÉ ﬁlter ½ l', ['cafe', 'filter', '1', '2', 'l']],
      ['chef’s knife 1.5', ['chef', 's', 'knife', '1', '5']],
      ['ΚΑΦΕΣ καφές', ['καφεσ', 'καφεσ']],
      ['İstanbul ısı Łódź Ærø', ['istanbul', 'isi', 'lodz', 'aero']],
      ['不锈钢茶壶', ['不锈钢', '茶壶']],
      ['กาน้ำชา สแตนเลส', wordsIn('กาน้ำชา สแตนเลส')],
      ['TEE-BLK_L', ['tee', 'blk', 'l']],
      ['!!! – 🫖', []],
    ]
    for (const [text, words] of cases) assert.deepEqual(wordsIn(text), words)
    const thai = wordsIn('กาน้ำชาสแตนเลส')
    assert.ok(thai.length > 1, String(thai))
    assert.equal(thai.join(''), folded('กาน้ำชาสแตนเลส'))
    assert.deepEqual(wordsIn('x'.repeat(100)), ['x'.repeat(40)])
    assert.equal(wholeSku(' TEE-L '), 'tee-l')
    assert.equal(wholeSku('tee'), undefined)
  })

  test('folding what is folded changes nothing, however a text is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (written) => {
        assert.equal(folded(folded(written)), folded(written))
        assert.deepEqual(wordsIn(written.normalize('NFD')), wordsIn(written))
        for (const word of wordsIn(written)) assert.doesNotMatch(word, /[\s#]/u)
      }),
      { numRuns: 200 },
    )
  })

  test('options are read as they are written', () => {
    const pairs = (written: string) => {
      const options = optionsIn(written)
      return options && Object.fromEntries(options)
    }
    assert.deepEqual(pairs('size:L'), { size: ['L'] })
    assert.deepEqual(pairs('size:L,size:M,colour:dark blue'), { size: ['L', 'M'], colour: ['dark blue'] })
    assert.deepEqual(pairs('size:1,5 l,note:a:b'), { size: ['1,5 l'], note: ['a:b'] })
    for (const text of ['', 'size', ':L', 'size:', ',', Array(30).fill('a:b').join(',')])
      assert.equal(pairs(text), undefined, text)
  })
})

const vocabulary = ['kettle', 'kettles', 'Kupfer', 'copper', 'groß', 'Gross', '茶壶', '壶', 'ชา', 'tee', 'te', 'L']
const text = (max: number) =>
  fc.array(fc.constantFrom(...vocabulary), { maxLength: max }).map((words) => words.join(' '))
const skus = ['TEE-L', 'TEE-M', 'CUP-1', 'cup-1', 'KETTLE', 'X.L-9']
const variantsOf = fc.array(
  fc.record({
    sku: fc.constantFrom(...skus),
    options: fc.record(
      { size: fc.constantFrom('L', 'M'), colour: fc.constantFrom('red', 'blue') },
      { requiredKeys: [] },
    ),
    amount: fc.integer({ min: 1, max: 5 }),
    available: fc.integer({ min: 0, max: 1 }),
  }),
  { minLength: 1, maxLength: 2 },
)

/** Ids of three segments of the index, so that products get into each other's way. */
const neighbours = Array.from({ length: 1_000 }, (_, number) => `prd_${String(number).padStart(26, '0')}`)
  .filter((id) => segmentOf(id) < 3)
  .slice(0, 8)
const idOf = (number: number): string => neighbours[number] ?? ''

const someProduct = fc
  .record({
    number: fc.integer({ min: 0, max: 7 }),
    title: fc.tuple(fc.constantFrom(...vocabulary), text(2)).map((words) => words.join(' ')),
    description: text(4),
    tags: fc.array(fc.constantFrom(...vocabulary), { maxLength: 2 }),
    category: fc.constantFrom('kitchen', 'tees', 'copper-ware'),
    variants: variantsOf,
    stars: fc.integer({ min: 0, max: 5 }),
    state: fc.constantFrom('active' as const, 'archived' as const, 'draft' as const),
  })
  .map(
    ({ number, variants, stars, ...given }): Product => ({
      ...given,
      id: idOf(number),
      slug: `p-${number}`,
      images: [],
      variants: variants.map(({ sku, options, amount }) => ({
        sku,
        options,
        price: { amount, currency: 'EUR' },
        weightGrams: 1,
      })),
      availability: Object.fromEntries(variants.map(({ sku, available }) => [sku, { available, sequence: 1 }])),
      // Two products of the same moment, sometimes.
      createdAt: `2026-01-0${1 + (number >> 1)}T00:00:00.000Z`,
      ...(stars > 0 ? { rating: { count: 1, sum: stars, sequence: 1 } } : {}),
      version: 1,
      sequence: 1,
    }),
  )

const someQuery: fc.Arbitrary<PlainQuery> = fc.record(
  {
    q: fc.oneof(
      fc
        .tuple(text(2), fc.constantFrom('k', 'ket', 'kupf', 'gros', '茶', 't', 'copper'))
        .map((words) => words.join(' ')),
      fc.constantFrom(...vocabulary, ...skus, 'tee l', 'te', 'CUP-', 'none'),
    ),
    category: fc.constantFrom('kitchen', 'tees'),
    minPrice: fc.integer({ min: 1, max: 3 }),
    maxPrice: fc.integer({ min: 2, max: 5 }),
    inStock: fc.boolean(),
    options: fc.record(
      { size: fc.constantFrom(['L'], ['L', 'M']), colour: fc.constantFrom(['red']) },
      { requiredKeys: [] },
    ),
    sort: fc.constantFrom<Order[]>('relevance', 'price', '-price', 'newest', 'rating'),
  },
  { requiredKeys: ['sort'] },
)

const flat = (options: { name: string; values: { value: string; count: number }[] }[]) =>
  Object.fromEntries(
    options.flatMap(({ name, values }) => values.map(({ value, count }) => [`${name}:${value}`, count])),
  )

const assertFound = async (shop: World, products: readonly Product[], query: PlainQuery, limit: number) => {
  const expected = plainSearch(products, query.sort === 'relevance' && !query.q ? { ...query, sort: 'newest' } : query)
  const { ids, facets } = await searchAll(shop, query, limit)
  assert.ok(facets)
  assert.deepEqual(
    ids,
    expected.map(({ id }) => id),
  )
  const plain = plainFacets(expected)
  assert.deepEqual(
    {
      matches: facets.matches,
      categories: Object.fromEntries(facets.categories.map(({ value, count }) => [value, count])),
      min: facets.price?.min.amount,
      max: facets.price?.max.amount,
      inStock: facets.stock.inStock,
      options: flat(facets.options),
    },
    plain,
  )
  assert.equal(facets.stock.soldOut, plain.matches - plain.inStock)
}

/** What stands in the index is of products that are sold, all of it; each has its card. */
const assertTidy = (items: ReturnType<World['items']>, products: ReadonlyMap<string, Product>): void => {
  const cards = items.filter(({ sk, isEmpty }) => sk === 'card' && !isEmpty)
  const sold = [...products.values()].filter(({ state }) => state === 'active')
  assert.deepEqual(cards.map(({ pk }) => pk).toSorted(), sold.map(({ id }) => `product#${id}`).toSorted())
  assert.deepEqual(contentsOf(items).toSorted(), sold.flatMap(expectedOf).toSorted())
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })

const oneProduct: Product = {
  id: idOf(1),
  slug: 'p',
  title: 'Kettle',
  description: '',
  category: 'kitchen',
  tags: [],
  images: [],
  variants: [{ sku: 'K', options: {}, price: { amount: 1, currency: 'EUR' }, weightGrams: 1 }],
  availability: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'active',
  version: 1,
  sequence: 1,
}

/** A world in which whoever comes first reads, and writes only after all that the others do meanwhile. */
const withSlowFirst = async (product: Product, meanwhile: (shop: World) => Promise<void>): Promise<World> => {
  let goOn: () => void = () => undefined
  const others = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let reads = 0
  const shop: World = world(async (operation, act) => {
    if (operation !== 'BatchGetItem') return act()
    reads += 1
    const isFirst = reads === 1
    const answer = act()
    if (isFirst) await others
    return answer
  })
  shop.put(product)
  const slow = shop.index(product.id)
  await meanwhile(shop)
  goOn()
  await slow
  return shop
}

/** Writes the product, and brings the index up to date with it. */
const next = async (shop: World, product: Product): Promise<void> => {
  shop.put(product)
  await shop.index(product.id)
}

describe('whoever is slow', () => {
  const archived = { ...oneProduct, state: 'archived' as const }
  const renamed = { ...oneProduct, title: 'Teapot' }
  test('does not bring back a product that was indexed by another and archived meanwhile', async () => {
    const shop = await withSlowFirst(oneProduct, async (meanwhile) => {
      await meanwhile.index(oneProduct.id)
      await next(meanwhile, archived)
    })
    assertTidy(shop.items(), new Map([[archived.id, archived]]))
  })

  test('does not bring back a product that was archived before anybody had indexed it', async () => {
    const shop = await withSlowFirst(oneProduct, (meanwhile) => next(meanwhile, archived))
    assertTidy(shop.items(), new Map([[archived.id, archived]]))
  })

  test('does not write an earlier state where the product is again as its card says', async () => {
    const shop = await withSlowFirst({ ...oneProduct, title: 'Jug' }, async (meanwhile) => {
      await next(meanwhile, oneProduct)
      await next(meanwhile, renamed)
      await next(meanwhile, oneProduct)
    })
    assertTidy(shop.items(), new Map([[oneProduct.id, oneProduct]]))
    const again = await withSlowFirst(renamed, async (meanwhile) => {
      await next(meanwhile, oneProduct)
    })
    assertTidy(again.items(), new Map([[oneProduct.id, oneProduct]]))
  })

  test('sees that the product was read before, and the card after, another wrote both', async () => {
    let isSecond = false
    const shop: World = world(async (operation, act) => {
      if (operation !== 'BatchGetItem' || !isSecond) return act()
      isSecond = false
      // The second reader has the product as it is now, and the card as it is when others are done.
      await next(shop, renamed)
      return act()
    })
    await next(shop, oneProduct)
    isSecond = true
    await shop.index(oneProduct.id)
    assertTidy(shop.items(), new Map([[renamed.id, renamed]]))
  })

  test('is told apart by news of stock and ratings, too, which leave the version as it is', () => {
    const inStock = { ...oneProduct, availability: { K: { available: 1, sequence: 1 } } }
    const soldOut = { ...oneProduct, availability: { K: { available: 0, sequence: 2 } } }
    const rated = { ...soldOut, rating: { count: 1, sum: 5, sequence: 1 } }
    assert.deepEqual([oneProduct, inStock, soldOut, rated].map(sourceVersionOf), [1, 2, 3, 4])
  })

  test('leaves an empty card of an archived product, which goes by itself after a day', async () => {
    const shop = world(async (_, act) => act())
    const before = Date.now()
    await next(shop, oneProduct)
    await next(shop, archived)
    const [card] = shop.items().filter(({ sk }) => sk === 'card')
    assert.deepEqual({ isEmpty: card?.isEmpty, revision: card?.revision }, { isEmpty: true, revision: 2 })
    const daySeconds = 24 * 60 * 60
    const [earliest, latest] = [before, Date.now()].map((atMs) => Math.floor(atMs / 1000) + daySeconds)
    assert.ok(card?.expiresAt >= Number(earliest) && card?.expiresAt <= Number(latest), `${card?.expiresAt}`)
    assert.deepEqual((await shop.search.catalogue()).all(), [])
  })
})

describe('the index', () => {
  test('finds what a plain search finds, after any history with failures, and keeps nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(someProduct, fc.constantFrom(0, 10, 30, 1_000)), { minLength: 1, maxLength: 14 }),
        fc.infiniteStream(
          fc.record({
            fails: fc.constantFrom<Fault['fails'][]>('not', 'not', 'not', 'not', 'before', 'after'),
            ticks: fc.integer({ min: 0, max: 20 }),
          }),
        ),
        fc.array(fc.tuple(someQuery, fc.integer({ min: 1, max: 4 })), { minLength: 6, maxLength: 6 }),
        async (history, faults, queries) => {
          let calm = false
          const shop = world(failing(() => (calm ? { fails: 'not', ticks: 0 } : faults.next().value)))
          const products = new Map<string, Product>()
          const working: Promise<void>[] = []
          for (const [product, pause] of history) {
            products.set(product.id, product)
            shop.put(product)
            // The stream tells again of what failed; a rebuild may be at it, too.
            working.push(...[false, true].map((anew) => shop.index(product.id, anew).catch(() => undefined)))
            await ticks(pause)
          }
          await Promise.all(working)
          calm = true
          for (const id of products.keys()) await shop.index(id)
          assertTidy(shop.items(), products)
          for (const [query, limit] of queries) await assertFound(shop, [...products.values()], query, limit)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('writes a product of very many words in one transaction, and a changed price without them', async () => {
    const writes: { operation: string; size: number }[] = []
    const shop = world(async (operation, act, input) => {
      const { TransactItems } = z.object({ TransactItems: z.optional(z.array(z.unknown())) }).parse(input)
      if (/Put|Write/.test(operation)) writes.push({ operation, size: TransactItems?.length ?? 1 })
      return act()
    })
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
    const wordy: Product = {
      ...oneProduct,
      tags: [...letters].map((letter) => `${letter}ong${letter}`),
      description: Array.from({ length: 1_000 }, (_, index) => `${letters[index % 36]}ord${index}`).join(' '),
    }
    assert.equal(wordsOf(wordy).size, maxWords)
    await next(shop, wordy)
    assert.ok((writes[0]?.size ?? 0) > 38 && (writes[0]?.size ?? 0) <= 74, JSON.stringify(writes))
    await next(shop, { ...wordy, variants: oneProduct.variants.map((one) => ({ ...one, price: eur(2) })) })
    await next(shop, { ...wordy, title: `${wordy.title} kettles` })
    assert.deepEqual(
      writes.map(({ operation }) => operation),
      ['TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems'],
    )
    // Card and rows; then also the words `kettles` and `kettlekettles`, from both ends.
    assert.equal(writes[1]?.size, 2)
    assert.ok((writes[2]?.size ?? 0) <= 6, JSON.stringify(writes[2]))
  })

  test('takes what is of another format for nothing, until a rebuild writes it anew', async () => {
    const old = world(async (_, act) => act())
    await next(old, oneProduct)
    await next(old, { ...oneProduct, id: idOf(2), slug: 'q' })
    for (const item of old.items())
      old.putItem({ ...item, format: 0, ...('content' in item ? { content: new Uint8Array([1]) } : {}) })
    assert.deepEqual((await old.search.catalogue()).all(), [])
    assert.deepEqual((await searchAll(old, { q: 'kettle', sort: 'relevance' }, 20)).ids, [])
    for (const id of [idOf(1), idOf(2)]) await old.index(id, true)
    const both = [oneProduct, { ...oneProduct, id: idOf(2), slug: 'q' }]
    assertTidy(old.items(), new Map(both.map((product) => [product.id, product])))
  })
})
