import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { after, describe, test } from 'node:test'
import { catalog } from '../../../functions/catalog/contract.ts'
import { maxVariants } from '../../../functions/published/catalog.ts'
import { stockLevelChanged } from '../../../functions/published/inventory.ts'
import { productRated } from '../../../functions/published/reviews.ts'
import { encodeCursor } from '../../../shared/runtime/cursor.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, type Json, someEvent, someId, staff, startService, type TestRequest } from '../../support/service.ts'
import { budgets } from './budgets.ts'

/** Whoever gives tokens: those of staff show drafts and what is archived. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const issuer = createServer((_, answer) => {
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }]
  answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
})
await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
const bound = issuer.address()
const issuerUrl = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`
const service = await startService(catalog, {}, { TOKEN_ISSUER: issuerUrl })
after(() => {
  service.stop()
  issuer.closeAllConnections()
  issuer.close()
})
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokenFor = (scope: string) => {
  const seconds = Math.floor(Date.now() / 1000)
  const claims = { iss: issuerUrl, aud: 'shop', sub: someId('usr'), scope, nbf: seconds - 60, exp: seconds + 60 }
  const signed = `${part({ alg: 'RS256', kid: 'k1', typ: 'at+jwt' })}.${part(claims)}`
  return `Bearer ${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const variant = (sku: string = randomUUID(), amount = 1000) => ({ sku, price: eur(amount), options: { size: sku } })
const create = (body: object = {}, more: TestRequest = {}) =>
  service.request('createProduct', {
    caller: staff(),
    body: { title: `Kettle ${randomUUID()}`, category: 'kitchen', variants: [variant()], ...body },
    ...more,
  })
const made = async (body: object = {}): Promise<Json> => (await create(body)).body
const page = (idOrSlug: string) => service.request('readProduct', { params: { idOrSlug } })
const change = (productId: string, body: object, headers = {}) =>
  service.request('changeProduct', { caller: staff(), params: { productId }, body, headers })
const archive = (productId: string, headers = {}) =>
  service.request('archiveProduct', { caller: staff(), params: { productId }, headers })
/** The DynamoDB operations that some work takes. */
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const from = service.database.length
  await work()
  return operations({ database: service.database.slice(from) })
}
const categories = async (): Promise<Json[]> => (await service.request('listCategories')).body.data

