/** Imports and exports as functions of the catalogue, against a table and a bucket. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { catalog } from '../../../functions/catalog/contract.ts'
import { importContinued, importStockCounted } from '../../../functions/published/catalog.ts'
import { testBucket } from '../../support/objects.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, type Json, someEvent, someId, staff, startService, type TestQuery } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const service = await startService(catalog, {}, { BUCKET_NAME: testBucket })
after(() => service.stop())

const caller = staff()
const create = (body: object, headers = {}) => service.request('createImport', { caller, body, headers })
const read = (importId: string, query = {}) =>
  service.request('readImport', { caller, params: { importId }, ...(Object.keys(query).length > 0 ? { query } : {}) })
const start = (importId: string, headers = {}) =>
  service.request('startImport', { caller, params: { importId }, headers })
const cancel = (importId: string) => service.request('cancelImport', { caller, params: { importId } })
const page = (slug: string) => service.request('readProduct', { params: { idOrSlug: slug } })

/** What the relay would publish of an import just now. */
const continued = async (importId: string) => {
  const told = (await service.outbox()).filter(({ aggregateId }) => aggregateId === importId)
  const event = told.find(({ type }) => type === importContinued.type)
  assert.ok(event, 'an event rides in the import')
  return someEvent(importContinued, importId, event.data, { id: event.id, sequence: event.sequence })
}
/** The event that an import is begun with. */
const begun = (importId: string) => someEvent(importContinued, importId, { importId })
const workOff = async (importId: string): Promise<void> => {
  assert.deepEqual(await service.deliver('workOffImport', [begun(importId)]), [])
}
/** An import from its text to its end. */
const imported = async (format: string, text: string, more = {}): Promise<Json> => {
  const { body } = await create({ format, text, ...more })
  await workOff(body.id)
  return (await read(body.id)).body
}
const none = { created: 0, changed: 0, unchanged: 0, failed: 0 }
const slugOf = () => `p-${randomUUID()}`
const line = (slug: string, more: object = {}) =>
  `${JSON.stringify({ slug, title: `Title of ${slug}`, category: 'imported', variants: [{ sku: slug, price: { amount: 500, currency: 'EUR' } }], ...more })}\n`

const upload = async (form: Json, file: string): Promise<number> => {
  const body = new FormData()
  for (const [name, value] of Object.entries<string>(form.fields)) body.append(name, value)
  body.append('file', new Blob([file]))
  return (await fetch(form.url, { method: 'POST', body })).status
}

describe('create-import', () => {
  test('a text is in the bucket, the import written, and its work told of, in one write', async () => {
    const response = await create({ format: 'jsonl', text: line(slugOf()) })
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets['create-import'])
    assert.equal(response.headers.location, `/imports/${response.body.id}`)
    assert.deepEqual(
      { state: response.body.state, upload: response.body.upload },
      { state: 'running', upload: undefined },
    )
    assert.deepEqual((await continued(response.body.id)).data, { importId: response.body.id })
  })

  test('one key is one import, and the form is given again', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [one, two] = [
      await create({ format: 'shopify', upload: true }, headers),
      await create({ format: 'shopify', upload: true }, headers),
    ]
    assert.deepEqual(
      { oneStatus: one.status, twoStatus: two.status, id: two.body.id },
      { oneStatus: 201, twoStatus: 201, id: one.body.id },
    )
    assert.equal(two.body.upload?.fields.key, one.body.upload?.fields.key)
    assert.equal((await create({ format: 'jsonl', upload: true }, headers)).status, 422)
  })

  test('wants either a text or an upload, in a format that it knows', async () => {
    for (const body of [
      { format: 'shopify' },
      { format: 'shopify', text: 'x', upload: true },
      { format: 'excel', text: 'x' },
      { format: 'shopify', text: '' },
      { format: 'shopify', text: 'x'.repeat(200_001) },
    ])
      assert.deepEqual(
        { code: (await create(body)).problem.code, status: (await create(body)).status },
        { code: 'INVALID_INPUT', status: 400 },
      )
    for (const [name, request] of [
      ['createImport', { body: { format: 'jsonl', text: 'x' } }],
      ['readImport', { params: { importId: someId('imp') } }],
      ['startImport', { params: { importId: someId('imp') } }],
      ['cancelImport', { params: { importId: someId('imp') } }],
      ['listImports', {}],
      ['exportProducts', { query: { format: 'jsonl' } }],
    ] as const)
      assert.equal((await service.request(name, { ...request, caller: customer() })).status, 403, name)
  })
})

