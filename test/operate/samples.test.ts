import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleProducts } from '../../cdk/operate/samples/catalogue.ts'
import { loadSamples } from '../../cdk/operate/samples/load.ts'
import { slugOf, variantsOf } from '../../cdk/operate/samples/product.ts'
import { ensureStaff, localStaff } from '../../cdk/operate/start/staff.ts'
import { endpoints as catalog } from '../../functions/catalog/contract.ts'
import { openShop } from '../../functions/client.ts'
import { endpoints as inventory } from '../../functions/inventory/contract.ts'

const variants = sampleProducts.flatMap((product) => variantsOf(product, 'EUR'))

describe('the sample catalogue', () => {
  test('holds at least 60 products with variants, in several categories', () => {
    assert.ok(sampleProducts.length >= 60)
    assert.ok(variants.length >= 150)
    const sizes = Map.groupBy(sampleProducts, ({ category }) => category)
    assert.ok(sizes.size >= 6)
    for (const [category, products] of sizes) assert.ok(products.length >= 6, category)
  })

  test('names nothing twice', () => {
    assert.equal(new Set(sampleProducts.map(({ title }) => slugOf(title))).size, sampleProducts.length)
    assert.equal(new Set(variants.map(({ sku }) => sku)).size, variants.length)
  })

  test('says of each variant how many there are: many, few, none', () => {
    for (const product of sampleProducts)
      assert.equal(product.stock.length, variantsOf(product, 'EUR').length, product.title)
    assert.ok(variants.some(({ stock }) => stock === 0))
    assert.ok(variants.some(({ stock }) => stock > 0 && stock < 5))
    assert.ok(variants.some(({ stock }) => stock > 100))
  })

  test('adds what an option costs only to options that there are', () => {
    for (const { title, options = {}, extra = {} } of sampleProducts)
      for (const value of Object.keys(extra))
        assert.ok(Object.values(options).flat().includes(value), `${title}: ${value}`)
  })

  test('keeps the face value of prices in any currency', () => {
    const price = (currency: string) => {
      const product = { ...(sampleProducts[0] ?? assert.fail()), price: 1250, extra: {}, options: {} }
      return variantsOf(product, currency)[0]?.price
    }
    assert.deepEqual(price('EUR'), { amount: 1250, currency: 'EUR' })
    assert.deepEqual(price('JPY'), { amount: 13, currency: 'JPY' })
    assert.deepEqual(price('JOD'), { amount: 12_500, currency: 'JOD' })
  })
})

const asStaffOf = (answer: typeof fetch) =>
  openShop({
    url: 'http://shop.invalid',
    tokens: { read: () => ({ accessToken: 'staff' }), write: () => undefined },
    fetch: answer,
  })

/** Just enough of a shop: products by slug, stock histories by SKU; refuses what its contracts refuse. */
const createShop = () => {
  const slugs = new Map<string, readonly string[]>()
  const received = new Map<string, number>()
  const keys = new Set<string>()
  let failAfter = Number.POSITIVE_INFINITY
  let requests = 0
  const reply = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
    new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    })

  const post = (path: string, headers: Headers, body: unknown): Response => {
    const key = headers.get('idempotency-key')
    assert.equal(headers.get('authorization'), 'Bearer staff')
    assert.ok(key !== null)
    // As the shop does: the same key again is the same answer, and changes nothing.
    if (keys.has(key)) return reply(201, {}, { 'idempotent-replayed': 'true' })
    if (path === '/products') {
      const { slug = '', variants: made } = catalog.createProduct.body.parse(body)
      if (slugs.has(slug)) return reply(409, { code: 'SLUG_TAKEN', detail: 'taken' })
      slugs.set(
        slug,
        made.map(({ sku }) => sku),
      )
    } else {
      const sku = path.split('/')[2] ?? ''
      if (![...slugs.values()].flat().includes(sku)) return reply(404)
      assert.ok(!received.has(sku), `${sku} is received once`)
      received.set(sku, inventory.receiveStock.body.parse(body).quantity)
    }
    keys.add(key)
    return reply(201, {})
  }

  const client = asStaffOf(async (input, { method, headers, body } = {}) => {
    requests += 1
    if (requests > failAfter) throw new Error('the shop is gone')
    const { pathname } = new URL(String(input))
    if (method === 'POST') return post(pathname, new Headers(headers), JSON.parse(String(body)))
    const sku = pathname.split('/')[2] ?? ''
    return reply(200, { data: received.has(sku) ? [{}] : [] })
  })
  return { client, slugs, received, breakOffAfter: (count: number) => (failAfter = requests + count) }
}

