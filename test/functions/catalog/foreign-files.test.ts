/** Files as other shops write them: what of them becomes products, and what is said of the rest. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plainDecimal } from '../../../functions/catalog/files/formats/decimals.ts'
import { derivedSku } from '../../../functions/catalog/files/formats/imported.ts'
import { readAll, takenIn } from './files.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
/** By slug: each variant's SKU and options. */
const variantsOf = ({ catalogue }: ReturnType<typeof takenIn>, slug: string) =>
  catalogue.get(slug)?.variants.map(({ sku, options }) => [sku, Object.values(options).join('/')])

describe("rows of one product in Shopify's file", () => {
  const header = 'Handle,Title,Body (HTML),Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src'
  const file = `${header}
tee,Tee,<p>Soft</p>,"new, cotton",Size,S,T-S,10.00,https://cdn.example/1.jpg
mug,Mug,,,Title,Default Title,M,5.00,
TEE,,,,,M,T-M,11.00,https://cdn.example/2.jpg
`
  test('are put together wherever they stand, with any capitals, and wipe nothing', () => {
    const taken = takenIn(file, 'shopify')
    const tee = taken.catalogue.get('tee')
    assert.deepEqual(taken.codes, [])
    assert.deepEqual(
      { description: tee?.description, tags: tee?.tags, images: tee?.images.length },
      { description: 'Soft', tags: ['new', 'cotton'], images: 2 },
    )
    assert.deepEqual(variantsOf(taken, 'tee'), [
      ['T-S', 'S'],
      ['T-M', 'M'],
    ])
    assert.deepEqual([...taken.catalogue.keys()], ['tee', 'mug'])
  })

  test('are so, too, when they come in another piece of the file, or in another file', () => {
    const first = file.split('\n').slice(0, 3).join('\n')
    const second = `${header}\n${file.split('\n')[3]}\n`
    const taken = takenIn(second, 'shopify', takenIn(first, 'shopify').catalogue)
    const tee = taken.catalogue.get('tee')
    assert.deepEqual(taken.codes, ['2 HANDLE_CHANGED'])
    assert.deepEqual(
      { description: tee?.description, tags: tee?.tags, images: tee?.images.length },
      { description: 'Soft', tags: ['new', 'cotton'], images: 2 },
    )
    assert.deepEqual(tee?.variants[1]?.options, { Size: 'M' })
    const lost = takenIn(second, 'shopify')
    assert.deepEqual(lost.codes.toSorted(), ['2 HANDLE_CHANGED', '2 MISSING_OPTION_NAME', '2 MISSING_TITLE'])
  })

  test('leave a cell empty to say nothing where they go on, and to empty it where they begin', () => {
    const before = takenIn(file, 'shopify').catalogue
    const again = takenIn(`${header}\ntee,Tee,,,Size,S,T-S,10.00,\n`, 'shopify', before).catalogue.get('tee')
    assert.deepEqual({ description: again?.description, tags: again?.tags }, { description: '', tags: [] })
  })
})

