/** The rules by which files become products and products files, without a shop around them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Format } from '../../../functions/catalog/files/contract.ts'
import { csvLine, csvRows, plainCell } from '../../../functions/catalog/files/formats/csv.ts'
import { skuFrom } from '../../../functions/catalog/files/formats/imported.ts'
import { beginning } from '../../../functions/catalog/files/formats/position.ts'
import { readPiece } from '../../../functions/catalog/files/import/pieces.ts'
import { writeProducts } from '../../../functions/catalog/files/import/write.ts'
import { bodyOf as bodyOrRefusal } from '../../../functions/catalog/products/descriptions/html.ts'
import { escapeText } from '../../../functions/catalog/products/descriptions/plain-text.ts'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { slugFrom } from '../../../functions/catalog/products/slug.ts'
import { clashesIn } from '../../../functions/catalog/products/variants.ts'
import { decimalOf, moneyFromDecimal } from '../../../shared/domain/money.ts'
import { fc } from '../../support/property.ts'
import { fresh, made, readAll } from './files.ts'

const bodyOf = (given: string) => {
  const body = bodyOrRefusal(given)
  assert.ok(body !== 'too-long')
  return body
}
const text = (max: number) =>
  fc.stringMatching(/^[ -~\n\täßé漢字＝]{0,60}$/).map((value) => value.normalize('NFC').trim().slice(0, max).trim())
const filled = (max: number) =>
  fc
    .tuple(text(max - 1), fc.constantFrom('a', '=', "'=", '+1', '@', '-', "'", '\\', ',', '"', 'ü'))
    .map(([rest, first]) => (first + rest).trim())
const slug = fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,6}){0,2}$/)
const image = fc.constantFrom(
  'https://cdn.example/a.jpg',
  'https://cdn.example/b,c.jpg',
  '/pictures/kettle.svg',
  'https://x.example/\\,',
)
const optionName = fc.constantFrom('Title', 'size', 'Colour', 'Länge', 'fit', 'a,b', '=x', 'material', 'edition')
const optionValue = fc.constantFrom('Default Title', 'S', 'M, L', '-1', 'blå', '\\n', 'x | y')
const html = fc.constantFrom(
  '<p>Two &amp; <strong>three</strong></p>',
  '<ul><li>one</li><li>=two</li></ul>\n<p>"quoted", \\n</p>',
  '<p><img src="https://cdn.example/a.jpg" alt="x"></p>',
)
const product: fc.Arbitrary<Product> = fc
  .record({
    slug,
    title: filled(100),
    body: fc.oneof(
      text(60).map((description) => ({ description, descriptionHtml: undefined })),
      html.map((value) => bodyOf(value)),
    ),
    category: slug,
    tags: fc.uniqueArray(filled(30), { maxLength: 4 }),
    moreCategories: fc.uniqueArray(fc.constantFrom('sale', 'men--shoes'), { maxLength: 2 }),
    images: fc.uniqueArray(image, { maxLength: 4 }),
    alt: filled(30),
    vendor: fc.option(filled(30), { nil: undefined }),
    seo: fc.option(fc.record({ title: filled(30), description: filled(30) }, { noNullPrototype: true }), {
      nil: undefined,
    }),
    variants: fc.uniqueArray(
      fc.record({
        sku: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}[A-Za-z0-9]$/),
        options: fc.dictionary(optionName, optionValue, { maxKeys: 5 }),
        price: fc.integer({ min: 0, max: 10_000_000 }).map((amount) => ({ amount, currency: 'EUR' })),
        compareAtPrice: fc.constantFrom(undefined, { amount: 20_000_000, currency: 'EUR' }),
        barcode: fc.constantFrom(undefined, '4006381333931', '0012'),
        weightGrams: fc.integer({ min: 0, max: 100_000 }),
        image: fc.option(image, { nil: undefined }),
      }),
      { comparator: (one, other) => clashesIn([one, other]).length > 0, minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ body, moreCategories, alt, images, ...rest }) => ({
    ...fresh,
    createdAt: fresh.at,
    availability: {},
    state: 'active',
    version: 0,
    sequence: 0,
    ...body,
    ...rest,
    ...(moreCategories.length > 0 ? { moreCategories } : {}),
    images,
    ...(images.length > 0 ? { imageAlts: images.map((_, index) => (index === 0 ? alt : '')) } : {}),
    id: fresh.id,
  }))
const products = fc.uniqueArray(product, { selector: (one) => one.slug, minLength: 1, maxLength: 6 })

/** What a product says, whatever order its options came in; and of what a format has no room for, nothing. */
const said = (one: Product, format: Format = 'jsonl') => ({
  slug: one.slug,
  title: one.title,
  description: one.description,
  descriptionHtml: one.descriptionHtml,
  category: one.category,
  moreCategories: format === 'shopify' ? [] : (one.moreCategories ?? []),
  tags: one.tags,
  images: one.images,
  imageAlts: format === 'woocommerce' ? [] : (one.imageAlts ?? []),
  vendor: one.vendor,
  seo: format === 'woocommerce' ? undefined : one.seo,
  variants: one.variants.map(({ sku, price, compareAtPrice, barcode, weightGrams, image: picture, options }) => ({
    ...{ sku, price, compareAtPrice, barcode, weightGrams, image: picture },
    options: Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  })),
})