describe('create-product', () => {
  test('makes product, SKUs, slug and category in one write', async () => {
    const response = await create({
      title: 'Kupferkessel, groß',
      variants: [variant('KK-1', 4900), variant('KK-2', 3900)],
    })
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets['create-product'])
    assert.equal(response.headers.location, `/products/${response.body.id}`)
    assert.equal(response.body.slug, 'kupferkessel-gross')
    assert.deepEqual(response.body.priceFrom, eur(3900))
    assert.equal(response.body.inStock, false)
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === response.body.id)
    assert.equal(event?.type, 'product.created')
    assert.deepEqual(event?.data.skus, ['KK-1', 'KK-2'])
  })

  test('one key is one product; another body under it is refused', async () => {
    const caller = staff()
    const body = { title: 'Once', category: 'kitchen', variants: [variant()] }
    const headers = { 'idempotency-key': 'once' }
    const answers = await Promise.all([1, 2].map(() => service.request('createProduct', { caller, body, headers })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201],
    )
    assert.equal(answers[0]?.body.id, answers[1]?.body.id)
    const again = await service.request('createProduct', { caller, body, headers })
    assert.deepEqual(
      { body: again.body, idempotentReplayed: again.headers['idempotent-replayed'], trips: spent(again.database) },
      { body: answers[0]?.body, idempotentReplayed: 'true', trips: budgets['create-product: key repeated'] },
    )
    const other = await service.request('createProduct', { caller, body: { ...body, title: 'Other' }, headers })
    assert.deepEqual(
      { status: other.status, code: other.problem.code },
      { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
    )
  })

  test('a slug and a SKU are taken once, also at once, and nothing is left of what was refused', async () => {
    const sku = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => create({ variants: [variant(sku)] })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    const before = (await service.items()).length
    const slug = answers.find(({ status }) => status === 201)?.body.slug
    const taken = await create({ slug })
    assert.deepEqual({ status: taken.status, code: taken.problem.code }, { status: 409, code: 'SLUG_TAKEN' })
    assert.equal((await service.items()).length, before)
  })

  test('refuses what makes no sense', async () => {
    const sku = randomUUID()
    const refused: [object, string][] = [
      [{ variants: [] }, '/variants'],
      [{ variants: [variant(sku), variant(sku)] }, '/variants'],
      [{ variants: [{ ...variant(), price: { amount: -1, currency: 'EUR' } }] }, '/variants/0/price/amount'],
      [{ variants: [{ ...variant(), price: { amount: 1.5, currency: 'EUR' } }] }, '/variants/0/price/amount'],
      [{ variants: [{ ...variant(), price: { amount: 1, currency: 'USD' } }] }, '/variants/0/price/currency'],
      [{ images: ['javascript:alert(1)'] }, '/images/0'],
      [{ title: ' ' }, '/title'],
      [{ title: 'x'.repeat(2_000) }, '/title'],
      [{ id: 'prd_1' }, '/id'],
    ]
    for (const [body, pointer] of refused) {
      const response = await create(body)
      assert.deepEqual(
        { status: response.status, code: response.problem.code, pointer: response.problem.errors?.[0]?.pointer },
        { status: 400, code: 'INVALID_INPUT', pointer },
      )
    }
  })

  test('takes as many variants as fit into one write with all that goes with them, and no more', async () => {
    const many = (count: number) => ({ variants: Array.from({ length: count }, () => variant()) })
    const response = await create(many(maxVariants), { headers: { 'idempotency-key': randomUUID() } })
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets['create-product: with a key'])
    assert.equal((await create(many(maxVariants + 1))).status, 400)
  })

  test('a title that is not Latin still gives an address', async () => {
    const { id, slug } = await made({ title: '銅のやかん' })
    assert.equal(slug, '銅のやかん')
    assert.equal((await page(slug)).body.id, id)
    assert.match((await made({ title: '☕' })).slug, /^prd-[a-z0-9]+$/)
  })

  test('titles that give the same address are two products; an address that is asked for is taken once', async () => {
    const title = `C++ for beginners ${randomUUID()}`
    const [one, two] = [await made({ title }), await made({ title: title.replace('++', '#') })]
    assert.equal(two.slug.slice(0, one.slug.length), one.slug)
    assert.notEqual(two.slug, one.slug)
    assert.equal((await page(two.slug)).body.title, two.title)
    assert.equal((await create({ slug: one.slug })).problem.code, 'SLUG_TAKEN')
  })

  test('variants that nobody could tell apart are refused, and SKUs that differ in capitals only', async () => {
    const sku = randomUUID()
    const same = await create({ variants: [variant(sku), { ...variant(), options: { Size: sku.toUpperCase() } }] })
    assert.deepEqual(
      { status: same.status, code: same.problem.code, pointer: same.problem.errors?.[0]?.pointer },
      { status: 400, code: 'INVALID_INPUT', pointer: '/variants/1/options' },
    )
    const plain = { price: eur(1) }
    const none = await create({
      variants: [
        { sku: 'PLAIN-1', ...plain },
        { sku: 'PLAIN-2', ...plain },
      ],
    })
    assert.equal(none.problem.errors?.[0]?.pointer, '/variants/1/options')
    const capitals = await create({ variants: [variant(`${sku}-a`), variant(`${sku}-A`)] })
    assert.deepEqual(
      { status: capitals.status, pointer: capitals.problem.errors?.[0]?.pointer },
      { status: 400, pointer: '/variants' },
    )
    await made({ variants: [variant(`${sku}-b`)] })
    assert.equal((await create({ variants: [variant(`${sku}-B`)] })).problem.code, 'SKU_TAKEN')
    assert.deepEqual(await service.call('quote', { skus: [`${sku}-B`] }), { variants: [] })
  })

  test('keeps what else belongs to a product, and names from any script', async () => {
    const sku = `Артикул-${randomUUID().slice(0, 8)}`
    const { id } = await made({
      vendor: 'Acme',
      seo: { title: 'Kettles' },
      images: ['/pictures/a.svg', '/pictures/b.svg'],
      imageAlts: ['Seen from the side', ''],
      variants: [{ ...variant(sku), compareAtPrice: eur(2000), barcode: '4006381333931' }],
    })
    const { body } = await page(id)
    assert.deepEqual(
      { vendor: body.vendor, seo: body.seo, imageAlts: body.imageAlts, state: body.state },
      { vendor: 'Acme', seo: { title: 'Kettles' }, imageAlts: ['Seen from the side', ''], state: 'active' },
    )
    const [sold] = body.variants
    assert.deepEqual(
      { compareAtPrice: sold?.compareAtPrice, barcode: sold?.barcode, onSale: sold?.onSale },
      { compareAtPrice: eur(2000), barcode: '4006381333931', onSale: true },
    )
    assert.equal((await service.call('quote', { skus: [sku] })).variants[0]?.sku, sku)
    const foreign = await create({ variants: [{ ...variant(), compareAtPrice: { amount: 1, currency: 'USD' } }] })
    assert.equal(foreign.problem.errors?.[0]?.pointer, '/variants/0/compareAtPrice/currency')
  })

  test('what staff do, shoppers may not', async () => {
    const { id, variants } = await made()
    const caller = customer()
    const [params, sku] = [{ productId: id }, { sku: variants[0].sku }]
    for (const [name, request] of [
      ['createProduct', { body: { title: 'x', category: 'kitchen', variants: [variant()] } }],
      ['changeProduct', { params, body: { title: 'x' } }],
      ['archiveProduct', { params }],
      ['addVariant', { params, body: variant() }],
      ['changeVariant', { params: sku, body: { price: eur(1) } }],
    ] as const)
      assert.equal((await service.request(name, { ...request, caller })).status, 403, name)
    assert.deepEqual(
      { version: (await page(id)).body.version, variants: (await page(id)).body.variants.length },
      { version: 1, variants: 1 },
    )
  })
})