describe('names', () => {
  const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n'

  test('that differ are different products and SKUs, in any script and of any length', () => {
    const long = 'x'.repeat(100)
    const handles = ['кружка-7', 'чашка-7', '商品', `${long}-1`, `${long}-2`, 'a+b', 'a-b']
    const rows = handles.map((handle, index) => `${handle},T${index},Title,Default Title,Артикул-${index},1.00\n`)
    const { catalogue, codes } = takenIn(header + rows.join(''), 'shopify')
    assert.equal(catalogue.size, handles.length)
    assert.deepEqual([...catalogue.keys()].slice(0, 3), ['кружка-7', 'чашка-7', '商品'])
    assert.equal(catalogue.get('чашка-7')?.variants[0]?.sku, 'Артикул-1')
    assert.deepEqual(codes, ['5 HANDLE_CHANGED', '6 HANDLE_CHANGED', '7 HANDLE_CHANGED'])
  })

  test('of variants without a SKU differ as their options do', () => {
    const options = ['+1.50', '-1.50', '1.50', 'dark red', 'dark-red', '☕', '🍵']
    const skus = options.map((value) => derivedSku('lens', { power: value }))
    assert.equal(new Set(skus.map((sku) => sku.toLowerCase())).size, options.length)
    assert.notEqual(derivedSku('a', { x: 'b-c', y: 'd' }), derivedSku('a', { x: 'b', y: 'c-d' }))
    const rows = options.map((value, index) => `lens,${index ? '' : 'Lens'},${index ? '' : 'Power'},${value},,1.00\n`)
    const { catalogue, codes } = takenIn(header + rows.join(''), 'shopify')
    assert.deepEqual(
      { variants: catalogue.get('lens')?.variants.length, codes },
      { variants: options.length, codes: [] },
    )
  })

  test('as every object has them are names like others', () => {
    const file = `Handle,Title,__proto__,constructor,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price
tee,Tee,x,y,constructor,a,toString,b,valueOf,1.00
mug,Mug,x,y,__proto__,a,,,M,1.00
`
    const taken = takenIn(file, 'shopify')
    assert.deepEqual(taken.entries[0]?.detail, '__proto__, constructor')
    assert.deepEqual(
      [...Object.entries(taken.catalogue.get('tee')?.variants[0]?.options ?? {})],
      [
        ['constructor', 'a'],
        ['toString', 'b'],
      ],
    )
    assert.deepEqual(taken.codes.slice(1), ['3 INVALID_FIELD', '3 NO_VARIANTS'])
    for (const format of ['shopify', 'woocommerce'] as const) {
      const { position } = readAll(`Type,Handle,__proto__\nsimple,a,b\n`, format)
      assert.deepEqual(position.columns, ['type', 'handle', '__proto__'])
    }
  })
})

describe('variants', () => {
  const header = 'Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n'
  const first = `${header}tee,Tee,Size,M,Colour,Red,T-1,1.00\ntee,,,L,,Red,T-2,1.00\n`

  test('that repeat a SKU or the options of another are reported, and the rest goes on', () => {
    const taken = takenIn(`${first}tee,,,M,,red,T-3,1.00\ntee,,,XL,,Red,t-1,1.00\ntee,,,XL,,Red,T-4,1.00\n`, 'shopify')
    assert.deepEqual(taken.codes, ['4 REPEATED_OPTIONS', '5 REPEATED_SKU'])
    assert.deepEqual(variantsOf(taken, 'tee'), [
      ['T-1', 'M/Red'],
      ['T-2', 'L/Red'],
      ['T-4', 'XL/Red'],
    ])
  })

  test('whose SKU is corrected are the same variants, and it is said', () => {
    const before = takenIn(first, 'shopify').catalogue
    const taken = takenIn(first.replace('T-1', 'TEE-M-RED'), 'shopify', before)
    assert.deepEqual(taken.codes, ['2 SKU_REPLACED'])
    assert.deepEqual(variantsOf(taken, 'tee'), [
      ['TEE-M-RED', 'M/Red'],
      ['T-2', 'L/Red'],
    ])
    assert.deepEqual(takenIn(first.replace('T-1', 'TEE-M-RED'), 'shopify', taken.catalogue).codes, [])
  })

  test('may change their options with one another', () => {
    const before = takenIn(first, 'shopify').catalogue
    const swapped = first.replace(',M,', ',X,').replace(',L,', ',M,').replace(',X,', ',L,')
    const taken = takenIn(swapped, 'shopify', before)
    assert.deepEqual(taken.codes, [])
    assert.deepEqual(variantsOf(taken, 'tee'), [
      ['T-1', 'L/Red'],
      ['T-2', 'M/Red'],
    ])
  })

  test('keep the order of their options, also where only a later one has them all', () => {
    const product = takenIn(first, 'shopify').catalogue.get('tee')
    assert.deepEqual(product?.optionNames, ['Size', 'Colour'])
  })

  test('beyond what a product may have are reported one by one, and the others kept', () => {
    const rows = Array.from(
      { length: 2_048 },
      (_, index) => `tee,${index ? '' : 'Tee'},${index ? '' : 'No'},${index},,,T${index},1.00\n`,
    )
    const { products, entries } = readAll(header + rows.join(''), 'shopify')
    assert.deepEqual(entries, [])
    const taken = takenIn(header + rows.join(''), 'shopify')
    assert.equal(
      products.reduce((sum, { variants }) => sum + variants.length, 0),
      2_048,
    )
    assert.equal(taken.catalogue.get('tee')?.variants.length, 90)
    assert.equal(taken.codes.filter((code) => code.endsWith('TOO_MANY_VARIANTS')).length, 2_048 - 90)
  })
})