describe('a file that was given out', () => {
  for (const format of ['shopify', 'woocommerce', 'jsonl'] as const)
    test(`as ${format} is taken in as the same products, in pieces of any size, and changes nothing then`, () => {
      fc.assert(
        fc.property(products, fc.integer({ min: 3_000, max: 9_000 }), (all, pieceBytes) => {
          const file = writeProducts(all, format, true)
          const { products: imported, entries, position } = readAll(file, format, pieceBytes)
          assert.deepEqual(entries, [])
          assert.equal(position.line, file.split('\n').length)
          const again = imported.map((one) => {
            const plan = made(one)
            assert.ok(plan.kind === 'create', JSON.stringify(plan))
            return plan.product
          })
          const compared = (one: Product) => said(one, format)
          assert.deepEqual(again.map(compared), all.map(compared))
          for (const [index, one] of imported.entries()) assert.equal(made(one, all[index]).kind, 'unchanged')
        }),
        { numRuns: 60 },
      )
    })

  test('holds no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(products, fc.constantFrom('shopify' as const, 'woocommerce' as const), (all, format) => {
        const file = Buffer.from(writeProducts(all, format, true))
        for (const { fields } of csvRows(file, { isLast: true, line: 1, delimiter: ',', limit: 1e6 }))
          for (const field of fields) assert.doesNotMatch(field, /^[=+\-@\t\r＝]/)
      }),
      { numRuns: 30 },
    )
  })
})

describe('CSV', () => {
  test('any cells come back, whatever is in them', () => {
    const cell = fc.stringMatching(/^[-=+@'",;\\a \r\n\tü]{0,12}$/)
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const read = csvRows(Buffer.from(rows.map(csvLine).join('')), {
          isLast: true,
          line: 1,
          delimiter: ',',
          limit: 99,
        })
        assert.deepEqual(
          read.map(({ fields }) => fields.map(plainCell)),
          rows,
        )
      }),
    )
  })

  test('takes spreadsheets of all kinds: semicolons, tabs, a mark at the beginning, bare line ends, blank rows', () => {
    for (const [separator, end] of [
      [';', '\r\n'],
      ['\t', '\n'],
      [',', '\n'],
    ] as const) {
      const rows = [['Handle', 'Title', 'Variant Price'], [''], ['kettle', 'A kettle', '19.99'], ['', '', '']]
      const file = `\ufeff${rows.map((cells) => cells.join(separator)).join(end)}`
      const { products: found, rows: count } = readAll(file, 'shopify')
      assert.deepEqual(
        { title: found[0]?.title, line: found[0]?.line, count },
        { title: 'A kettle', line: 3, count: 1 },
      )
    }
  })

  test('a quotation mark that is never closed costs its row, and not the rest', () => {
    const long = 'x'.repeat(300 * 1024)
    const file = `Handle,Title,Variant Price\na,"never closed,1.00\n${'b,ok,2.00\n'.repeat(2)}${'c,ok,3.00\n'.repeat(30_000)}d,${long},4.00\ne,ok,5.00\n`
    const { products: found, entries } = readAll(file, 'shopify')
    assert.deepEqual(
      entries.filter(({ code }) => code === 'ROW_TOO_LONG').map(({ line }) => line),
      [2, 30_005],
    )
    assert.ok(found.some(({ slug: one }) => one === 'b') && found.some(({ slug: one }) => one === 'e'))
  })

  test('what is not UTF-8 costs its row', () => {
    const file = Buffer.concat([
      Buffer.from('Handle,Title,Variant Price\na,Stra'),
      Buffer.from([0xdf]),
      Buffer.from('e,1.00\nb,ok,2.00\n'),
    ])
    const { products: found, entries } = readAll(file, 'shopify')
    assert.deepEqual(
      { code: entries[0]?.code, line: entries[0]?.line, found: found.length },
      { code: 'INVALID_ENCODING', line: 2, found: 1 },
    )
    const jsonl = Buffer.concat([Buffer.from('{"slug":"'), Buffer.from([0xdf]), Buffer.from('"}\n{"slug":"b"}\n')])
    assert.deepEqual(readAll(jsonl, 'jsonl').entries[0]?.code, 'INVALID_ENCODING')
    const utf16 = Buffer.from('\ufeffHandle', 'utf16le')
    const whole = { format: 'shopify', position: beginning, isLast: true, currency: 'EUR' } as const
    assert.equal(readPiece(utf16, whole), 'WRONG_ENCODING')
    assert.equal(readPiece(Buffer.from('a,b\n1,2\n'), whole), 'WRONG_FORMAT')
  })
})