describe('start-import', () => {
  test('begins once the file is there, and tells of it again when it is asked again', async () => {
    const { body } = await create({ format: 'jsonl', upload: true })
    const early = await start(body.id)
    assert.deepEqual({ status: early.status, code: early.problem.code }, { status: 409, code: 'NOT_UPLOADED' })
    const slug = slugOf()
    assert.equal(await upload(body.upload, line(slug)), 204)
    assert.equal((await start(body.id, { 'if-match': '"7"' })).status, 412)
    const started = await start(body.id)
    assert.deepEqual(
      { status: started.status, state: started.body.state, location: started.headers.location },
      { status: 202, state: 'running', location: `/imports/${body.id}` },
    )
    assert.deepEqual(spent(started.database), budgets['start-import'])
    const first = await continued(body.id)
    assert.equal((await start(body.id)).status, 202)
    const second = await continued(body.id)
    assert.deepEqual(
      { firstSequence: first.sequence, secondSequence: second.sequence },
      { firstSequence: 1, secondSequence: 2 },
    )
    await service.deliver('workOffImport', [second, first])
    assert.deepEqual((await read(body.id)).body.products, { ...none, created: 1 })
    assert.equal((await start(body.id)).problem.code, 'IMPORT_ENDED')
    assert.equal((await start(someId('imp'))).status, 404)
  })
})