describe('numbers', () => {
  test('are read as any country writes them, and refused where they could be two', () => {
    const written: Record<string, string> = {
      '19.99': '19.99',
      '19,99': '19.99',
      '.5': '0.5',
      ',5': '0.5',
      '1.234,50': '1234.50',
      '1,234.50': '1234.50',
      '1 234,50': '1234.50',
      '1\u00a0234,50': '1234.50',
      "1'234.50": '1234.50',
      '1.234.567': '1234567',
      '1,234,567.8': '1234567.8',
      '0012': '0012',
      '0.1234567890': '0.1234567890',
    }
    for (const [cell, plain] of Object.entries(written)) assert.equal(plainDecimal(cell), plain, cell)
    for (const wrong of ['', '-1', '1e3', '0x1', '1.', '1,', '1.23.4', '1,2,3', '12.34,5.6', 'free', '.', '1 2'])
      assert.equal(plainDecimal(wrong), undefined, wrong)
  })

  test('of prices and weights are kept with all their digits', () => {
    const file = `Handle,Title,Variant SKU,Variant Price,Variant Grams
a,A,A,"19,99",453.5923700000
b,B,B,"1,234",1
`
    const { catalogue, codes } = takenIn(file, 'shopify')
    assert.deepEqual(catalogue.get('a')?.variants[0]?.price, eur(1999))
    assert.equal(catalogue.get('a')?.variants[0]?.weightGrams, 454)
    assert.deepEqual(codes, ['3 BAD_PRICE', '3 NO_VARIANTS'])
  })
})

describe('texts', () => {
  test('that are too long are cut, and that is said', () => {
    const description = `<p>${'word '.repeat(10_000)}</p>`
    const file = `Handle,Title,Body (HTML),Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price
a,${'t'.repeat(201)},${description},${'g'.repeat(41)},Size,${'😀'.repeat(50)},A,1.00
`
    const { catalogue, codes } = takenIn(file, 'shopify')
    const product = catalogue.get('a')
    assert.deepEqual(codes, ['2 FIELD_CUT', '2 FIELD_CUT', '2 FIELD_CUT', '2 FIELD_CUT'])
    assert.deepEqual({ title: product?.title.length, tags: product?.tags[0]?.length }, { title: 200, tags: 40 })
    assert.equal(product?.descriptionHtml, undefined)
    assert.match(product?.description ?? '', /^word word/)
    assert.equal(product?.variants[0]?.options.Size, '😀'.repeat(40))
  })

  test('have the letters that their names mean, in titles, categories, tags and options', () => {
    const file = `Type,SKU,Name,Published,Categories,Tags,Regular price,Brands
simple,A,Salt &amp; Pepper &#8211; Set,1,Home &amp; Garden > Salt &amp; Pepper,R&amp;B,1,Smith &amp; Sons
`
    const [product] = readAll(file, 'woocommerce').products
    assert.deepEqual(
      { title: product?.title, categories: product?.categories, tags: product?.tags, vendor: product?.vendor },
      {
        title: 'Salt & Pepper – Set',
        categories: [['Home & Garden', 'Salt & Pepper']],
        tags: ['R&B'],
        vendor: 'Smith & Sons',
      },
    )
  })
})

