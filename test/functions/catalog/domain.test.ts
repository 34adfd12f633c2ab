import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  categoryIdOf,
  categoryTitleOf,
  namesBesidesIds,
  otherLists,
  treeOf,
} from '../../../functions/catalog/categories/domain.ts'
import {
  altsOf,
  isInStock,
  isSkuInStock,
  type Product,
  priceFromOf,
  renamed,
  variantOf,
} from '../../../functions/catalog/products/domain.ts'
import { slugFrom, slugOf } from '../../../functions/catalog/products/slug.ts'
import { parseProduct, skuItemOf } from '../../../functions/catalog/products/stored.ts'
import {
  clashesIn,
  optionNamesOf,
  withChangedVariant,
  withVariant,
} from '../../../functions/catalog/products/variants.ts'
import { viewOf } from '../../../functions/catalog/products/view.ts'
import { maxVariants } from '../../../functions/published/catalog.ts'
import { Slug } from '../../../shared/contract/schema.ts'
import { fc } from '../../support/property.ts'

const variant = (sku: string, amount = 100, options: Record<string, string> = { kind: sku }) =>
  variantOf({ sku, price: { amount, currency: 'EUR' }, options })
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
  state: 'active',
  version: 1,
  sequence: 1,
  ...more,
})

describe('slugs', () => {
  test('are what people would write', () => {
    assert.equal(slugOf('  Café "Élan" — No. 5 '), 'cafe-elan-no-5')
    assert.equal(slugOf('Größe'), 'grosse')
    assert.equal(slugOf('Ǣrø'), 'aero')
    assert.equal(slugOf('USB-C 数据线'), 'usb-c-数据线')
    assert.equal(slugOf('USB-C 充电器'), 'usb-c-充电器')
    assert.equal(slugOf('Кружка №7'), 'кружка-no7')
    assert.equal(slugOf('Йогурт'), 'йогурт')
    assert.equal(slugOf('हिन्दी चाय'), 'हिन्दी-चाय')
    assert.equal(slugOf('☕ — !'), '')
  })

  test('of names that differ, differ: whatever is lost of them, also beyond the hundredth letter', () => {
    assert.equal(slugFrom('кружка-7'), 'кружка-7')
    assert.equal(slugFrom('Копия-7'), 'копия-7')
    assert.match(slugFrom('red shirt'), /^red-shirt-[0-9a-z]{1,8}$/)
    const names = [
      'a+b',
      'a-b',
      'a b',
      'a_b',
      'a.b',
      '+1.50',
      '-1.50',
      '1-50',
      `${'x'.repeat(100)}1`,
      `${'x'.repeat(100)}2`,
    ]
    assert.equal(new Set(names.map(slugFrom)).size, names.length)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }), (name) => {
        assert.equal(Slug.parse(slugFrom(name)), slugFrom(name))
      }),
    )
  })

  test('are slugs whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (title) => slugOf(title) === '' || (Slug.safeParse(slugOf(title)).success && slugOf(title).length <= 80),
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
    const { options, weightGrams, image } = variantOf({ sku: 'K-1', price: { amount: 1, currency: 'EUR' } })
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
    assert.deepEqual(
      { isSkuInStock: isSkuInStock(one, 'A'), isInStock: isInStock(one) },
      { isSkuInStock: false, isInStock: false },
    )
    assert.equal(isInStock({ ...one, availability: { A: level(0), B: level(3) } }), true)
    assert.equal(isInStock({ ...one, availability: { A: level(0), Z: level(3) } }), false)
  })

  test('are told apart by SKU and options, in whatever order and capitals these are written', () => {
    const one = (sku: string, options: Record<string, string>) => ({ sku, options })
    assert.deepEqual(clashesIn([one('A', { size: 'M' }), one('B', { size: 'L' })]), [])
    assert.deepEqual(clashesIn([one('tee', { size: 'M' }), one('TEE', { size: 'L' })]), [
      { what: 'sku', first: 0, second: 1 },
    ])
    assert.deepEqual(
      clashesIn([one('A', { size: 'M', colour: 'red' }), one('B', {}), one('C', { colour: 'red', Size: 'm' })]),
      [{ what: 'options', first: 0, second: 2 }],
    )
    assert.deepEqual(clashesIn([one('A', {}), one('B', {})]), [{ what: 'options', first: 0, second: 1 }])
  })

  test('that are alike already do not stop a change of another', () => {
    const before = product({ variants: [variant('A', 1, {}), variant('B', 1, {}), variant('C')] })
    assert.ok(withChangedVariant(before, 'C', { options: { kind: 'x' } }).ok)
    assert.ok(withChangedVariant(before, 'A', { weightGrams: 1 }).ok)
    const clash = withChangedVariant(before, 'C', { options: {} })
    assert.ok(!clash.ok && clash.reason === 'OPTIONS_TAKEN')
    const other = withVariant(before, variant('c', 1, { kind: 'y' }))
    assert.ok(!other.ok && other.reason === 'SKU_TAKEN')
  })

  test('show their options in one order, whatever order the table gives them in', () => {
    const stored = {
      ...product({ optionNames: ['size', 'colour'] }),
      variants: [
        variant('A', 1, { colour: 'red', size: 'M' }),
        variant('B', 1, { fit: 'slim', size: 'L', colour: 'blue' }),
      ],
    }
    const shown = viewOf({ product: parseProduct(stored), available: {} }, 'shoppers')
    assert.deepEqual(shown.optionNames, ['size', 'colour', 'fit'])
    assert.deepEqual(
      shown.variants.map(({ options }) => JSON.stringify(options)),
      ['{"size":"M","colour":"red"}', '{"size":"L","colour":"blue","fit":"slim"}'],
    )
    assert.deepEqual(optionNamesOf({ optionNames: ['gone', 'size'], variants: stored.variants }), [
      'size',
      'colour',
      'fit',
    ])
  })

  test('may be called as what every object inherits', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty']
    const one = product({ variants: names.map((sku) => variant(sku, 1, { [sku]: sku })) })
    assert.deepEqual(
      names.map((sku) => isSkuInStock(one, sku)),
      [false, false, false, false],
    )
    const shown = viewOf({ product: one, available: {} }, 'shoppers')
    assert.deepEqual(
      shown.variants.map(({ available }) => available),
      [0, 0, 0, 0],
    )
  })

  test('that are off sale have no price to show, are not in stock, and are not quoted', () => {
    const one = product({ variants: [variant('A', 100), { ...variant('B', 50), offSale: true }] })
    const availability = { B: { available: 3, sequence: 1 } }
    assert.deepEqual(
      { amount: priceFromOf(one).amount, isInStock: isInStock({ ...one, availability }) },
      { amount: 100, isInStock: false },
    )
    assert.deepEqual(
      viewOf({ product: one, available: { B: 3 } }, 'shoppers').variants.map(({ sku }) => sku),
      ['A'],
    )
    assert.deepEqual(
      viewOf({ product: one, available: { B: 3 } }, 'staff').variants.map(({ sku, onSale }) => [sku, onSale]),
      [
        ['A', true],
        ['B', false],
      ],
    )
    assert.deepEqual(
      one.variants.map((each) => skuItemOf(one, each).forSale),
      [true, false],
    )
    assert.equal(skuItemOf({ ...one, state: 'draft' }, variant('A')).forSale, false)
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
    assert.deepEqual(after.ok && after.value.variants.map(({ weightGrams }) => weightGrams), [500, 7])
    assert.equal(before.variants[1]?.weightGrams, 500)
  })
})

