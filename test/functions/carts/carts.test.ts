import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { carts } from '../../../functions/carts/contract.ts'
import { type Cart, maxOrdered, withoutOrdered } from '../../../functions/carts/domain.ts'
import { orderConfirmed } from '../../../functions/orders/events.ts'
import { customer, guest, type Json, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const productId = someId('prd')
const prices: Record<string, number> = { 'KETTLE-1': 4900, 'CUP-BLUE': 950, 'CUP-RED': 950, DEAR: 1_000_000_000_000 }

const service = await startService(carts, {
  procedures: {
    'catalog-quote': (input) => ({
      variants: (input as { skus: string[] }).skus.flatMap((sku) =>
        prices[sku] === undefined && !sku.startsWith('MANY-')
          ? []
          : [
              {
                sku,
                productId,
                title: `The ${sku}`,
                options: {},
                unitPrice: eur(prices[sku] ?? 100),
                weightGrams: 500,
              },
            ],
      ),
    }),
  },
})
after(() => service.stop())

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)

const cartOf = async (caller: TestCaller, lines: Record<string, number> = {}): Promise<Json> => {
  let { body } = await service.request('createCart', { caller })
  for (const [sku, quantity] of Object.entries(lines))
    ({ body } = await service.request('setLine', { caller, params: { cartId: body.id, sku }, body: { quantity } }))
  return body
}

describe('create-cart', () => {
  test('makes an empty cart in one write', async () => {
    const response = await service.request('createCart', { caller: guest() })
    assert.equal(response.status, 201)
    assert.deepEqual(operations(response), ['TransactWriteItems'])
    assert.equal(response.headers.location, `/carts/${response.body.id}`)
    assert.equal(response.headers.etag, '"1"')
    assert.deepEqual(response.body.lines, [])
    assert.deepEqual(response.body.subtotal, eur(0))
  })

  test('makes one cart for one idempotency key', async () => {
    const caller = guest()
    const headers = { 'idempotency-key': 'one' }
    const [first, second] = await Promise.all([
      service.request('createCart', { caller, headers }),
      service.request('createCart', { caller, headers }),
    ])
    const third = await service.request('createCart', { caller, headers })
    assert.deepEqual(new Set([first.body.id, second.body.id, third.body.id]).size, 1)
    assert.equal(third.status, 201)
    assert.equal(third.headers['idempotent-replayed'], 'true')
    const other = await service.request('createCart', { caller: guest(), headers })
    assert.notEqual(other.body.id, first.body.id)
  })

  test('refuses a body, since it takes none', async () => {
    const response = await service.request('createCart', { caller: guest(), body: { ownerId: 'me' } })
    assert.equal(response.status, 400)
    assert.equal(response.body.code, 'INVALID_INPUT')
  })
})

describe('read-cart', () => {
  test('reads in one round trip', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'KETTLE-1': 2 })
    const response = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.equal(response.status, 200)
    assert.deepEqual(operations(response), ['GetItem'])
    assert.deepEqual(response.body.lines, [
      { sku: 'KETTLE-1', title: 'The KETTLE-1', quantity: 2, unitPrice: eur(4900), total: eur(9800) },
    ])
    assert.equal(response.headers['cache-control'], 'no-store')
  })

  test("mistake 13: a cart's total readable by anyone", async () => {
    const cart = await cartOf(guest(), { 'KETTLE-1': 1 })
    for (const caller of [guest(), customer()]) {
      const response = await service.request('readCart', { caller, params: { cartId: cart.id } })
      assert.equal(response.status, 404)
      assert.equal(response.body.code, 'NOT_FOUND')
    }
  })

  test('refuses what is no cart id', async () => {
    const response = await service.request('readCart', { caller: guest(), params: { cartId: '../../etc' } })
    assert.equal(response.status, 400)
    assert.deepEqual(response.body.errors[0].pointer, '{cartId}')
  })
})