const options = { currency: 'EUR' }
const stocked = Object.fromEntries(variants.filter(({ stock }) => stock > 0).map(({ sku, stock }) => [sku, stock]))

describe('loading the samples', () => {
  test('makes every product as its contract asks, and receives its stock', async () => {
    const shop = createShop()
    const steps: number[] = []
    const loaded = await loadSamples({ ...options, shop: shop.client, onProgress: (done) => steps.push(done) })
    assert.deepEqual(loaded, { created: sampleProducts.length, existing: 0 })
    assert.deepEqual(Object.fromEntries(shop.received), stocked)
    assert.deepEqual(
      steps,
      Array.from(sampleProducts, (_, index) => index + 1),
    )
  })

  test('goes on where it broke off: nothing is received twice, nothing is left out', async () => {
    for (const after of [0, 1, 7, 40, 150]) {
      const shop = createShop()
      shop.breakOffAfter(after)
      await assert.rejects(loadSamples({ ...options, shop: shop.client }), /the shop is gone/)
      shop.breakOffAfter(Number.POSITIVE_INFINITY)
      const { created, existing } = await loadSamples({ ...options, shop: shop.client })
      assert.equal(created + existing, sampleProducts.length)
      assert.deepEqual(new Map([...shop.received].sort()), new Map(Object.entries(stocked).sort()))
    }
  })

  test('leaves a product alone that has the name of a sample', async () => {
    const shop = createShop()
    shop.slugs.set('copper-kettle', ['ANOTHER'])
    assert.deepEqual(await loadSamples({ ...options, shop: shop.client }), {
      created: sampleProducts.length - 1,
      existing: 1,
    })
    assert.equal(shop.received.has('KIT-KETTLE-1-2-L'), false)
  })

  test('tells what was refused', async () => {
    const refusal = { code: 'FORBIDDEN', detail: 'This needs a staff account.' }
    const shop = asStaffOf(async () => Response.json(refusal, { status: 403 }))
    await assert.rejects(
      loadSamples({ ...options, shop }),
      /POST \/products answered 403 FORBIDDEN: This needs a staff account/,
    )
  })
})

describe('the staff account', () => {
  const cloudThat = (answer: object) => {
    const asked: unknown[] = []
    const invoke = async (name: string, payload: unknown) => {
      asked.push([name, payload])
      return { kind: 'answered' as const, requestId: '1', payload: JSON.stringify(answer) }
    }
    return { asked, invoke }
  }

  test('is made by the procedure that has no route', async () => {
    const cloud = cloudThat({ outcome: 'created', userId: `usr_${'0'.repeat(26)}` })
    await ensureStaff(cloud, 'shop-dev')
    assert.deepEqual(cloud.asked, [['shop-dev-identity-create-staff', { input: localStaff }]])
  })

  test('says why it was not made', async () => {
    const refusing = cloudThat({ outcome: 'refused', detail: 'The password is too short.' })
    await assert.rejects(ensureStaff(refusing, 'shop-dev'), /not made: The password is too short/)
    const failing = async () => ({
      kind: 'answered' as const,
      requestId: '1',
      payload: '{"errorType":"X"}',
      functionError: 'Unhandled' as const,
    })
    await assert.rejects(ensureStaff({ invoke: failing }, 'shop-dev'), /create-staff failed: \{"errorType":"X"\}/)
    const busy = async () => ({
      kind: 'throttled' as const,
      requestId: '1',
      reason: 'ConcurrentInvocationLimitExceeded' as const,
    })
    await assert.rejects(ensureStaff({ invoke: busy }, 'shop-dev'), /is busy/)
  })
})