describe('lines', () => {
  test('end with CR alone, too, with quoted line breaks among them', () => {
    const rows = ['Handle,Title,Body (HTML),Variant SKU,Variant Price', 'a,A,"one\rtwo",A,1.00', 'b,B,,B,2.00', '']
    const { products, rows: count, position, entries } = readAll(rows.join('\r'), 'shopify')
    assert.deepEqual(
      { products: products.map(({ slug, line }) => [slug, line]), count, entries },
      {
        products: [
          ['a', 2],
          ['b', 4],
        ],
        count: 2,
        entries: [],
      },
    )
    assert.equal(position.line, 5)
    const lines = ['{"slug":"a","title":"A"}', '{"slug":"b","title":"B"}'].join('\r')
    assert.deepEqual(
      readAll(lines, 'jsonl').products.map(({ slug, line }) => [slug, line]),
      [
        ['a', 1],
        ['b', 2],
      ],
    )
  })
})

describe('half a character', () => {
  test('costs its line and not the file, wherever it stands; a backslash that is text costs nothing', () => {
    const half = '\\ud83d'
    const lines = [
      `{"slug":"a","title":"A ${half}"}`,
      `{"slug":"b","title":"B","images":["https://cdn.example/${half}.jpg"]}`,
      `{"slug":"c","title":"C","variants":[{"sku":"C","options":{"${half}":"x"}}]}`,
      `{"slug":"d","title":"D ${half}\\ude00 \\\\ud83d"}`,
      `{"slug":"${half}"}`,
    ]
    const { products, entries } = readAll(lines.join('\n'), 'jsonl')
    assert.deepEqual(
      products.map(({ title }) => title),
      ['D 😀 \\ud83d'],
    )
    assert.deepEqual([...new Set(entries.map(({ line }) => line))], [1, 2, 3, 5])
    assert.ok(entries.every(({ detail, handle = '' }) => detail.isWellFormed() && handle.isWellFormed()))
    const cell = `Handle,Title,Variant SKU,Variant Price,More options (variant.metafields.shop.options),Option1 Name\na,A,A,1,"{""size"":""${half}""}",\n`
    const [product] = takenIn(cell, 'shopify').catalogue.values()
    assert.equal(product?.variants[0]?.options.size, '\ufffd')
  })
})

describe("what else Shopify's file says", () => {
  const file = `Handle,Title,Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,SEO Title,SEO Description,Variant Weight Unit,Cost per item,Status
kettle,Kettle,Acme,,,,TRUE,Title,Default Title,K1,900,shopify,12,continue,49.90,59.90,false,false,4006381333931,https://cdn.example/1.jpg,1,A kettle,Best kettles,All of them,kg,20.00,active
hidden,Hidden,Acme,,,,FALSE,Title,Default Title,H1,900,shopify,-3,deny,1.00,,true,true,,,,,,,kg,,active
gone,Gone,Acme,,,,TRUE,Title,Default Title,G1,900,shopify,1,deny,1.00,,true,true,,,,,,,kg,,archived
`
  const taken = takenIn(file, 'shopify')

  test('is kept: vendor, barcode, price before, texts for search engines and of images, and whether it is shown', () => {
    const kettle = taken.catalogue.get('kettle')
    assert.deepEqual(
      { vendor: kettle?.vendor, seo: kettle?.seo, imageAlts: kettle?.imageAlts, state: kettle?.state },
      {
        vendor: 'Acme',
        seo: { title: 'Best kettles', description: 'All of them' },
        imageAlts: ['A kettle'],
        state: 'active',
      },
    )
    const [variant] = kettle?.variants ?? []
    assert.deepEqual(
      { compareAtPrice: variant?.compareAtPrice, barcode: variant?.barcode },
      { compareAtPrice: eur(5990), barcode: '4006381333931' },
    )
    assert.equal(taken.catalogue.get('hidden')?.state, 'draft')
    assert.equal(taken.catalogue.has('gone'), false)
  })

  test('or said: every column that is not taken, and what the shop does otherwise', () => {
    const [columns, ...others] = taken.entries
    assert.equal(columns?.detail, 'Variant Inventory Tracker, Variant Weight Unit, Cost per item')
    assert.deepEqual(others.map(({ line, code }) => `${line} ${code}`).toSorted(), [
      '2 IS_SHIPPED',
      '2 IS_TAXED',
      '2 SOLD_FROM_STOCK',
      '4 NOT_PUBLISHED',
    ])
    const many = Array.from({ length: 60 }, (_, index) => `Included / Market number ${index}`)
    const { entries } = readAll(`Handle,${many.join(',')}\n`, 'shopify')
    assert.equal(entries.map(({ detail }) => detail).join(', '), many.join(', '))
    assert.ok(entries.every(({ detail }) => detail.length <= 300))
  })

  test('counts stock as what can be bought, and less than none as none', () => {
    assert.deepEqual(
      readAll(file, 'shopify').products.map(({ variants }) => variants[0]?.units),
      [12, 0],
    )
  })
})