describe('read-product', () => {
  test('shows a product by id or by slug, in one read each', async () => {
    const { id, slug } = await made()
    const [byId, bySlug] = [await page(id), await page(slug)]
    assert.deepEqual(spent(byId.database), budgets['read-product'])
    assert.deepEqual(spent(bySlug.database), budgets['read-product'])
    assert.deepEqual(byId.body, bySlug.body)
    assert.equal(byId.headers.etag, '"1"')
    assert.match(byId.headers['cache-control'] ?? '', /max-age=5/)
  })

  test('does not know what is not there', async () => {
    assert.equal((await page(someId('prd'))).status, 404)
    assert.equal((await page('no-such-thing')).status, 404)
    assert.equal((await page('NO SUCH')).status, 400)
  })
})

describe('list-products', () => {
  test('browses a category page by page, newest first, in one read each; nothing twice, nothing missed', async () => {
    const category = `c-${randomUUID()}`
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.push((await made({ category })).id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const response = await service.request('listProducts', {
        query: { category, limit: '2', ...(cursor ? { cursor } : {}) },
      })
      assert.deepEqual(spent(response.database), budgets['list-products'])
      seen.push(...response.body.data.map((product: Json) => product.id))
      cursor = response.body.next_cursor ?? undefined
    } while (cursor)
    assert.deepEqual(seen, ids.toReversed())
    const [listed] = (await service.request('listProducts', { query: { category } })).body.data
    assert.ok(listed && !('variants' in listed))
  })

  test('refuses a cursor of another category, and filters that it does not know', async () => {
    const category = `c-${randomUUID()}`
    for (const _ of [1, 2]) await made({ category })
    const { body } = await service.request('listProducts', { query: { category, limit: '1' } })
    const elsewhere = await service.request('listProducts', {
      query: { category: 'kitchen', cursor: body.next_cursor },
    })
    assert.deepEqual(
      { status: elsewhere.status, code: elsewhere.problem.code },
      { status: 400, code: 'INVALID_CURSOR' },
    )
    for (const cursor of [
      'nonsense',
      encodeCursor(`products of ${category}`, { pk: 'x', sk: 'x', gsi2pk: 'category#kitchen', gsi2sk: 'x' }),
      encodeCursor(`products of ${category}`, { gsi2pk: `category#${category}` }),
    ]) {
      const forged = await service.request('listProducts', { query: { category, cursor } })
      assert.deepEqual({ status: forged.status, code: forged.problem.code }, { status: 400, code: 'INVALID_CURSOR' })
    }
    for (const [name, value] of [
      ['colour', 'red'],
      ['limit', '0'],
      ['limit', '101'],
      ['category', 'NO SUCH'],
    ] as const)
      assert.equal((await service.request('listProducts', { query: { [name]: value } })).status, 400)
  })

  test('browses everything too, and leaves out what is archived', async () => {
    const [kept, gone] = [await made(), await made()]
    await archive(gone.id)
    const response = await service.request('listProducts', { query: { limit: '2' } })
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 200, trips: budgets['list-products'] },
    )
    const ids = response.body.data.map((product: Json) => product.id)
    assert.ok(ids.includes(kept.id) && !ids.includes(gone.id))
    assert.match(response.headers['cache-control'] ?? '', /max-age=5/)
  })
})

describe('list-categories', () => {
  test('counts what can be bought, through making, moving and archiving', async () => {
    const [one, two] = [`c-${randomUUID()}`, `c-${randomUUID()}`]
    const count = async (categoryId: string) =>
      (await categories()).find((category) => category.id === categoryId)?.products ?? 0
    const { id } = await made({ category: one })
    await made({ category: one })
    assert.equal(await count(one), 2)
    await change(id, { category: two })
    assert.deepEqual({ oneCount: await count(one), twoCount: await count(two) }, { oneCount: 1, twoCount: 1 })
    await archive(id)
    assert.equal(await count(two), 0)
    assert.deepEqual(spent((await service.request('listCategories')).database), budgets['list-categories'])
  })
})

describe('name-category', () => {
  const name = (categoryId: string, title: string, caller = staff()) =>
    service.request('nameCategory', { caller, params: { categoryId }, body: { title } })

  test('gives it the name that shoppers read, in one write, before and after it holds products', async () => {
    const id = `c-${randomUUID()}`
    const response = await name(id, 'Töpfe & Pfannen')
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 204, trips: budgets['name-category'] },
    )
    assert.equal(
      (await categories()).find((one) => one.id === id),
      undefined,
    )
    await made({ category: `${id}--deep` })
    const all = await categories()
    assert.deepEqual(
      all.filter((one) => one.id.startsWith(id)),
      [
        { id, title: 'Töpfe & Pfannen', products: 1 },
        { id: `${id}--deep`, title: 'Deep', parent: id, products: 1 },
      ],
    )
    await name(id, 'Pots')
    assert.equal((await categories()).find((one) => one.id === id)?.title, 'Pots')
    assert.equal((await name(id, 'x', customer())).status, 403)
    assert.equal((await name('NO SUCH', 'x')).status, 400)
  })
})

