/** What is sold is found, within seconds of being written: through HTTP only. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { RequestOf, ShopRoutes } from '../../functions/client.ts'
import { eventually, openShop, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const token = await staffToken(shop)

/** A word that no other product has, so that the test can share a shop. */
const mark = `m${randomUUID().slice(0, 8)}`
type Query = NonNullable<RequestOf<ShopRoutes['GET /products']>['query']>
const find = (query: Query) => shop.request('GET /products', { query })
const titles = ({ body }: { body: { data: { title: string }[] } }): string[] => body.data.map(({ title }) => title)
const made = async (title: string, options: Record<string, string>, amount: number) => {
  const { status, body } = await shop.request('POST /products', {
    token,
    body: {
      title,
      description: `Search test ${mark}`,
      category: 'search-tests',
      variants: [{ sku: `S-${randomUUID()}`, options, price: { amount, currency: 'EUR' } }],
    },
  })
  assert.equal(status, 201)
  return body
}
const found = (query: Query, expected: string[]) =>
  eventually(
    () => find(query),
    (answer) => answer.status === 200 && JSON.stringify(titles(answer)) === JSON.stringify(expected),
  )

describe('search', () => {
  test('follows what staff write, what is received and what is archived', async () => {
    const kettle = await made(`Wasserkessel groß ${mark}`, { colour: 'red' }, 4900)
    const cup = await made('杯子 Tasse', { colour: 'blue, dark' }, 900)
    await found({ q: mark }, [kettle.title, cup.title])
    assert.deepEqual(titles(await find({ q: `WASSERKESSEL GROSS ${mark.slice(0, 6)}` })), [kettle.title])
    assert.deepEqual(titles(await find({ q: `杯子 ${mark}` })), [cup.title])
    assert.deepEqual(titles(await find({ q: kettle.variants[0]?.sku ?? '' })), [kettle.title])
    assert.deepEqual(titles(await find({ q: mark, sort: 'price' })), [cup.title, kettle.title])
    assert.deepEqual(titles(await find({ q: mark, minPrice: '901' })), [kettle.title])
    const both = `option=colour:red&option=${encodeURIComponent('colour:blue, dark')}`
    const either = await shop.raw('GET', `/products?q=${mark}&${both}`)
    assert.equal(JSON.parse(either.body).facets.matches, 2)
    assert.deepEqual(titles(await find({ q: mark, option: 'colour:blue, dark' })), [cup.title])

    await shop.request('POST /stock/{sku}/receipts', {
      token,
      params: { sku: cup.variants[0]?.sku ?? '' },
      body: { quantity: 2 },
    })
    const inStock = await found({ q: mark, inStock: 'true' }, [cup.title])
    assert.equal(inStock.body.data[0]?.inStock, true)

    await shop.request('PATCH /products/{productId}', {
      token,
      params: { productId: cup.id },
      body: { title: `Becher ${mark}` },
    })
    await found({ q: `becher ${mark}` }, [`Becher ${mark}`])
    assert.deepEqual(titles(await find({ q: `tasse ${mark}` })), [])

    await shop.request('DELETE /products/{productId}', { token, params: { productId: kettle.id } })
    const { body } = await eventually(
      () => find({ q: mark }),
      (answer) => answer.body.facets?.matches === 1,
    )
    assert.deepEqual(
      { titles: titles({ body }), exact: body.facets?.exact },
      { titles: [`Becher ${mark}`], exact: true },
    )
    await shop.request('DELETE /products/{productId}', { token, params: { productId: cup.id } })
  })
})