describe('set-line', () => {
  test('sets a line with one read and one write', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const response = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'CUP-RED' },
      body: { quantity: 3 },
    })
    assert.equal(response.status, 200)
    assert.deepEqual(operations(response), ['GetItem', 'PutItem'])
    assert.deepEqual(response.body.subtotal, eur(2850))
    const again = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'CUP-RED' },
      body: { quantity: 1 },
    })
    assert.deepEqual(again.body.subtotal, eur(950))
    assert.equal(again.body.lines.length, 1)
  })

  for (const quantity of [0, -1, 1.5, 1e9, 1000, '2', null, {}])
    test(`mistake 13: refuses a quantity of ${JSON.stringify(quantity)} and changes nothing`, async () => {
      const caller = guest()
      const cart = await cartOf(caller)
      const response = await service.request('setLine', {
        caller,
        params: { cartId: cart.id, sku: 'CUP-RED' },
        body: { quantity },
      })
      assert.equal(response.status, 400)
      assert.equal(response.body.code, 'INVALID_INPUT')
      assert.equal(response.body.errors[0].pointer, '/quantity')
      const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
      assert.equal(body.version, 1)
    })

  test('mistake 6: refuses a price from the client', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const response = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'CUP-RED' },
      body: { quantity: 1, unitPrice: eur(1) },
    })
    assert.equal(response.status, 400)
    assert.equal(response.body.errors[0].pointer, '/unitPrice')
  })

  test('does not know an unknown SKU, nor the cart of another', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const unknown = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'NO-SUCH' },
      body: { quantity: 1 },
    })
    assert.equal(unknown.status, 404)
    const foreign = await service.request('setLine', {
      caller: guest(),
      params: { cartId: cart.id, sku: 'CUP-RED' },
      body: { quantity: 1 },
    })
    assert.equal(foreign.status, 404)
  })

  test('honours If-Match', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 1 })
    const set = (tag: string) =>
      service.request('setLine', {
        caller,
        params: { cartId: cart.id, sku: 'CUP-BLUE' },
        body: { quantity: 1 },
        headers: { 'if-match': tag },
      })
    assert.equal((await set('"1"')).status, 412)
    assert.equal((await set('nonsense')).status, 412)
    assert.equal((await set(`"${cart.version}"`)).status, 200)
  })

  test('keeps every line when many are set at once', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const skus = ['CUP-RED', 'CUP-BLUE', 'KETTLE-1']
    const answers = await Promise.all(
      skus.map((sku) =>
        service.request('setLine', { caller, params: { cartId: cart.id, sku }, body: { quantity: 1 } }),
      ),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual(body.lines.map((line: Json) => line.sku).toSorted(), skus.toSorted())
  })

  test('holds at most a hundred lines, and a total it can reckon with', async () => {
    const caller = guest()
    const cart = await cartOf(
      caller,
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`MANY-${index}`, 1])),
    )
    const more = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'MANY-100' },
      body: { quantity: 1 },
    })
    assert.equal(more.status, 409)
    assert.equal(more.body.code, 'CART_FULL')
    const rich = await cartOf(caller)
    const dear = await service.request('setLine', {
      caller,
      params: { cartId: rich.id, sku: 'DEAR' },
      body: { quantity: 2 },
    })
    assert.equal(dear.body.code, 'TOTAL_TOO_LARGE')
  })
})

describe('set-lines', () => {
  const set = (caller: TestCaller, cartId: string, items: object[], headers = {}) =>
    service.request('setLines', { caller, params: { cartId }, body: { items }, headers })

  test('sets many lines with one read and one write, and leaves the others', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'KETTLE-1': 1, 'CUP-RED': 1 })
    const response = await set(caller, cart.id, [
      { sku: 'CUP-RED', quantity: 5 },
      { sku: 'CUP-BLUE', quantity: 2 },
    ])
    assert.deepEqual([response.status, operations(response)], [200, ['GetItem', 'PutItem']])
    assert.deepEqual(
      response.body.lines.map((line: Json) => [line.sku, line.quantity]),
      [
        ['KETTLE-1', 1],
        ['CUP-RED', 5],
        ['CUP-BLUE', 2],
      ],
    )
  })

  test('sets all or none', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ sku: `MANY-${from + index}`, quantity: 1 }))
    assert.equal(
      (
        await set(caller, cart.id, [
          { sku: 'CUP-RED', quantity: 1 },
          { sku: 'NO-SUCH', quantity: 1 },
        ])
      ).status,
      404,
    )
    assert.equal((await set(caller, cart.id, many(0, 101))).status, 400)
    assert.equal((await set(caller, cart.id, [])).status, 400)
    assert.equal((await set(caller, cart.id, many(0, 100))).status, 200)
    assert.equal((await set(caller, cart.id, many(100, 1))).body.code, 'CART_FULL')
    assert.equal((await set(guest(), cart.id, many(0, 1))).status, 404)
    assert.equal((await set(caller, cart.id, many(0, 1), { 'if-match': '"1"' })).status, 412)
  })
})

describe('remove-line', () => {
  test('removes a line; removing what is not there changes nothing', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 1, 'CUP-BLUE': 1 })
    const remove = (sku: string, more = {}) =>
      service.request('removeLine', { caller, params: { cartId: cart.id, sku }, ...more })
    const removed = await remove('CUP-RED')
    assert.equal(removed.status, 200)
    assert.deepEqual(operations(removed), ['GetItem', 'PutItem'])
    assert.deepEqual(
      removed.body.lines.map((line: Json) => line.sku),
      ['CUP-BLUE'],
    )
    const again = await remove('CUP-RED')
    assert.equal(again.body.version, removed.body.version)
    assert.equal((await remove('CUP-BLUE', { headers: { 'if-match': '"1"' } })).status, 412)
    assert.equal((await remove('CUP-BLUE', { caller: guest() })).status, 404)
  })
})

