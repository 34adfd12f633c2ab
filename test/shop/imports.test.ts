/** Products by the file, in and out: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { RequestOf, ShopRoutes } from '../../functions/client.ts'
import type { Json } from '../support/service.ts'
import { eventually, guestToken, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const token = await staffToken(shop)

const create = (body: RequestOf<ShopRoutes['POST /imports']>['body'], key = randomUUID()) =>
  shop.request('POST /imports', { token, body, key })
const ended = async (importId: string): Promise<Json> => {
  const { body } = await eventually(
    () => shop.request('GET /imports/{importId}', { token, params: { importId } }),
    ({ body: one }) => one.state !== 'running',
  )
  assert.equal(body.state, 'done', body.reason)
  return body
}
const upload = async (form: Json, file: string): Promise<number> => {
  const body = new FormData()
  for (const [name, value] of Object.entries<string>(form.fields)) body.append(name, value)
  body.append('file', new Blob([file]))
  return (await fetch(form.url, { method: 'POST', body })).status
}
const exported = async (format: string): Promise<string> => {
  let [file, path]: [string, string | undefined] = ['', `/exports/products?format=${format}`]
  while (path) {
    const { status, body, headers } = await shop.raw('GET', path, { token })
    assert.equal(status, 200)
    file += body
    path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
  }
  return file
}
const none = { created: 0, changed: 0, unchanged: 0, failed: 0 }
const header = 'Handle,Title,Body (HTML),Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price'
const run = randomUUID().slice(0, 8)

/** So many products of three variants each, as Shopify gives them out. */
const shopifyFile = (count: number): string =>
  [
    header,
    ...Array.from({ length: count }, (_, index) => {
      const handle = `tee-${run}-${index}`
      return ['S', 'M', 'L'].map((size, row) =>
        row === 0
          ? `${handle},Tee ${index},"<p>Cotton, <b>soft</b></p><script>x</script>",Tees ${run},"a, b",Size,${size},${handle}-${size},150,12.50`
          : `${handle},,,,,,${size},${handle}-${size},150,12.50`,
      )
    }).flat(),
  ].join('\r\n')

describe('a file of products', () => {
  test('is uploaded, worked off, and on the shelves; the same file again changes nothing', async () => {
    const file = shopifyFile(60)
    const { status, body, headers } = await create({ format: 'shopify', upload: true })
    assert.deepEqual(
      { status, state: body.state, location: headers.get('location') },
      { status: 201, state: 'awaiting-upload', location: `/imports/${body.id}` },
    )
    assert.equal(
      (await shop.request('POST /imports/{importId}/start', { token, params: { importId: body.id } })).problem.code,
      'NOT_UPLOADED',
    )
    assert.equal(await upload(body.upload, file), 204)
    assert.equal(
      (await shop.request('POST /imports/{importId}/start', { token, params: { importId: body.id } })).status,
      202,
    )
    const done = await ended(body.id)
    assert.deepEqual(
      { rows: done.rows, products: done.products, data: done.report.data },
      { rows: 180, products: { ...none, created: 60 }, data: [] },
    )

    const { body: shown } = await shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: `tee-${run}-12` } })
    assert.deepEqual(
      {
        title: shown.title,
        description: shown.description,
        descriptionHtml: shown.descriptionHtml,
        category: shown.category,
        tags: shown.tags,
        variants: shown.variants.length,
      },
      {
        title: 'Tee 12',
        description: 'Cotton, soft',
        descriptionHtml: '<p>Cotton, <b>soft</b></p>',
        category: `tees-${run}`,
        tags: ['a', 'b'],
        variants: 3,
      },
    )
    assert.deepEqual(shown.variants[1]?.price, { amount: 1250, currency: 'EUR' })
    // Each variant has its stock item, into which goods can be received.
    await eventually(
      () => shop.request('GET /stock/{sku}', { params: { sku: `tee-${run}-59-L` } }),
      ({ status: found }) => found === 200,
    )

    const again = (await create({ format: 'shopify', upload: true })).body
    await upload(again.upload, file)
    await shop.request('POST /imports/{importId}/start', { token, params: { importId: again.id } })
    assert.deepEqual((await ended(again.id)).products, { ...none, unchanged: 60 })
    assert.equal(
      (await shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: `tee-${run}-12` } })).body.version,
      shown.version,
    )
    const list = await shop.request('GET /imports', { token, query: { limit: '2' } })
    assert.deepEqual(
      list.body.data.map(({ id }: Json) => id),
      [again.id, body.id],
    )
  })

  test('given as text, it starts at once; a dry run and a report tell what is wrong where', async () => {
    const text = [
      header,
      `good-${run},Good,,x,,Title,Default Title,G-${run},1,1.00`,
      `bad-${run},Bad,,x,,,,B-${run},1,free`,
    ].join('\n')
    const key = randomUUID()
    const { body } = await create({ format: 'shopify', text, dryRun: true }, key)
    assert.equal((await create({ format: 'shopify', text, dryRun: true }, key)).body.id, body.id)
    const dry = await ended(body.id)
    assert.deepEqual(dry.products, { ...none, created: 1, failed: 1 })
    assert.deepEqual(
      dry.report.data.map(({ line, code, sku }: Json) => [line, code, sku]),
      [
        [3, 'BAD_PRICE', `B-${run}`],
        [3, 'NO_VARIANTS', undefined],
      ],
    )
    assert.equal((await shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: `good-${run}` } })).status, 404)
    const { body: real } = await create({ format: 'shopify', text })
    assert.deepEqual((await ended(real.id)).products, { ...none, created: 1, failed: 1 })
    assert.equal((await shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: `good-${run}` } })).status, 200)
  })

  test('that the shop gave out is taken in as what is there, in every format', async () => {
    for (const format of ['shopify', 'woocommerce', 'jsonl'] as const) {
      // Only this test's: others change theirs meanwhile.
      const lines = (await exported(format)).split('\n')
      const file = lines.filter((line, index) => line.includes(run) || (index === 0 && format !== 'jsonl')).join('\n')
      assert.ok(file.includes(`tee-${run}-7-M`))
      const { body } = await create({ format, upload: true })
      await upload(body.upload, file)
      await shop.request('POST /imports/{importId}/start', { token, params: { importId: body.id } })
      const { products, report } = await ended(body.id)
      assert.deepEqual(report.data, [])
      assert.deepEqual(products, { ...none, unchanged: 61 })
    }
  })

  test('is for staff', async () => {
    const guest = await guestToken(shop)
    assert.equal(
      (await shop.request('POST /imports', { token: guest, body: { format: 'jsonl', text: 'x' } })).status,
      403,
    )
    assert.equal(
      (await shop.request('GET /exports/products', { token: guest, query: { format: 'jsonl' } })).status,
      403,
    )
    assert.equal((await shop.request('GET /imports')).status, 401)
  })
})