describe('work-off-import', () => {
  test('makes new products in few writes, and the same file twice changes nothing', async () => {
    const slugs = Array.from({ length: 60 }, slugOf)
    const text = slugs.map((slug) => line(slug)).join('')
    const { body } = await create({ format: 'jsonl', text })
    const event = begun(body.id)
    const from = service.database.length
    await service.deliver('workOffImport', [event])
    // The import; slugs, their SKUs; 25 products of 4 items a transaction, at most 100 items; the progress.
    assert.deepEqual(spent(service.database.slice(from)), budgets['work-off-import: new products'])
    const done = (await read(body.id)).body
    assert.deepEqual(
      { state: done.state, rows: done.rows, products: done.products },
      { state: 'done', rows: 60, products: { ...none, created: 60 } },
    )
    assert.deepEqual(done.bytes, { read: text.length, total: text.length })
    const shown = (await page(slugs[7] ?? '')).body
    assert.equal(shown.title, `Title of ${slugs[7]}`)
    const [created] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === shown.id)
    assert.deepEqual({ type: created?.type, skus: created?.data.skus }, { type: 'product.created', skus: [slugs[7]] })

    const again = await create({ format: 'jsonl', text })
    const event2 = begun(again.body.id)
    const from2 = service.database.length
    await service.deliver('workOffImport', [event2])
    assert.deepEqual(spent(service.database.slice(from2)), budgets['work-off-import: the same file again'])
    assert.deepEqual((await read(again.body.id)).body.products, { ...none, unchanged: 60 })
    assert.deepEqual((await page(slugs[7] ?? '')).body, shown)
  })

  test('changes what differs, and a dry run only says so', async () => {
    const slug = slugOf()
    await imported('jsonl', line(slug))
    const cheaper = line(slug, { title: 'Cheaper', variants: [{ sku: slug, price: { amount: 400, currency: 'EUR' } }] })
    const dry = await imported('jsonl', cheaper + line(slugOf()), { dryRun: true })
    assert.deepEqual(dry.products, { ...none, created: 1, changed: 1 })
    assert.equal((await page(slug)).body.version, 1)
    assert.deepEqual((await imported('jsonl', cheaper)).products, { ...none, changed: 1 })
    const { body } = await page(slug)
    assert.deepEqual(
      { title: body.title, amount: body.priceFrom.amount, version: body.version },
      { title: 'Cheaper', amount: 400, version: 2 },
    )
    const { variants } = await service.call('quote', { skus: [slug] })
    assert.deepEqual(
      { title: variants[0]?.title, amount: variants[0]?.unitPrice.amount },
      { title: 'Cheaper', amount: 400 },
    )
  })

  test('what a SKU or an archived product forbids stands in the report', async () => {
    const [one, two, three] = [slugOf(), slugOf(), slugOf()]
    await imported('jsonl', line(one) + line(two))
    const { body: gone } = await page(two)
    await service.request('archiveProduct', { caller, params: { productId: gone.id } })
    const { report, products } = await imported(
      'jsonl',
      line(three, { variants: [{ sku: one, price: { amount: 1, currency: 'EUR' } }] }) + line(two) + line(one),
    )
    assert.deepEqual(
      report.data.map((entry: Json) => [entry.line, entry.severity, entry.code, entry.handle]),
      [
        [1, 'error', 'SKU_TAKEN', three],
        [1, 'error', 'NO_VARIANTS', three],
        [2, 'error', 'ARCHIVED', two],
      ],
    )
    assert.deepEqual(products, { ...none, failed: 2, unchanged: 1 })
  })

  test('names that another write took meanwhile are decided anew, each by itself', async () => {
    const [mine, theirs] = [slugOf(), slugOf()]
    const { body } = await create({ format: 'jsonl', text: line(mine) + line(theirs, { description: 'mine' }) })
    const event = begun(body.id)
    let raced = false
    service.fakes.fails = async ({ operation }) => {
      if (operation === 'TransactWriteItems' && !raced) {
        raced = true
        await imported('jsonl', line(theirs))
      }
      return false
    }
    await service.deliver('workOffImport', [event])
    service.fakes.fails = undefined
    assert.deepEqual((await read(body.id)).body.products, { ...none, created: 1, changed: 1 })
    assert.equal((await page(theirs)).body.description, 'mine')
  })

  test('dies after any call, comes again, and nothing is there twice', async () => {
    const slugs = Array.from({ length: 30 }, slugOf)
    for (let deadly = 1; deadly <= 7; deadly += 1) {
      const { body } = await create({
        format: 'jsonl',
        text: slugs
          .slice(0, deadly * 4)
          .map((slug) => line(slug))
          .join(''),
      })
      const event = begun(body.id)
      let calls = 0
      service.fakes.fails = () => {
        calls += 1
        return calls === deadly
      }
      const failed = await service.deliver('workOffImport', [event])
      service.fakes.fails = undefined
      if (calls >= deadly) assert.deepEqual(failed, [event.id])
      await service.deliver('workOffImport', [event, event])
      const { state, products, rows } = (await read(body.id)).body
      assert.deepEqual({ state, rows, failed: products.failed }, { state: 'done', rows: deadly * 4, failed: 0 })
      assert.equal(products.created + products.unchanged, deadly * 4)
    }
    const skus = (await service.items()).filter(({ sk, sku }) => sk === 'sku' && slugs.includes(sku))
    assert.equal(skus.length, 28)
    const category = (await service.items()).filter(({ category: one, sk }) => sk === 'product' && one === 'imported')
    const counted = (await service.items()).find(({ pk, sk }) => pk === 'categories' && sk === 'imported')
    assert.equal(counted?.products, category.filter(({ state }) => state === 'active').length)
  })

  test('goes through a file of many pieces, also when its products lie across their borders', async () => {
    const count = 2_600
    const id = randomUUID().slice(0, 8)
    const rows = Array.from({ length: count }, (_, index) => {
      const handle = `many-${id}-${Math.floor(index / 13)}`
      const first = index % 13 === 0
      return `${handle},${first ? `Many ${handle}` : ''},${first ? '"<p>Some\nwords</p>"' : ''},Size,${index % 13},${handle}-${index % 13},9.99`
    })
    const form = (await create({ format: 'shopify', upload: true })).body
    const file = `Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price\n${rows.join('\n')}`
    await upload(form.upload, file)
    await start(form.id)
    await workOff(form.id)
    const { body } = await read(form.id)
    assert.deepEqual(
      { state: body.state, rows: body.rows, entries: body.entries, products: body.products },
      { state: 'done', rows: count, entries: 0, products: { ...none, created: count / 13 } },
    )
    const shown = (await page(`many-${id}-77`)).body
    assert.deepEqual(
      { variants: shown.variants.length, description: shown.description, descriptionHtml: shown.descriptionHtml },
      { variants: 13, description: 'Some words', descriptionHtml: '<p>Some\nwords</p>' },
    )
    const [listed] = (await service.request('listProducts', { query: { limit: '1' } })).body.data
    assert.ok(listed && !('descriptionHtml' in listed))
  })

  test('a variation finds the parent that stood in an earlier piece', async () => {
    const id = randomUUID().slice(0, 8)
    const filler = Array.from({ length: 1_100 }, () => '"",grouped,,,,,').join('\n')
    const variation = (letter: string, price: number) =>
      `tee-${id}-${letter},variation,,tee-${id},${price},Size,${letter}\n`
    const text = `SKU,Type,Name,Parent,Regular price,Attribute 1 name,Attribute 1 value(s)\ntee-${id},variable,Tee ${id},,,,\n${filler}\n${variation('a', 5)}"",grouped,,,,,\n${variation('b', 6)}`
    const { products } = await imported('woocommerce', text)
    assert.deepEqual(products, { ...none, failed: 1_101, created: 1, changed: 1 })
    const shown = (await page(`tee-${id}-tee-${id}`)).body
    assert.deepEqual(
      shown.variants.map(({ sku }: Json) => sku),
      [`tee-${id}-a`, `tee-${id}-b`],
    )
    assert.deepEqual((await imported('woocommerce', text)).products, { ...none, failed: 1_101, unchanged: 2 })
  })

  test('a file that is none of its format, is gone, or was changed under way ends the import with the reason', async () => {
    assert.deepEqual((await imported('shopify', 'a,b\n1,2')).reason, 'WRONG_FORMAT')
    const form = (await create({ format: 'jsonl', upload: true })).body
    await upload(form.upload, line(slugOf()))
    await start(form.id)
    await upload(form.upload, line(slugOf()).repeat(2))
    await workOff(form.id)
    assert.deepEqual(
      { state: (await read(form.id)).body.state, reason: (await read(form.id)).body.reason },
      { state: 'failed', reason: 'FILE_CHANGED' },
    )
  })

  test('ignores an import that is not there, and one that was cancelled', async () => {
    const { body } = await create({ format: 'jsonl', text: line(slugOf()) })
    const event = begun(body.id)
    assert.deepEqual((await cancel(body.id)).body.state, 'cancelled')
    const nowhere = someEvent(importContinued, someId('imp'), { importId: someId('imp') })
    assert.deepEqual(await service.deliver('workOffImport', [event, nowhere]), [])
    assert.deepEqual((await read(body.id)).body.products, none)
  })
})