describe('a product', () => {
  test('with a new slug is led to by the last five that it had, and by none twice', () => {
    const slugs = ['b', 'c', 'b', 'd', 'e', 'f', 'g']
    const last = slugs.reduce(renamed, product({ slug: 'a' }))
    assert.deepEqual(
      { slug: last.slug, formerSlugs: last.formerSlugs },
      { slug: 'g', formerSlugs: ['c', 'b', 'd', 'e', 'f'] },
    )
  })

  test('keeps what is said of the images that stay', () => {
    const one = product({ images: ['/pictures/a.svg', '/pictures/b.svg'], imageAlts: ['an a', 'a b'] })
    assert.deepEqual(altsOf(one, ['/pictures/b.svg', '/pictures/c.svg']), ['a b', ''])
  })
})

describe('categories', () => {
  test('with one name in two others are two', () => {
    assert.deepEqual([categoryIdOf(['Men', 'Shoes']), categoryIdOf(['Women', 'Shoes'])], ['men--shoes', 'women--shoes'])
    assert.equal(categoryIdOf(['Men Shoes']), 'men-shoes')
    assert.equal(categoryIdOf(['Посуда']), 'посуда')
  })

  test('are called by their names, and by their ids where these say the same', () => {
    assert.equal(categoryTitleOf('home-and-kitchen'), 'Home and kitchen')
    assert.equal(categoryTitleOf('men--running-shoes'), 'Running shoes')
    assert.equal(categoryTitleOf('посуда'), 'Посуда')
    assert.deepEqual(namesBesidesIds(['Men', 'T-Shirts']), [['men--t-shirts', 'T-Shirts']])
    assert.deepEqual(namesBesidesIds(['men', 't-shirts']), [])
  })

  test('are a tree, in which those above count what stands below', () => {
    const tree = treeOf([
      { id: 'men--shoes', products: 2 },
      { id: 'men--t-shirts', products: 1, title: 'T-Shirts' },
      { id: 'men', products: 1, title: 'For men' },
      { id: 'sale', products: 0 },
    ])
    assert.deepEqual(tree, [
      { id: 'men', title: 'For men', parent: undefined, products: 4 },
      { id: 'men--shoes', title: 'Shoes', parent: 'men', products: 2 },
      { id: 'men--t-shirts', title: 'T-Shirts', parent: 'men', products: 1 },
    ])
  })

  test('list a product also above, and in others of its own', () => {
    const one = product({ category: 'men--shoes', moreCategories: ['sale', 'men'] })
    assert.deepEqual(otherLists(one).toSorted(), ['men', 'sale'])
    assert.deepEqual(otherLists({ ...one, state: 'draft' }), [])
  })
})
