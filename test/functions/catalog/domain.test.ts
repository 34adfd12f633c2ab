import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  categoryTitleOf,
  isInStock,
  isSkuInStock,
  type Product,
  priceFromOf,
  repeatedSkus,
  slugOf,
  variantOf,
  withChangedVariant,
  withVariant,
} from '../../../functions/catalog/domain.ts'
import { maxVariants } from '../../../functions/catalog/events.ts'
import { drawPicture } from '../../../functions/catalog/picture.ts'
import { fc } from '../../support/property.ts'

const variant = (sku: string, amount = 100) => variantOf({ sku, price: { amount, currency: 'EUR' } })
const product = (more: Partial<Product> = {}): Product => ({
  id: 'prd_1',
  slug: 'kettle',
  title: 'Kettle',
  description: '',
  category: 'kitchen',
  tags: [],
  images: [],
  variants: [variant('K-1')],
  availability: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  archived: false,
  version: 1,
  sequence: 1,
  ...more,
})

describe('slugs', () => {
  test('are what people would write', () => {
    assert.equal(slugOf('  Café "Élan" — No. 5 '), 'cafe-elan-no-5')
    assert.equal(slugOf('Größe'), 'grosse')
    assert.equal(slugOf('日本'), '')
    assert.equal(categoryTitleOf('home-and-kitchen'), 'Home and kitchen')
  })

  test('are slugs whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (title) => /^(|[a-z0-9]+(-[a-z0-9]+)*)$/.test(slugOf(title)) && slugOf(title).length <= 80,
      ),
    )
  })

  test('of a slug are the slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (title) =>
        assert.equal(slugOf(slugOf(title)), slugOf(title)),
      ),
    )
  })
})

describe('variants', () => {
  test('weigh 500 g and have no options where staff say nothing', () => {
    const { options, weightGrams, image } = variant('K-1')
    assert.deepEqual({ options, weightGrams, image }, { options: {}, weightGrams: 500, image: undefined })
    assert.equal(variantOf({ sku: 'K', price: { amount: 1, currency: 'EUR' }, weightGrams: 0 }).weightGrams, 0)
  })

  test('the lowest price is one of theirs, and none is lower', () => {
    const amounts = fc.array(fc.nat(), { minLength: 1, maxLength: maxVariants })
    fc.assert(
      fc.property(amounts, (given) => {
        const { amount } = priceFromOf(product({ variants: given.map((one, index) => variant(`K-${index}`, one)) }))
        assert.equal(amount, Math.min(...given))
      }),
    )
    assert.throws(() => priceFromOf(product({ variants: [] })), /without variants/)
  })

  test('are in stock when one of them is; those not heard of have none, and those of others do not count', () => {
    const one = product({ variants: [variant('A'), variant('B')] })
    const level = (available: number) => ({ available, sequence: 1 })
    assert.deepEqual([isSkuInStock(one, 'A'), isInStock(one)], [false, false])
    assert.equal(isInStock({ ...one, availability: { A: level(0), B: level(3) } }), true)
    assert.equal(isInStock({ ...one, availability: { A: level(0), Z: level(3) } }), false)
  })

  test('that stand twice are named once', () => {
    assert.deepEqual(repeatedSkus(['A', 'B', 'A', 'C', 'A', 'B'].map((sku) => ({ sku }))), ['A', 'B'])
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (skus) => repeatedSkus(skus.map((sku) => ({ sku }))).length === 0),
    )
  })

  test('are bounded, so that a product fits into one transaction', () => {
    const many = (count: number) =>
      product({ variants: Array.from({ length: count }, (_, index) => variant(`K-${index}`)) })
    const last = withVariant(many(maxVariants - 1), variant('LAST'))
    assert.ok(last.ok && last.value.variants.at(-1)?.sku === 'LAST')
    const tooMany = withVariant(many(maxVariants), variant('LAST'))
    assert.ok(!tooMany.ok && tooMany.reason === 'TOO_MANY_VARIANTS')
  })

  test('change alone, and the product before stays as it was', () => {
    const before = product({ variants: [variant('A'), variant('B')] })
    const after = withChangedVariant(before, 'B', { weightGrams: 7 })
    assert.deepEqual(
      after.variants.map(({ weightGrams }) => weightGrams),
      [500, 7],
    )
    assert.equal(before.variants[1]?.weightGrams, 500)
    assert.deepEqual(withChangedVariant(before, 'NO-SUCH', { weightGrams: 7 }), before)
  })
})

describe('pictures', () => {
  const names = fc.string({ unit: 'grapheme', maxLength: 100 })

  test('hold nothing of the name that could be markup, and only numbers that are', () => {
    fc.assert(
      fc.property(names, (name) => {
        const picture = drawPicture(name)
        return !/NaN|undefined|Infinity|<script/.test(picture) && picture.length < 4_000
      }),
    )
    assert.doesNotMatch(drawPicture('zebra-onload'), /zebra|onload/)
  })

  test('close every tag that they open, draw with shapes only, and are the same for the same name', () => {
    fc.assert(
      fc.property(names, (name) => {
        const picture = drawPicture(name)
        const open: string[] = []
        for (const [, closing, tag, attributes] of picture.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
          assert.match(tag ?? '', /^(svg|g|rect|circle|ellipse|path|clipPath)$/)
          if (closing) assert.equal(open.pop(), tag)
          else if (!attributes?.endsWith('/')) open.push(tag ?? '')
        }
        assert.deepEqual(open, [])
        assert.doesNotMatch(picture, /href|style=|on\w+=/)
        assert.equal(drawPicture(name), picture)
      }),
    )
  })

  test('of a hundred names are nearly a hundred', () => {
    const pictures = new Set(Array.from({ length: 100 }, (_, index) => drawPicture(`thing-${index}`)))
    assert.ok(pictures.size >= 99)
  })
})