describe("WooCommerce's file", () => {
  const header =
    'ID,Type,SKU,Name,Published,Visibility in catalog,Short description,Description,Tax status,Stock,Backorders allowed?,Weight (kg),Sale price,Regular price,Date sale price ends,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 6 name,Attribute 6 value(s)'
  const file = `${header}
1,variable,rope,Rope,1,visible,"Strong\\nand light",<p>Long</p>,taxable,,0,25,,,,"Men > Shoes, Women > Shoes, Men, Sale, New",,,Length,"1\\,5 m, 3 m",,
2,variation,rope-1,Rope,1,visible,,,taxable,4,0,,,20,,,,rope,Length,"1\\,5 m",,
3,variation,rope-2,Rope,1,visible,,,taxable,5,0,2.5,15,20,,,,rope,Length,3 m,,
4,"simple, virtual",album,Album,1,visible,,Songs,none,,1,,,9,,Music,,,,,,
5,simple,secret,Secret,1,hidden,,,taxable,,0,,,9,,Music,,,,,,
6,simple,private,Private,0,visible,,,taxable,,0,,,9,,Посуда,,,,,,
7,simple,sale,Sale,1,visible,,,taxable,,0,,5,9,2030-01-01,Music,,,,,,
`
  const taken = takenIn(file, 'woocommerce')
  const bySku = (sku: string) =>
    [...taken.catalogue.values()].find(({ variants }) => variants.some((one) => one.sku === sku))

  test('gives variations the weight of their parent, and their values without the signs that part lists', () => {
    const rope = bySku('rope-1')
    assert.deepEqual(
      rope?.variants.map(({ weightGrams, options, price, compareAtPrice }) => [
        weightGrams,
        options.Length,
        price.amount,
        compareAtPrice?.amount,
      ]),
      [
        [25_000, '1,5 m', 2000, undefined],
        [2_500, '3 m', 1500, 2000],
      ],
    )
  })

  test('has a short description, too, which stands above the long one', () => {
    assert.equal(bySku('rope-1')?.descriptionHtml, '<p>Strong\nand light</p>\n<p>Long</p>')
    assert.equal(bySku('album')?.description, 'Songs')
  })

  test('stands in a tree of categories, and in several', () => {
    assert.deepEqual(
      [bySku('rope-1')?.category, bySku('rope-1')?.moreCategories, bySku('private')?.category],
      ['men--shoes', ['women--shoes', 'sale'], 'посуда'],
    )
  })

  test('hides what is hidden or private, and says what the shop does otherwise', () => {
    assert.deepEqual(
      ['album', 'secret', 'private', 'sale'].map((sku) => bySku(sku)?.state),
      ['active', 'draft', 'draft', 'active'],
    )
    assert.equal(bySku('album')?.variants[0]?.weightGrams, 0)
    assert.deepEqual(bySku('sale')?.variants[0]?.price, eur(900))
    assert.deepEqual(taken.codes.toSorted(), [
      '2 TOO_MANY_CATEGORIES',
      '5 IS_SHIPPED',
      '5 IS_TAXED',
      '5 SOLD_FROM_STOCK',
      '6 HIDDEN',
      '8 SALE_LEFT_OUT',
    ])
  })

  test('is read in the words of its language', () => {
    const german = `ID,Typ,Artikelnummer,"GTIN, UPC, EAN oder ISBN",Name,Veröffentlicht,Ist hervorgehoben?,Sichtbarkeit im Katalog,Kurzbeschreibung,Beschreibung,Bestand,Gewicht (kg),Angebotspreis,Regulärer Preis,Kategorien,Schlagwörter,Bilder,Übergeordnetes Produkt,Attribut 1 Name,Attribut 1 Wert(e)
1,variable,hose,,Hose,1,0,visible,,Warm,,"1,2",,,"Damen > Hosen","neu, warm",,,Größe,"S, M"
2,variation,hose-s,4006381333931,Hose - S,1,0,visible,,,7,,,"49,90",,,,hose,Größe,S
`
    const { catalogue, entries } = takenIn(german, 'woocommerce')
    const [hose] = catalogue.values()
    const [small] = hose?.variants ?? []
    assert.deepEqual(
      { title: hose?.title, category: hose?.category, tags: hose?.tags, description: hose?.description },
      { title: 'Hose', category: 'damen--hosen', tags: ['neu', 'warm'], description: 'Warm' },
    )
    assert.deepEqual(
      {
        sku: small?.sku,
        options: small?.options,
        price: small?.price,
        weightGrams: small?.weightGrams,
        barcode: small?.barcode,
      },
      { sku: 'hose-s', options: { Größe: 'S' }, price: eur(4990), weightGrams: 1200, barcode: '4006381333931' },
    )
    assert.deepEqual(
      entries.map(({ detail }) => detail),
      ['Ist hervorgehoben?'],
    )
    const french = `ID,Type,UGS,Nom,Publié,Description courte,Tarif régulier,Catégories,Poids (g),Nom de l’attribut 1,Valeur(s) de l’attribut 1
1,simple,tasse,Tasse,1,Jolie,"12,50",Cuisine,300,,
`
    const spanish = `ID,Tipo,SKU,Nombre,Publicado,Descripción,Precio normal,Categorías,Peso (kg),Nombre del atributo 1,Valor(es) del atributo 1
1,simple,taza,Taza,1,Bonita,"12,50",Cocina,"0,3",,
`
    for (const [text, title] of [
      [french, 'Tasse'],
      [spanish, 'Taza'],
    ] as const) {
      const [product] = takenIn(text, 'woocommerce').catalogue.values()
      assert.deepEqual(
        { title: product?.title, price: product?.variants[0]?.price, weightGrams: product?.variants[0]?.weightGrams },
        { title, price: eur(1250), weightGrams: 300 },
      )
    }
  })
})

describe('HTML', () => {
  const descriptionOf = (html: string) =>
    [
      ...takenIn(
        `Handle,Title,Body (HTML),Variant SKU,Variant Price\na,A,"${html}",A,1\n`,
        'shopify',
      ).catalogue.values(),
    ][0]?.description

  test('joins no word to that of another block', () => {
    assert.equal(descriptionOf('Text<p>More</p>'), 'Text More')
    assert.equal(descriptionOf('<p>One</p><p>Two</p>'), 'One\nTwo')
    assert.equal(descriptionOf('One<ul><li>Two</li><li>Three</li></ul>Four'), 'One Two\nThree\n\nFour')
    assert.equal(descriptionOf('<section>One</section><section>Two</section>'), 'One\nTwo')
    assert.equal(descriptionOf('One<hr>Two<br>Three'), 'One\nTwo\nThree')
    assert.equal(descriptionOf('<table><tr><td>One</td><td>Two</td></tr></table>'), 'One Two')
    assert.equal(descriptionOf('<b>bold</b>face'), 'boldface')
  })
})