describe('an import that meets what it cannot write', () => {
  const rows = (handle: string, ...variants: string[]) =>
    `Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n${variants
      .map((variant, index) => `${handle},${index ? '' : 'Title'},${index ? '' : 'Size'},${variant}\n`)
      .join('')}`

  test('reports two variants of one SKU, or of one that is derived alike, and goes on', async () => {
    const [one, two] = [slugOf(), slugOf()]
    const text = `${rows(one, `S,${one},1,`, `M,${one},2,`, `L,${one.toUpperCase()},3,`, '+1.50,,4,', '-1.50,,5,')}${two},Two,Title,Default Title,${two},1,\n`
    const { state, products, report } = await imported('shopify', text)
    assert.deepEqual({ state, products }, { state: 'done', products: { ...none, created: 2 } })
    assert.deepEqual(
      report.data.map(({ line: at, code }: Json) => `${at} ${code}`),
      ['3 REPEATED_SKU', '4 REPEATED_SKU'],
    )
    assert.equal((await page(one)).body.variants.length, 3)
    assert.equal((await page(two)).status, 200)
  })

  test('reports a name that cannot be had after all, and goes on', async () => {
    const [mine, other] = [slugOf(), slugOf()]
    await service.put({ pk: `slug#${mine}`, sk: 'slug', productId: someId('prd') })
    const { state, products, report } = await imported('jsonl', line(mine) + line(other))
    assert.deepEqual({ state, products }, { state: 'done', products: { ...none, created: 1, failed: 1 } })
    assert.deepEqual(
      report.data.map((entry: Json) => [entry.line, entry.code, entry.handle]),
      [[1, 'SLUG_TAKEN', mine]],
    )
  })

  test('is listed and read whatever its columns are called; what cannot be read costs itself alone', async () => {
    const { id, report } = await imported(
      'shopify',
      `Handle,Title,__proto__,constructor,toString\n${slugOf()},T,1,2,3\n`,
    )
    assert.equal(report.data[0].detail, '__proto__, constructor, toString')
    assert.equal((await read(id)).status, 200)
    const stored = (await service.items()).find(({ pk, sk }) => pk === `import#${id}` && sk === 'import')
    await service.put({ ...stored, state: 'nonsense' })
    const other = await imported('jsonl', line(slugOf()))
    const list = await service.request('listImports', { caller, query: { limit: '2' } })
    assert.deepEqual(
      list.body.data.map((one: Json) => one.id),
      [other.id],
    )
    await service.put(stored ?? {})
  })

  test('finds the parent of variations by a name of any length', async () => {
    const sku = 'y'.repeat(600)
    const filler = Array.from({ length: 1_100 }, () => '"",grouped,,,,,').join('\n')
    const id = slugOf()
    const text = `SKU,Type,Name,Parent,Regular price,Attribute 1 name,Attribute 1 value(s)\n${sku},variable,${id},,,,\n${filler}\n${id}-a,variation,,${sku},5,Size,a\n`
    const { state, products } = await imported('woocommerce', text)
    assert.deepEqual({ state, created: products.created }, { state: 'done', created: 1 })
  })
})