describe('Shopify', () => {
  const header =
    'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Price,Image Src,Image Position,Status'

  test('reads variants and images from the rows that follow, and says once what it does not take', () => {
    const file = `${header}
kettle,Copper kettle,"<p>Holds <b>2 l</b></p>
<script>alert(1)</script>",Acme,Kitchen > Kettles,"new, copper",TRUE,Size,Small,Colour,Red,'0012,1200,49.90,https://cdn.example/2.jpg,2,active
kettle,,,,,,,,Large,,Red,,1500.0,59.90,https://cdn.example/1.jpg,1,
kettle,,,,,,,,,,,,,,http://cdn.example/3.jpg,3,
,,,,,,,,,,,,,,,,
,Nameless,,,,,TRUE,,,,,X,1,1.00,,,
draft,Draft,,,,,TRUE,Title,Default Title,,,D1,1,1.00,,,draft
`
    const { products: found, entries } = readAll(file, 'shopify')
    const [kettle] = found
    assert.deepEqual(
      entries.map(({ line, code }) => [line, code]),
      [
        [5, 'IMAGE_LEFT_OUT'],
        [7, 'MISSING_HANDLE'],
      ],
    )
    assert.deepEqual(
      { slug: found[1]?.slug, foundState: found[1]?.state, kettleState: kettle?.state },
      { slug: 'draft', foundState: 'draft', kettleState: 'active' },
    )
    assert.equal(kettle?.vendor, 'Acme')
    assert.deepEqual(kettle?.body, { description: 'Holds 2 l', descriptionHtml: '<p>Holds <b>2 l</b></p>' })
    assert.deepEqual(
      { categories: kettle?.categories, tags: kettle?.tags },
      { categories: [['Kitchen', 'Kettles']], tags: ['new', 'copper'] },
    )
    assert.deepEqual(kettle?.images, ['https://cdn.example/1.jpg', 'https://cdn.example/2.jpg'])
    const plan = kettle && made(kettle)
    assert.deepEqual(
      plan?.kind === 'create' &&
        plan.product.variants.map(({ sku, options, price, weightGrams }) => [sku, options, price.amount, weightGrams]),
      [
        ['0012', { Size: 'Small', Colour: 'Red' }, 4990, 1200],
        ['kettle-red-large', { Size: 'Large', Colour: 'Red' }, 5990, 1500],
      ],
    )
  })

  test('what it refuses stands in the report with its line, and other rows go on', () => {
    const row = (cells: Record<string, string>) =>
      header
        .split(',')
        .map((name) => `"${(cells[name] ?? '').replaceAll('"', '""')}"`)
        .join(',')
    const file = [
      header,
      row({ Handle: 'a', Title: 'A', 'Option1 Name': 'Size', 'Variant SKU': 'A 1/x', 'Variant Price': '1.999' }),
      row({ Handle: 'a', 'Option1 Value': 'S', 'Variant SKU': 'A2', 'Variant Price': '2.00' }),
      row({ Handle: 'a', 'Variant SKU': 'A2', 'Variant Price': '3.00' }),
      row({ Handle: 'a', 'Variant SKU': 'A3' }),
      row({ Handle: 'b', Title: 'x'.repeat(201), 'Variant SKU': 'B1', 'Variant Price': '1' }),
      row({ Handle: 'c', 'Variant SKU': 'C1', 'Variant Price': '1' }),
      row({ Handle: 'd', Title: 'D', 'Variant SKU': 'D1', 'Variant Price': 'free' }),
      row({ Handle: 'Déjà Vu', Title: 'E', 'Variant SKU': 'E1', 'Variant Price': '5', 'Variant Grams': 'heavy' }),
      ...Array.from({ length: 91 }, (_, index) =>
        row({
          ...{ Handle: 'many', Title: index === 0 ? 'F' : '', 'Option1 Name': index === 0 ? 'No' : '' },
          ...{ 'Option1 Value': `n${index}`, 'Variant SKU': `F${index}`, 'Variant Price': '5' },
        }),
      ),
    ].join('\n')
    const { products: found, entries } = readAll(file, 'shopify')
    const plans = found.map((one) => made(one))
    const all = [...entries, ...plans.flatMap((plan) => plan.entries)].map(({ line, code }) => `${line} ${code}`)
    assert.deepEqual(
      all.toSorted(),
      [
        '100 TOO_MANY_VARIANTS',
        '2 BAD_PRICE',
        '2 SKU_CHANGED',
        '4 REPEATED_SKU',
        '5 MISSING_PRICE',
        '6 FIELD_CUT',
        '7 MISSING_TITLE',
        '8 BAD_PRICE',
        '8 NO_VARIANTS',
        '9 BAD_WEIGHT',
        '9 HANDLE_CHANGED',
        '9 NO_VARIANTS',
      ].toSorted(),
    )
    assert.deepEqual(
      found.map(({ slug: one }) => one),
      ['a', 'b', 'c', 'd', slugFrom('Déjà Vu'), 'many'],
    )
  })

  test('reads the newer names of columns too', () => {
    const file =
      'Title,URL handle,Description,Published on online store,Status,SKU,Option1 name,Option1 value,Price,Weight value (grams),Product image URL\nMug,mug,<p>x</p>,TRUE,Active,M1,Title,Default Title,7.50,300,https://cdn.example/m.jpg\n'
    const [mug] = readAll(file, 'shopify').products
    assert.deepEqual(
      {
        slug: mug?.slug,
        amount: mug?.variants[0]?.price?.amount,
        options: mug?.variants[0]?.options,
        images: mug?.images?.length,
      },
      { slug: 'mug', amount: 750, options: {}, images: 1 },
    )
  })

  test('what a file does not say is left as it is', () => {
    const file = 'Handle,Variant SKU,Variant Price\nkettle,K1,2.00\n'
    const [imported] = readAll(file, 'shopify').products
    const before = { ...fc.sample(product, { numRuns: 1, seed: 7 })[0], slug: 'kettle' } as Product
    before.variants = [
      {
        sku: 'K1',
        options: { size: 'S' },
        price: { amount: 100, currency: 'EUR' },
        weightGrams: 5,
        image: '/pictures/a.svg',
      },
    ]
    const plan = imported && made(imported, before)
    assert.deepEqual(plan?.kind === 'change' && said(plan.product), {
      ...said(before),
      variants: [{ ...said(before).variants[0], price: { amount: 200, currency: 'EUR' } }],
    })
  })
})

