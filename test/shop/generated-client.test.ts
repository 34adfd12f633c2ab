/** The OpenAPI document as strangers use it: a client is generated from it, and a program that is written with that one buys. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { productWithStock } from '../support/purchase.ts'
import { eventually, openShop, patientFetch, staffToken } from '../support/shop.ts'

const shop = await openShop()
const folder = mkdtempSync(join(tmpdir(), 'shop-generated-'))
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await shop.stop()
})

const program = `import { createCart, guest, listProducts, listShippingMethods, placeOrder, setLine } from './client/index.js'
import { client } from './client/client.gen.js'

type Bought = { number: string; amount: number; size: string | undefined }

export const buy = async (baseUrl: string, send: typeof fetch, sku: string, size: string): Promise<Bought | string> => {
  client.setConfig({ baseUrl, fetch: send })
  const { data: visitor } = await guest()
  client.setConfig({ auth: () => visitor?.tokens.accessToken })
  const { data: found } = await listProducts({ query: { option: ['Size:' + size, 'Size:none'], limit: 100 } })
  const isFound = found?.data.some(({ title }) => title === 'Test ' + sku)
  if (!isFound) return 'not found'
  const { data: cart } = await createCart({ headers: { 'Idempotency-Key': 'cart-' + sku } })
  if (!cart) return 'no cart'
  const { data: line } = await setLine({ path: { cartId: cart.id, sku }, body: { quantity: 2 } })
  const { data: methods } = await listShippingMethods({ path: { cartId: cart.id }, query: { country: 'DE' } })
  const { data: order, error } = await placeOrder({
    headers: { 'Idempotency-Key': 'order-' + sku, Prefer: 'wait=15' },
    body: {
      cartId: cart.id,
      email: 'ada@example.com',
      shippingMethod: methods?.data[0]?.id ?? '',
      shippingAddress: { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' },
      payment: { method: 'sandbox_ok' },
    },
  })
  if (!order) return 'code' in error ? error.code : error.message
  return { number: order.number, amount: order.subtotal.amount, size: line?.lines[0]?.options?.Size }
}

export const wrong = () =>
  placeOrder({
    headers: { 'Idempotency-Key': 'never' },
    body: {
      cartId: 'crt',
      shippingMethod: 'standard',
      // @ts-expect-error: the lines of an address are text
      shippingAddress: { name: 1, line1: '12 Dock Road', country: 'DE' },
      payment: { method: 'sandbox_ok' },
    },
  })
`

test('a purchase that is written with a generated client compiles, and buys', async () => {
  execFileSync(process.execPath, [
    join(projectRoot, 'test/support/generate-client.ts'),
    `${shop.url}/openapi.json`,
    join(folder, 'client'),
  ])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'program.ts'), program)
  const options =
    '--noEmit --strict --noUncheckedIndexedAccess --module nodenext --target es2024 --lib es2024,dom,dom.iterable'
  const compiled = spawnSync(
    process.execPath,
    [join(projectRoot, 'node_modules/typescript/bin/tsc'), ...options.split(' '), '--types', '', 'program.ts'],
    { cwd: folder, encoding: 'utf8' },
  )
  assert.deepEqual({ status: compiled.status, said: compiled.stdout }, { status: 0, said: '' })

  const outfile = join(folder, 'program.mjs')
  await build({ entryPoints: [join(folder, 'program.ts')], outfile, bundle: true, platform: 'node', format: 'esm' })
  const { buy } = await import(pathToFileURL(outfile).href)
  const staff = await staffToken(shop)
  const { sku, slug } = await productWithStock(shop, staff, 5, 2500, { Size: 'generated' })
  await eventually(
    () => shop.request('GET /products/{idOrSlug}', { params: { idOrSlug: slug } }),
    (answer) => answer.body.inStock === true,
  )
  const send = async (request: Request) => {
    const { url, method, headers } = request
    return patientFetch(url, { method, headers, ...(request.body ? { body: await request.text() } : {}) })
  }
  const { bought } = await eventually(
    async () => ({ status: 200, bought: await buy(shop.url, send, sku, 'generated') }),
    (outcome) => outcome.bought !== 'not found',
  )
  assert.match(bought.number, /^\d{6}-\w{4}-\w{4}$/)
  assert.deepEqual({ amount: bought.amount, size: bought.size }, { amount: 5000, size: 'generated' })
})