describe('quantities of a file', () => {
  const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n'

  test('are told to the inventory where that is asked, once for each piece, and the import goes on', async () => {
    const handle = slugOf()
    const count = 520
    const body = Array.from(
      { length: count },
      (_, index) =>
        `${handle}-${Math.floor(index / 26)},${index % 26 ? '' : 'T'},${index % 26 ? '' : 'No'},${index},${handle}-${index},1.00,${index}\n`,
    )
    const made = (await create({ format: 'shopify', text: header + body.join(''), stock: true })).body
    assert.equal(made.stock, true)
    await workOff(made.id)
    const told = (await service.outbox()).filter(({ aggregateId }) => aggregateId === made.id)
    assert.deepEqual(
      told.map(({ type, sequence }) => [type, sequence]),
      [
        [importStockCounted.type, 2],
        [importContinued.type, 3],
      ],
    )
    const levels = told[0]?.data.levels as { sku: string; quantity: number }[]
    assert.deepEqual(
      { levels: levels.length, at7Levels: levels[7] },
      { levels: 494, at7Levels: { sku: `${handle}-7`, quantity: 7 } },
    )
    await service.deliver('workOffImport', [await continued(made.id)])
    const { state, products, entries } = (await read(made.id)).body
    assert.deepEqual(
      { state, products, entries },
      { state: 'done', products: { ...none, created: count / 26 }, entries: 0 },
    )
  })

  test('are noted, and nothing told, where it is not; nor in a dry run', async () => {
    const handle = slugOf()
    const text = `${header}${handle},T,Title,Default Title,${handle},1.00,4\n`
    const one = await imported('shopify', text)
    assert.deepEqual(
      one.report.data.map(({ code }: Json) => code),
      ['STOCK_NOT_TAKEN'],
    )
    const dry = await imported('shopify', text, { stock: true, dryRun: true })
    assert.deepEqual(
      (await service.outbox()).filter(({ aggregateId }) => aggregateId === dry.id),
      [],
    )
  })
})

describe('read-import', () => {
  test('shows the report page by page, in the order of the file, in two reads', async () => {
    const one = await imported('jsonl', '{oops\n'.repeat(230))
    assert.deepEqual({ failed: one.products.failed, entries: one.entries }, { failed: 230, entries: 230 })
    const lines: number[] = []
    let query = {}
    for (;;) {
      const response = await read(one.id, query)
      assert.deepEqual(spent(response.database), budgets['read-import'])
      lines.push(...response.body.report.data.map((entry: Json) => entry.line))
      if (response.body.report.next_cursor === null) break
      assert.equal(response.body.report.data.length, 100)
      query = { cursor: response.body.report.next_cursor }
    }
    assert.deepEqual(
      lines,
      Array.from({ length: 230 }, (_, index) => index + 1),
    )
    const other = await imported('jsonl', line(slugOf()))
    assert.equal((await read(other.id, query)).problem.code, 'INVALID_CURSOR')
    assert.equal((await read(someId('imp'))).status, 404)
  })
})