describe('categories of a product', () => {
  const listed = async (category: string) => {
    const response = await service.request('listProducts', { query: { category } })
    return [response.body.data.map(({ id }: Json) => id), operations(response)]
  }

  test('list it in each, and in those that these are in, at most one read more; and follow its changes', async () => {
    const [men, sale, other] = ['men', 'sale', 'other'].map((name) => `${name}-${randomUUID()}`)
    const { id, moreCategories } = await made({ category: `${men}--shoes`, moreCategories: [sale] })
    assert.deepEqual(moreCategories, [sale])
    assert.deepEqual(await listed(`${men}--shoes`), [[id], ['Query']])
    for (const category of [men, sale])
      assert.deepEqual(await listed(category ?? ''), [[id], ['Query', 'BatchGetItem']])
    await change(id, { category: other, moreCategories: [] })
    assert.deepEqual(await listed(other ?? ''), [[id], ['Query']])
    for (const category of [men, sale]) assert.deepEqual((await listed(category ?? ''))[0], [])
    await change(id, { moreCategories: [sale] })
    await archive(id)
    for (const category of [other, sale]) assert.deepEqual((await listed(category ?? ''))[0], [])
    assert.equal((await create({ moreCategories: ['a', 'b', 'c'] })).status, 400)
  })

  test('that are too many to change with so many variants at once are refused, and nothing is half done', async () => {
    const deep = (name: string) => Array.from({ length: 8 }, (_, depth) => `${name}${depth}`).join('--')
    const many = Array.from({ length: maxVariants }, () => variant())
    const { id, version } = await made({ variants: many })
    const refused = await change(id, { title: 'Another', category: deep('a'), moreCategories: [deep('b')] })
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 409, code: 'TOO_MANY_CHANGES' })
    assert.equal((await page(id)).body.version, version)
    assert.equal((await change(id, { category: deep('a'), moreCategories: [deep('b')] })).status, 200)
    const wide = { category: deep('c'), moreCategories: [deep('d')], variants: many.map(() => variant()) }
    assert.equal((await create(wide)).problem.code, 'TOO_MANY_CHANGES')
  })
})