describe('WooCommerce', () => {
  const file = `ID,Type,SKU,Name,Published,Is featured?,Description,Regular price,Weight (kg),Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s)
44,variable,tee,V-Neck,1,0,First\\nsecond,,,"Clothing > Tshirts, Sale","a, b",https://cdn.example/v.jpg,,Color,"Blue, Red"
45,simple,beanie,Beanie,1,0,,18,0.25,Clothing,,,,,
46,"simple, virtual",,Album,1,0,,15.5,,Music,,,,,
47,grouped,set,Set,1,0,,,,,,,,,
48,variation,tee-red,V-Neck - Red,1,0,,20,,,,https://cdn.example/r.jpg,tee,Color,Red
49,variation,tee-blue,V-Neck - Blue,1,0,,21,.3,,,,id:44,Color,Blue
50,variation,lost,Lost,1,0,,21,,,,,nobody,Color,Blue
51,simple,hidden,Hidden,0,0,,1,,,,,,,
`
  test('brings variations to their parent wherever they stand, and takes simple products as they are', () => {
    const { products: found, entries } = readAll(file, 'woocommerce')
    assert.deepEqual(
      found.map(({ slug: one, variants }) => [
        one,
        variants.map(({ sku, price, options }) => [sku, price?.amount, options]),
      ]),
      [
        ['beanie-beanie', [['beanie', 1800, undefined]]],
        ['album-id-46', [[undefined, 1550, undefined]]],
        ['v-neck-tee', [['tee-red', 2000, { Color: 'Red' }]]],
        ['v-neck-tee', [['tee-blue', 2100, { Color: 'Blue' }]]],
        ['hidden-hidden', [['hidden', 100, undefined]]],
      ],
    )
    assert.deepEqual(
      entries.map(({ line, code }) => [line, code]),
      [
        [1, 'COLUMNS_IGNORED'],
        [2, 'VARIATIONS_AWAITED'],
        [4, 'IS_SHIPPED'],
        [5, 'UNSUPPORTED_TYPE'],
      ],
    )
    assert.deepEqual(
      { description: found[2]?.body?.description, categories: found[2]?.categories },
      { description: 'First\nsecond', categories: [['Clothing', 'Tshirts'], ['Sale']] },
    )
    assert.deepEqual(
      { weightGrams: found[0]?.variants[0]?.weightGrams, image: found[2]?.variants[0]?.image },
      { weightGrams: 250, image: 'https://cdn.example/r.jpg' },
    )
  })
})