describe('list-imports', () => {
  test('newest first, page by page, in one read each', async () => {
    const first = (await create({ format: 'jsonl', text: line(slugOf()) })).body.id
    const second = (await create({ format: 'jsonl', text: line(slugOf()) })).body.id
    const one = await service.request('listImports', { caller, query: { limit: '1' } })
    assert.deepEqual(spent(one.database), budgets['list-imports'])
    const two = await service.request('listImports', { caller, query: { limit: '1', cursor: one.body.next_cursor } })
    assert.deepEqual({ oneId: one.body.data[0]?.id, twoId: two.body.data[0]?.id }, { oneId: second, twoId: first })
  })
})

describe('cancel-import', () => {
  test('stops what has not ended, and asked twice, does no more', async () => {
    const { body } = await create({ format: 'jsonl', upload: true })
    const response = await cancel(body.id)
    assert.deepEqual(
      { status: response.status, state: response.body.state, trips: spent(response.database) },
      { status: 200, state: 'cancelled', trips: budgets['cancel-import'] },
    )
    assert.deepEqual((await cancel(body.id)).body.version, response.body.version)
    assert.equal((await start(body.id)).problem.code, 'IMPORT_ENDED')
    const done = await imported('jsonl', line(slugOf()))
    assert.equal((await cancel(done.id)).problem.code, 'IMPORT_ENDED')
    assert.equal((await cancel(someId('imp'))).status, 404)
  })
})

describe('export-products', () => {
  const give = (query: TestQuery) => service.request('exportProducts', { caller, query })

  test('gives all products as a file that changes nothing when it is taken in, part by part', async () => {
    for (const format of ['jsonl', 'shopify', 'woocommerce']) {
      let [cursor, parts, file]: [string | undefined, number, string] = [undefined, 0, '']
      do {
        const response = await give({ format, ...(cursor ? { cursor } : {}) })
        assert.deepEqual(
          { status: response.status, trips: spent(response.database) },
          { status: 200, trips: budgets['export-products'] },
        )
        assert.match(response.headers['content-disposition'] ?? '', /filename="products\.(csv|jsonl)"/)
        file += response.body
        parts += 1
        cursor = /cursor=([^>]+)>; rel="next"/.exec(response.headers.link ?? '')?.[1]
      } while (cursor)
      const form = (await create({ format, upload: true })).body
      await upload(form.upload, file)
      await start(form.id)
      await workOff(form.id)
      const { body } = await read(form.id)
      const active = (await service.items()).filter(({ sk, state }) => sk === 'product' && state === 'active')
      assert.deepEqual(body.report.data, [])
      assert.deepEqual(body.products, { ...none, unchanged: active.length }, format)
      assert.ok(parts >= 1)
    }
  })

  test('refuses a cursor of another format', async () => {
    assert.equal((await give({ format: 'jsonl', cursor: 'x' })).problem.code, 'INVALID_CURSOR')
    assert.equal((await give({ format: 'excel' })).status, 400)
  })
})

describe('descriptions in HTML', () => {
  test('are made safe at the door, shown on the page, and give way to plain text', async () => {
    const slug = slugOf()
    const made = await service.request('createProduct', {
      caller,
      body: {
        title: 'Kettle',
        slug,
        category: 'kitchen',
        descriptionHtml: '<p onclick="x">Holds <b>two</b><script>alert(1)</script></p>',
        variants: [{ sku: slug, price: { amount: 1, currency: 'EUR' } }],
      },
    })
    assert.deepEqual(
      { description: made.body.description, descriptionHtml: made.body.descriptionHtml },
      { description: 'Holds two', descriptionHtml: '<p>Holds <b>two</b></p>' },
    )
    const change = (changes: object) =>
      service.request('changeProduct', { caller, params: { productId: made.body.id }, body: changes })
    assert.equal((await change({ title: 'Pot' })).body.descriptionHtml, '<p>Holds <b>two</b></p>')
    const long = await change({ descriptionHtml: `<p>${'< '.repeat(9_000)}` })
    assert.deepEqual(
      { status: long.status, pointer: long.problem.errors?.[0]?.pointer },
      { status: 400, pointer: '/descriptionHtml' },
    )
    const plain = await change({ description: 'Holds <three>' })
    assert.deepEqual(
      { description: plain.body.description, descriptionHtml: plain.body.descriptionHtml },
      { description: 'Holds <three>', descriptionHtml: undefined },
    )
    const { body } = await page(slug)
    assert.deepEqual(
      { description: body.description, descriptionHtml: body.descriptionHtml },
      { description: 'Holds <three>', descriptionHtml: undefined },
    )
  })
})