describe('change-product', () => {
  test('changes what is given and leaves the rest', async () => {
    const product = await made({ description: 'old', tags: ['a'] })
    const response = await change(product.id, { description: 'new' })
    assert.equal(response.status, 200)
    assert.deepEqual(
      { description: response.body.description, tags: response.body.tags, version: response.body.version },
      { description: 'new', tags: ['a'], version: 2 },
    )
    assert.deepEqual(spent(response.database), budgets['change-product'])
    const renamed = await change(product.id, { title: 'Another name' })
    assert.deepEqual(spent(renamed.database), budgets['change-product'])
    const { variants } = await service.call('quote', { skus: [product.variants[0].sku] })
    assert.equal(variants[0]?.title, 'Another name')
  })

  test('honours If-Match, and knows no product that is not there', async () => {
    const { id } = await made()
    assert.equal((await change(id, { title: 'x' }, { 'if-match': '"7"' })).status, 412)
    assert.equal((await change(id, { title: 'x' }, { 'if-match': '"1"' })).status, 200)
    assert.equal((await change(someId('prd'), { title: 'x' })).status, 404)
  })

  test('a new slug is one more write, and links with the old one lead to the product still', async () => {
    const { id, slug, variants } = await made()
    const tell = (available: number, sequence: number) =>
      service.deliver('showAvailability', [
        someEvent(
          stockLevelChanged,
          variants[0].sku,
          { sku: variants[0].sku, onHand: available, reserved: 0, available },
          { sequence },
        ),
      ])
    await tell(3, 1)
    const [second, third] = [`second-${randomUUID()}`, `third-${randomUUID()}`]
    assert.equal((await change(id, { slug: second })).body.slug, second)
    assert.equal((await change(id, { slug: third })).body.slug, third)
    await tell(5, 2)
    for (const name of [id, slug, second, third]) {
      const { body, status } = await page(name)
      assert.deepEqual(
        { status, id: body.id, slug: body.slug, available: body.variants[0]?.available },
        { status: 200, id, slug: third, available: 5 },
        name,
      )
    }
    assert.equal((await create({ slug: second })).problem.code, 'SLUG_TAKEN')
    const other = await made()
    assert.equal((await change(other.id, { slug: second })).problem.code, 'SLUG_TAKEN')
    assert.equal((await change(id, { slug })).body.slug, slug)
    assert.equal((await page(third)).body.slug, slug)
  })

  test('hides a product as a draft: gone for shoppers, seen by staff, and back at a word', async () => {
    const category = `c-${randomUUID()}`
    const { id, slug, variants } = await made({ category })
    const sku = variants[0].sku
    assert.equal((await change(id, { state: 'draft' })).body.state, 'draft')
    for (const name of [id, slug]) assert.equal((await page(name)).status, 404)
    assert.deepEqual(await service.call('quote', { skus: [sku] }), { variants: [] })
    assert.equal(
      (await categories()).find((one) => one.id === category),
      undefined,
    )
    assert.equal((await create({ variants: [variant(sku)] })).problem.code, 'SKU_TAKEN')
    for (const authorization of ['', tokenFor('shop'), 'Bearer x.y.z']) {
      const headers = { authorization }
      const listed = await service.request('listProducts', { query: { state: 'draft' }, headers })
      assert.deepEqual({ status: listed.status, code: listed.problem.code }, { status: 403, code: 'FORBIDDEN' })
      assert.equal((await service.request('readProduct', { params: { idOrSlug: id }, headers })).status, 404)
    }
    const headers = { authorization: tokenFor('shop staff') }
    const listed = await service.request('listProducts', { query: { state: 'draft' }, headers })
    assert.deepEqual(
      listed.body.data.map((one: Json) => [one.id, one.state]),
      [[id, 'draft']],
    )
    assert.equal(listed.headers['cache-control'], 'no-store')
    const seen = await service.request('readProduct', { params: { idOrSlug: slug }, headers })
    assert.deepEqual(
      { status: seen.status, state: seen.body.state, cacheControl: seen.headers['cache-control'] },
      { status: 200, state: 'draft', cacheControl: 'no-store' },
    )
    const both = await service.request('listProducts', { query: { state: 'draft', category }, headers })
    assert.deepEqual({ status: both.status, code: both.problem.code }, { status: 400, code: 'INVALID_INPUT' })
    assert.equal((await change(id, { state: 'active' })).body.state, 'active')
    assert.equal((await page(slug)).body.id, id)
    assert.equal((await service.call('quote', { skus: [sku] })).variants.length, 1)
    const born = await made({ state: 'draft' })
    assert.equal((await page(born.id)).status, 404)
  })

  test('changes by many at once are all kept', async () => {
    const { id } = await made()
    const answers = await Promise.all([
      change(id, { description: 'new' }),
      change(id, { tags: ['a'] }),
      change(id, { images: ['/pictures/kettle.svg'] }),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const { body } = await page(id)
    assert.deepEqual(
      { description: body.description, tags: body.tags, images: body.images, version: body.version },
      { description: 'new', tags: ['a'], images: ['/pictures/kettle.svg'], version: 4 },
    )
  })
})

describe('archive-product', () => {
  test('takes it off the shelves, and answers the same again', async () => {
    const { id, slug, variants } = await made()
    for (const _ of [1, 2]) assert.equal((await archive(id)).status, 204)
    for (const name of [id, slug]) assert.equal((await page(name)).status, 404)
    assert.deepEqual(await service.call('quote', { skus: [variants[0].sku] }), { variants: [] })
    assert.equal((await archive(someId('prd'))).status, 404)
    const other = await made()
    assert.equal((await archive(other.id, { 'if-match': '"9"' })).status, 412)
  })

  test('it comes back with all that it had, and tells that its stock is to be told again', async () => {
    const category = `c-${randomUUID()}`
    const { id, slug, variants } = await made({ category })
    await archive(id)
    const response = await change(id, { state: 'active', description: 'back' })
    assert.deepEqual(
      { status: response.status, slug: response.body.slug, description: response.body.description },
      { status: 200, slug, description: 'back' },
    )
    assert.equal((await page(slug)).body.id, id)
    assert.equal((await categories()).find((one) => one.id === category)?.products, 1)
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
    assert.deepEqual(
      { type: event?.type, reopened: event?.data.reopened },
      { type: 'product.updated', reopened: [variants[0].sku] },
    )
    assert.equal((await service.call('quote', { skus: [variants[0].sku] })).variants.length, 1)
  })

  test('others can have its slug and its SKUs then, with the stock of these; it cannot take them back', async () => {
    const old = await made()
    const { slug } = old
    const [{ sku }] = old.variants
    const news = (available: number, sequence: number) =>
      someEvent(stockLevelChanged, sku, { sku, onHand: available, reserved: 0, available }, { sequence })
    await service.deliver('showAvailability', [news(4, 1)])
    await archive(old.id)
    const other = await create({ slug, variants: [variant(), variant(sku)] })
    assert.deepEqual({ status: other.status, slug: other.body.slug }, { status: 201, slug })
    assert.deepEqual(spent(other.database), budgets['create-product: slug taken'])
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === other.body.id)
    assert.deepEqual(event?.data.reopened, [sku])
    await service.deliver('showAvailability', [news(3, 2)])
    assert.deepEqual(
      (await page(slug)).body.variants.map(({ available }: Json) => available),
      [0, 3],
    )
    assert.equal((await change(old.id, { state: 'active', slug: `${slug}-old` })).problem.code, 'SKU_TAKEN')
    assert.equal((await change(old.id, { state: 'active' })).status, 409)
    assert.equal((await service.call('quote', { skus: [sku] })).variants[0]?.productId, other.body.id)
    const third = await made()
    assert.equal((await archive(other.body.id)).status, 204)
    const added = { caller: staff(), params: { productId: third.id }, body: variant(sku) }
    assert.equal((await service.request('addVariant', added)).status, 201)
    await service.deliver('showAvailability', [news(2, 3)])
    assert.equal((await page(third.id)).body.variants[1]?.available, 2)
  })

  test('takes one read and one write, tells it, and leaves nothing to change', async () => {
    const { id, variants } = await made()
    const response = await archive(id)
    assert.deepEqual(spent(response.database), budgets['archive-product'])
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
    assert.deepEqual(
      { type: event?.type, skus: event?.data.skus },
      { type: 'product.archived', skus: [variants[0].sku] },
    )
    const params = { productId: id }
    assert.equal((await change(id, { title: 'x' })).status, 404)
    assert.equal((await change(id, { title: 'x', state: 'archived' })).status, 404)
    assert.equal((await service.request('addVariant', { caller: staff(), params, body: variant() })).status, 404)
    const patched = { caller: staff(), params: { sku: variants[0].sku }, body: { price: eur(1) } }
    assert.equal((await service.request('changeVariant', patched)).status, 404)
  })
})

describe('add-variant', () => {
  const add = (productId: string, body: object, headers = {}) =>
    service.request('addVariant', { caller: staff(), params: { productId }, body, headers })

  test('adds one, once per key', async () => {
    const { id } = await made()
    const caller = staff()
    const request = { caller, params: { productId: id }, body: variant(), headers: { 'idempotency-key': 'v' } }
    const [first, second] = [await service.request('addVariant', request), await service.request('addVariant', request)]
    assert.deepEqual(
      {
        firstStatus: first.status,
        secondStatus: second.status,
        firstVariants: first.body.variants.length,
        secondVariants: second.body.variants.length,
      },
      { firstStatus: 201, secondStatus: 201, firstVariants: 2, secondVariants: 2 },
    )
    assert.equal(second.headers['idempotent-replayed'], 'true')
    const other = await service.request('addVariant', { ...request, body: variant() })
    assert.deepEqual(
      { status: other.status, code: other.problem.code },
      { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
    )
  })

  test('takes one read and one write; honours If-Match; tells all the variants', async () => {
    const { id, variants } = await made()
    const more = variant()
    assert.equal((await add(id, more, { 'if-match': '"9"' })).status, 412)
    const response = await add(id, more, { 'if-match': '"1"' })
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 201, trips: budgets['add-variant'] },
    )
    assert.equal(response.headers.location, `/products/${id}`)
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
    assert.deepEqual(
      { type: event?.type, skus: event?.data.skus },
      { type: 'product.updated', skus: [variants[0].sku, more.sku] },
    )
    assert.equal((await add(someId('prd'), variant())).status, 404)
  })

  test('keeps options that are called as what every object inherits', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const options = Object.fromEntries(names.map((name) => [name, 'M']))
    const { id } = await made({ variants: [{ ...variant(), options }] })
    assert.equal((await add(id, { ...variant(), options: { constructor: 'L' } })).status, 201)
    const [first, second] = (await page(id)).body.variants
    assert.deepEqual(Object.entries(first?.options ?? {}).toSorted(), names.map((name) => [name, 'M']).toSorted())
    assert.deepEqual(Object.entries(second?.options ?? {}), [['constructor', 'L']])
  })

  test('refuses a SKU that is taken, a foreign currency, and more than it can hold', async () => {
    const [product, other] = [await made(), await made()]
    assert.equal((await add(product.id, variant(other.variants[0].sku))).problem.code, 'SKU_TAKEN')
    assert.equal((await add(product.id, variant(product.variants[0].sku))).problem.code, 'SKU_TAKEN')
    assert.equal((await add(product.id, { ...variant(), price: { amount: 1, currency: 'USD' } })).status, 400)
    const [{ sku }] = product.variants
    assert.equal((await add(product.id, variant(sku.toUpperCase()))).problem.code, 'SKU_TAKEN')
    const twin = await add(product.id, { ...variant(), options: { size: sku } })
    assert.deepEqual({ status: twin.status, code: twin.problem.code }, { status: 409, code: 'OPTIONS_TAKEN' })
    const full = await made({ variants: Array.from({ length: 90 }, () => variant()) })
    assert.equal((await add(full.id, variant())).problem.code, 'TOO_MANY_VARIANTS')
  })
})