describe('merge-cart', () => {
  const merge = (caller: TestCaller, into: string, from: string) =>
    service.request('mergeCart', { caller, params: { cartId: into }, body: { from } })

  test('C1: no line is lost; the guest cart is gone, and merging again changes nothing', async () => {
    const [visitor, me] = [guest(), customer()]
    const from = await cartOf(visitor, { 'CUP-RED': 600, 'KETTLE-1': 1 })
    const into = await cartOf(me, { 'CUP-RED': 600, 'CUP-BLUE': 2 })
    const response = await merge(me, into.id, from.id)
    assert.equal(response.status, 200)
    assert.deepEqual(operations(response), ['BatchGetItem', 'TransactWriteItems'])
    const quantities = Object.fromEntries(response.body.lines.map((line: Json) => [line.sku, line.quantity]))
    assert.deepEqual(quantities, { 'CUP-BLUE': 2, 'CUP-RED': 999, 'KETTLE-1': 1 })
    const again = await merge(me, into.id, from.id)
    assert.equal(again.status, 200)
    assert.equal(again.body.version, response.body.version)
    const other = customer()
    const theirs = await cartOf(other)
    assert.equal((await merge(other, theirs.id, from.id)).status, 404)
  })

  test("leaves another customer's cart alone", async () => {
    const me = customer()
    const into = await cartOf(me)
    const theirs = await cartOf(customer(), { 'CUP-RED': 1 })
    assert.equal((await merge(me, into.id, theirs.id)).status, 404)
    assert.equal((await merge(me, theirs.id, into.id)).status, 404)
  })

  test('refuses as a whole what would not fit', async () => {
    const me = customer()
    const lines = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`MANY-${from + index}`, 1]))
    const into = await cartOf(me, lines(0, 60))
    const from = await cartOf(guest(), lines(60, 120))
    const response = await merge(me, into.id, from.id)
    assert.equal(response.body.code, 'CART_FULL')
    const { body } = await service.request('readCart', { caller: me, params: { cartId: into.id } })
    assert.equal(body.lines.length, 60)
  })
})

describe('checkout-snapshot', () => {
  test('shows a cart to its owner only', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 2 })
    const mine = await service.call('checkout-snapshot', { cartId: cart.id, ownerId: caller.sub })
    assert.deepEqual(mine, { cart: { id: cart.id, version: 2, lines: [{ sku: 'CUP-RED', quantity: 2 }] } })
    assert.deepEqual(await service.call('checkout-snapshot', { cartId: cart.id, ownerId: guest().sub }), {})
  })
})

describe('clear-cart', () => {
  const confirmed = (caller: TestCaller, cart: Json, lines: { sku: string; quantity: number }[]) => {
    const orderId = someId('ord')
    const address = { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' }
    return someEvent(orderConfirmed, orderId, {
      orderId,
      customerId: caller.sub,
      cartId: cart.id,
      cartVersion: cart.version,
      order: {
        number: '1',
        lines: lines.map((line) => ({ ...line, title: 'T', unitPrice: eur(1), total: eur(1), weightGrams: 1 })),
        subtotal: eur(1),
        discount: eur(0),
        shipping: eur(0),
        tax: eur(0),
        total: eur(1),
        pricesIncludeTax: false,
        shippingMethod: { id: 'standard', title: 'S' },
        shippingAddress: address,
      },
    })
  }

  test('takes out what was ordered, once, and leaves what was added since', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 2, 'CUP-BLUE': 5 })
    const event = confirmed(caller, cart, [
      { sku: 'CUP-RED', quantity: 2 },
      { sku: 'CUP-BLUE', quantity: 2 },
    ])
    const during = async (): Promise<string[]> => {
      const before = service.database.length
      assert.deepEqual(await service.deliver('clearCart', [event]), [])
      return service.database.slice(before).map(({ operation }) => operation)
    }
    assert.deepEqual(await during(), ['GetItem', 'PutItem'])
    assert.deepEqual(await during(), ['GetItem'])
    assert.deepEqual(await service.deliver('clearCart', [event, event]), [])
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual(
      body.lines.map(({ sku, quantity }: Json) => ({ sku, quantity })),
      [{ sku: 'CUP-BLUE', quantity: 3 }],
    )
  })

  test('two orders of one cart, each told twice at once: each is taken out once', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 9 })
    const events = [2, 3].map((quantity) => confirmed(caller, cart, [{ sku: 'CUP-RED', quantity }]))
    assert.deepEqual(await service.deliver('clearCart', [...events, ...events]), [])
    assert.deepEqual(await service.deliver('clearCart', events.toReversed()), [])
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual([body.lines[0].quantity, Object.keys(body).includes('ordered')], [4, false])
  })

  test('a cart knows its latest hundred orders', () => {
    const ids = Array.from({ length: maxOrdered + 1 }, () => someId('ord'))
    const empty: Cart = { id: 'crt_1', ownerId: 'gst_1', currency: 'EUR', lines: [], version: 1, expiresAt: 0 }
    const cleared = ids.reduce((cart, orderId) => withoutOrdered(cart, { orderId, lines: [] }) ?? cart, empty)
    assert.deepEqual(cleared.ordered, ids.slice(1))
  })

  test('does nothing for a cart that is gone', async () => {
    const event = confirmed(guest(), { id: someId('crt'), version: 1 }, [{ sku: 'CUP-RED', quantity: 1 }])
    assert.deepEqual(await service.deliver('clearCart', [event]), [])
  })
})