describe('JSON lines', () => {
  test('a line that is none, or says what cannot be, costs itself alone', () => {
    const lines = [
      '{"slug":"a","title":"A","variants":[{"sku":"A1","price":{"amount":1,"currency":"EUR"}}]}',
      '{oops',
      '{"slug":"NOT A SLUG"}',
      '{"slug":"b","variants":[{"sku":"B1","price":{"amount":1,"currency":"USD"}}]}',
      '',
      '{"slug":"c","colour":"red","variants":[{"price":{"amount":1.5,"currency":"EUR"}}]}',
    ]
    const { products: found, entries, rows } = readAll(lines.join('\r\n'), 'jsonl')
    assert.deepEqual({ found: found.length, rows }, { found: 1, rows: 5 })
    assert.deepEqual(
      entries.map(({ line, code }) => [line, code]),
      [
        [2, 'MALFORMED_JSON'],
        [3, 'INVALID_FIELD'],
        [4, 'BAD_PRICE'],
        [6, 'INVALID_FIELD'],
      ],
    )
  })
})

describe('HTML', () => {
  const pieces = [
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<li>',
    '</ul>',
    '<script>',
    '</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">',
    '<a href="&#106;avascript:x" onclick=x>',
    '<a href="https://x.example/?a=1&b=2">',
    '<!--',
    '-->',
    '<',
    '>',
    '"',
    "'",
    '&lt;',
    '&#38;#60;',
    '&amp;',
    ' x ',
    '<svg/onload=alert(1)>',
    '<style>p{}',
    '<td colspan=2 style="x:y">',
    '<img src="https://x.example/a.png" alt="<b>">',
    '\u0000',
    '<IMG SRC=`javascript:x`>',
    '<iframe src="https://x.example">',
  ]
  const anyHtml = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''))

  test('links lead where they say: to a page of this shop, or by a scheme that is known', () => {
    const hrefOf = (given: string) =>
      /href="([^"]*)"/.exec(bodyOf(`<a href="${given}">x</a>`).descriptionHtml ?? '')?.[1]
    for (const kept of [
      '/products/cup',
      '#sizes',
      'https://example.com/?a=1',
      'mailto:shop@example.com',
      'tel:+4930123',
    ])
      assert.equal(hrefOf(kept), kept, kept)
    for (const refused of [
      ...[
        '//evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        '\\/evil.example',
        '/\t/evil.example',
        '/\n\\evil.example',
      ],
      ...[
        '/&#92;evil.example',
        '/&#x5c;evil.example',
        '/&bsol;evil.example',
        '/&sol;evil.example',
        '/&#47;evil.example',
      ],
      ...['/&Tab;/evil.example', '/&NewLine;&bsol;evil.example', '&#9;//evil.example', ' /\\evil.example'],
      ...['javascript:x', 'java&Tab;script:x', 'javascript&colon;x', '&#106;avascript:x', 'data:text/html,x'],
    ])
      assert.equal(hrefOf(refused), undefined, refused)
  })

  test('nothing that runs is left, and what is left is closed, and the same when it is made safe again', () => {
    fc.assert(
      fc.property(anyHtml, (given) => {
        const { description, descriptionHtml: safe } = bodyOf(given)
        assert.ok(!description.includes('\u0000'))
        if (safe === undefined) return
        assert.deepEqual(bodyOf(safe), { description, descriptionHtml: safe })
        const open: string[] = []
        for (const [tag, slash, name = '', rest] of safe.matchAll(/<(\/?)([a-z0-9]+)([^<>]*)>/g)) {
          assert.match(name, /^(p|b|li|ul|a|img|td)$/, tag)
          assert.match(rest ?? '', /^( (href|src|alt|title|colspan)(="[^"<>]*")?)* ?\/?$/, tag)
          assert.doesNotMatch(rest ?? '', /="\s*(?!https:)[a-z&#0-9;]+:/i, tag)
          if (slash) assert.equal(open.pop(), name)
          else if (name !== 'img') open.push(name)
        }
        assert.deepEqual(open, [])
        assert.doesNotMatch(safe.replace(/<\/?[a-z0-9]+[^<>]*>/g, ''), /[<>]/)
      }),
      { numRuns: 400 },
    )
  })

  test('plain text comes back from its HTML', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z<>&;"'\n #=/-]{0,40}$/), (given) => {
        const plain = given.trim()
        assert.deepEqual(bodyOf(escapeText(plain)), { description: plain, descriptionHtml: undefined })
      }),
      { numRuns: 200 },
    )
  })

  test('its text has a line for each block, and the letters that its names mean', () => {
    const { description } = bodyOf(
      '<h2>K&auml;se&nbsp;&amp; Br&#246;tchen</h2><ul><li>one</li><li>two<br>three</li></ul>\n\n<p>&copy;&unknown;</p>',
    )
    assert.equal(description, 'Käse\u00a0& Brötchen\none\ntwo\nthree\n\n©&unknown;')
  })

  test('what is too long, before it is made safe or after, is refused', () => {
    assert.equal(bodyOrRefusal(`<p>${'x'.repeat(20_000)}`), 'too-long')
    assert.equal(bodyOrRefusal(`<p>${'< '.repeat(9_000)}`), 'too-long')
    assert.equal(bodyOrRefusal('x'.repeat(60_001)), 'too-long')
    const plain = '&'.repeat(10_000)
    assert.equal(bodyOf(escapeText(plain)).description, plain)
  })

  test('does not take long over what was made to be slow', () => {
    for (const part of ['<', '<a ', '<a b="', '<!--', '<b>', '</b>', '<script>', '&', '<a a', '<p '.repeat(3)])
      bodyOrRefusal(part.repeat(Math.floor(60_000 / part.length)))
  })
})