describe('change-variant', () => {
  const patch = (sku: string, body: object, headers = {}) =>
    service.request('changeVariant', { caller: staff(), params: { sku }, body, headers })

  test('changes a price for page and quote together', async () => {
    const { id, variants } = await made()
    const response = await patch(variants[0].sku, { price: eur(777) })
    assert.deepEqual(spent(response.database), budgets['change-variant'])
    assert.deepEqual((await page(id)).body.priceFrom, eur(777))
    assert.deepEqual((await service.call('quote', { skus: [variants[0].sku] })).variants[0]?.unitPrice, eur(777))
  })

  test('cannot make two alike, and takes one off sale and back', async () => {
    const { id, variants } = await made({ variants: [variant(), variant()] })
    const [one, two] = variants.map(({ sku }: Json) => sku)
    const twin = await patch(two, { options: { size: one } })
    assert.deepEqual({ status: twin.status, code: twin.problem.code }, { status: 409, code: 'OPTIONS_TAKEN' })
    assert.equal((await patch(two, { options: { size: 'XL' } })).status, 200)
    assert.equal((await patch(one, { onSale: false })).body.variants[0]?.onSale, false)
    assert.deepEqual(
      (await page(id)).body.variants.map(({ sku }: Json) => sku),
      [two],
    )
    assert.deepEqual(await service.call('quote', { skus: [one] }), { variants: [] })
    assert.equal((await patch(one, { onSale: true, barcode: '123', compareAtPrice: eur(9) })).status, 200)
    assert.deepEqual((await page(id)).body.variants[0]?.compareAtPrice, eur(9))
    assert.equal((await patch(one, { compareAtPrice: null })).status, 200)
    const [left] = (await page(id)).body.variants
    assert.deepEqual(
      { compareAtPrice: left?.compareAtPrice, barcode: left?.barcode },
      { compareAtPrice: undefined, barcode: '123' },
    )
    assert.equal((await service.call('quote', { skus: [one] })).variants.length, 1)
    assert.equal((await patch(one.toUpperCase(), { weightGrams: 1 })).status, 404)
  })

  test('knows no SKU that is not there, and no other currency', async () => {
    assert.equal((await patch('NO-SUCH', { weightGrams: 1 })).status, 404)
    const one = (await made()).variants[0].sku
    assert.equal((await patch(one, { weightGrams: 1 }, { 'if-match': '"9"' })).status, 412)
    assert.equal((await patch(one, { sku: 'OTHER' })).problem.errors?.[0]?.pointer, '/sku')
    const { variants } = await made()
    assert.equal((await patch(variants[0].sku, { price: { amount: 1, currency: 'USD' } })).status, 400)
  })
})