describe('amounts', () => {
  test('are exact in currencies of any exponent, and refused with digits that these do not have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.constantFrom('EUR', 'JPY', 'JOD'),
        (amount, currency) => {
          assert.deepEqual(moneyFromDecimal(decimalOf({ amount, currency }), currency), { amount, currency })
        },
      ),
    )
    assert.equal(decimalOf({ amount: 5, currency: 'EUR' }), '0.05')
    assert.deepEqual(moneyFromDecimal('1000.00', 'JPY'), { amount: 1000, currency: 'JPY' })
    assert.deepEqual(moneyFromDecimal(' 0.1 ', 'EUR'), { amount: 10, currency: 'EUR' })
    for (const wrong of ['1.999', '-1', '', '1,50', '1e3', '0x1', '9999999999999', '1.', '€ 1'])
      assert.equal(moneyFromDecimal(wrong, 'EUR'), undefined, wrong)
  })

  test('SKUs lose the signs that they cannot have', () => {
    assert.deepEqual(["'0012", ' A 1/+2 ', 'Ärmel_1', 'Артикул-7', 'Товар-7', '商品７', '***'].map(skuFrom), [
      '0012',
      'A-1-2',
      'Ärmel_1',
      'Артикул-7',
      'Товар-7',
      '商品７',
      '',
    ])
  })
})