describe('quote', () => {
  test('prices many variants in one read; unknown and repeated ones are no trouble', async () => {
    const { variants } = await made({ variants: Array.from({ length: 80 }, () => variant()) })
    const skus = variants.map((one: Json) => one.sku)
    const quoted = await service.call('quote', { skus: [...skus, 'NO-SUCH', skus[0]] })
    assert.equal(quoted.variants.length, 80)
    assert.deepEqual(spent(await during(() => service.call('quote', { skus }))), budgets.quote)
  })

  test('gives what an order must know, and nothing more', async () => {
    const { id, title, variants } = await made()
    const [{ sku }] = variants
    assert.deepEqual((await service.call('quote', { skus: [sku] })).variants, [
      { sku, productId: id, title, options: { size: sku }, unitPrice: eur(1000), weightGrams: 500 },
    ])
  })
})

describe('show-availability', () => {
  const news = (sku: string, available: number, sequence: number) =>
    someEvent(stockLevelChanged, sku, { sku, onHand: available, reserved: 0, available }, { sequence })
  const shown = async (id: string) => (await page(id)).body

  test('shows the newest news, in any order, however often; the version stays, and nothing is published again', async () => {
    const { id, variants } = await made({ variants: [variant(), variant()] })
    const [first, second] = variants.map((one: Json) => one.sku)
    await service.deliver('showAvailability', [
      news(first, 5, 3),
      news(second, 2, 1),
      news(first, 9, 2),
      news(first, 5, 3),
    ])
    await service.deliver('showAvailability', [news(first, 1, 1)])
    const product = await shown(id)
    assert.deepEqual(
      product.variants.map((one: Json) => one.available),
      [5, 2],
    )
    assert.deepEqual({ inStock: product.inStock, version: product.version }, { inStock: true, version: 1 })
    assert.deepEqual((await page(product.slug)).body, product)
    assert.deepEqual(
      (await service.outbox()).filter(({ aggregateId }) => aggregateId === id),
      [],
    )
    await service.deliver('showAvailability', [news(first, 0, 4), news(second, 0, 2)])
    assert.equal((await shown(id)).inStock, false)
  })

  test('a change by staff keeps what can be bought', async () => {
    const { id, variants } = await made()
    await service.deliver('showAvailability', [news(variants[0].sku, 7, 1)])
    await change(id, { description: 'changed' })
    assert.equal((await shown(id)).variants[0]?.available, 7)
  })

  test('takes one write of one item, and of the product only where a SKU sells out or comes back', async () => {
    const { id, variants } = await made()
    const [{ sku }] = variants
    const tell = (units: number, number: number) =>
      during(() => service.deliver('showAvailability', [news(sku, units, number)]))
    const item = async (sk: string): Promise<Json> =>
      (await service.items()).find((one) => one.pk === `product#${id}` && one.sk === sk)
    // The first time that it is heard of: where it belongs, its product's slug, and a new stock item with nothing.
    assert.deepEqual(await tell(0, 1), ['GetItem', 'GetItem', 'PutItem'])
    assert.deepEqual((await item('product')).availability, {})
    assert.deepEqual(await tell(9, 2), ['UpdateItem', 'TransactWriteItems'])
    const stocked = await item('product')
    assert.deepEqual(stocked.availability, { [sku]: { available: 9, sequence: 2 } })
    assert.deepEqual(await tell(7, 3), ['UpdateItem'])
    assert.deepEqual(await tell(7, 3), ['UpdateItem'])
    assert.deepEqual(await item('product'), stocked)
    const { available, sequence } = await item(`product#availability#${sku}`)
    assert.deepEqual({ available, sequence }, { available: 7, sequence: 3 })
    assert.deepEqual(await tell(0, 4), ['TransactWriteItems'])
    assert.equal((await page(id)).body.inStock, false)
  })

  test('what a product said before its SKUs had items of their own is shown until the next news', async () => {
    const { id, variants, slug } = await made({ variants: [variant(), variant()] })
    const [one, two] = variants.map(({ sku }: Json) => sku)
    const stored = (await service.items()).find(({ pk, sk }) => pk === `product#${id}` && sk === 'product')
    const before = { [one]: { available: 5, sequence: 7 }, [two]: { available: 2, sequence: 3 } }
    await service.put({ ...stored, availability: before })
    const available = async () => (await page(slug)).body.variants.map((each: Json) => each.available)
    assert.deepEqual(await available(), [5, 2])
    await service.deliver('showAvailability', [news(one, 9, 6), news(one, 5, 7)])
    assert.deepEqual(await available(), [5, 2])
    await service.deliver('showAvailability', [news(one, 4, 8), news(two, 0, 4)])
    assert.deepEqual(await available(), [4, 0])
    const listed = (await service.request('listProducts', { query: { limit: '100' } })).body.data
    assert.equal(listed.find((each: Json) => each.id === id)?.inStock, true)
    await service.deliver('showAvailability', [news(one, 0, 9)])
    assert.equal((await shown(id)).inStock, false)
  })

  test('a product with as many variants as there may be is one read, by id and by slug', async () => {
    const { id, slug, variants } = await made({ variants: Array.from({ length: maxVariants }, () => variant()) })
    const skus: string[] = variants.map(({ sku }: Json) => sku)
    // Several come back at once; the others as if they had.
    await service.deliver(
      'showAvailability',
      skus.slice(0, 5).map((sku, index) => news(sku, index + 1, 2)),
    )
    const template = (await service.items()).find(({ sk }) => sk === `product#availability#${skus[0]}`)
    const copies = skus.slice(5).map((sku, index) => {
      const keys = { sk: `product#availability#${sku}`, gsi1sk: `availability#${sku}` }
      return service.put({ ...template, ...keys, sku, available: index + 6 })
    })
    await Promise.all(copies)
    for (const name of [id, slug]) {
      const read = await page(name)
      assert.deepEqual(spent(read.database), budgets['read-product'])
      assert.deepEqual(
        read.body.variants.map((one: Json) => one.available),
        skus.map((_, index) => index + 1),
      )
    }
    assert.equal((await archive(id)).status, 204)
    for (const name of [id, slug]) assert.equal((await page(name)).status, 404)
  })

  test('news of a SKU that the catalogue does not have is no trouble', async () => {
    assert.deepEqual(await service.deliver('showAvailability', [news('ELSEWHERE', 1, 1)]), [])
  })
})

describe('a batch read', () => {
  test('takes a key that is given twice as one', async () => {
    const { variants } = await made()
    const [{ sku }] = variants
    const quoted = await service.call('quote', { skus: [sku, sku, sku.toUpperCase(), sku] })
    assert.deepEqual(
      quoted.variants.map((one: Json) => one.sku),
      [sku],
    )
  })
})

describe('draw-picture', () => {
  const draw = (name: string) => service.request('drawPicture', { params: { name } })

  test('draws the same for the same name, without the database', async () => {
    const [one, again, other] = [await draw('kettle.svg'), await draw('kettle.svg'), await draw('lamp.svg')]
    assert.equal(one.headers['content-type'], 'image/svg+xml')
    assert.match(one.headers['content-security-policy'] ?? '', /default-src 'none'/)
    assert.match(one.headers['cache-control'] ?? '', /immutable/)
    assert.equal(one.headers['x-content-type-options'], 'nosniff')
    assert.match(one.body, /^<svg [^>]*>.*<\/svg>$/)
    assert.equal(one.body, again.body)
    assert.notEqual(one.body, other.body)
    assert.deepEqual(one.database, [])
  })

  test('draws nothing for a name that is none', async () => {
    for (const name of ['../x.svg', '<script>.svg', 'kettle.png']) assert.equal((await draw(name)).status, 400)
  })
})

describe('show-rating', () => {
  const news = (productId: string, count: number, sum: number, sequence: number) =>
    someEvent(productRated, productId, { productId, count, sum }, { sequence })
  const ratingOf = async (id: string) => (await page(id)).body.rating

  test('shows the newest news, in any order, however often, by one write; and nothing once nobody rates it', async () => {
    const { id } = await made()
    assert.equal(await ratingOf(id), undefined)
    const tell = () => service.deliver('showRating', [news(id, 3, 11, 3), news(id, 2, 6, 2), news(id, 3, 11, 3)])
    assert.deepEqual(spent(await during(tell)), budgets['show-rating: three events'])
    await service.deliver('showRating', [news(id, 1, 5, 1)])
    const read = await page(id)
    assert.deepEqual(read.body.rating, { average: 3.67, count: 3 })
    assert.deepEqual(spent(read.database), budgets['read-product'])
    assert.equal(read.body.version, 1)
    assert.deepEqual(
      (await service.outbox()).filter(({ aggregateId }) => aggregateId === id),
      [],
    )
    const { body } = await service.request('listProducts', { query: { limit: '100' } })
    assert.deepEqual(body.data.find((one: Json) => one.id === id)?.rating, { average: 3.67, count: 3 })
    await service.deliver('showRating', [news(id, 0, 0, 4)])
    assert.equal(await ratingOf(id), undefined)
  })

  test('a change by staff keeps it, and a product that is not there is no trouble', async () => {
    const { id } = await made()
    await service.deliver('showRating', [news(id, 1, 5, 1)])
    await change(id, { description: 'changed' })
    assert.deepEqual(await ratingOf(id), { average: 5, count: 1 })
    assert.deepEqual(await service.deliver('showRating', [news(someId('prd'), 1, 5, 1)]), [])
  })
})
