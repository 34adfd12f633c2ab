import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { carts } from '../../../functions/carts/contract.ts'
import { type Cart, maxOrdered, withoutOrdered } from '../../../functions/carts/domain.ts'
import { orderConfirmed } from '../../../functions/published/orders.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, guest, type Json, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const productId = someId('prd')
const prices: Record<string, number> = { 'KETTLE-1': 4900, 'CUP-BLUE': 950, 'CUP-RED': 950, DEAR: 1_000_000_000_000 }

/** What the inventory says can be bought; `undefined` where it does not answer. */
let levels: Record<string, number> | undefined = {}
let asked = 0
beforeEach(() => {
  levels = {}
  asked = 0
})

let options: Record<string, string> = {}

const service = await startService(carts, {
  procedures: {
    'inventory-levels': (input) => {
      asked += 1
      if (!levels) throw new Error('the inventory does not answer')
      const known = levels
      const { skus } = input as { skus: string[] }
      return { levels: skus.flatMap((sku) => (known[sku] === undefined ? [] : [{ sku, available: known[sku] }])) }
    },
    'catalog-quote': (input) => ({
      variants: (input as { skus: string[] }).skus.flatMap((sku) =>
        prices[sku] === undefined && !sku.startsWith('MANY-')
          ? []
          : [
              {
                sku,
                productId,
                title: `The ${sku}`,
                options,
                unitPrice: eur(prices[sku] ?? 100),
                weightGrams: 500,
              },
            ],
      ),
    }),
  },
})
after(() => service.stop())

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
    assert.deepEqual(spent(response.database), budgets['create-cart'])
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
    assert.equal(response.problem.code, 'INVALID_INPUT')
  })
})

describe('read-cart', () => {
  test('reads in one round trip', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'KETTLE-1': 2 })
    const response = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.equal(response.status, 200)
    assert.deepEqual(spent(response.database), budgets['read-cart'])
    assert.deepEqual(response.body.lines, [
      { sku: 'KETTLE-1', title: 'The KETTLE-1', quantity: 2, unitPrice: eur(4900), total: eur(9800) },
    ])
    assert.equal(response.headers['cache-control'], 'no-store')
  })

  test('says of each line how many can be bought, and what keeps the cart from becoming an order, by one call', async () => {
    const caller = guest()
    const { id } = await cartOf(caller, { 'KETTLE-1': 500, 'CUP-RED': 3, 'CUP-BLUE': 100, 'MANY-1': 1, 'MANY-2': 1 })
    levels = { 'KETTLE-1': 16, 'CUP-RED': 0, 'CUP-BLUE': 200, 'MANY-1': 1 }
    asked = 0
    const { body } = await service.request('readCart', { caller, params: { cartId: id } })
    assert.equal(asked, 1)
    assert.deepEqual(
      body.lines.map(({ available }: Json) => available),
      [16, 0, 200, 1, undefined],
    )
    assert.deepEqual(
      body.messages.map(({ code, severity, path }: Json) => [code, severity, path]),
      [
        ['NOT_ENOUGH_STOCK', 'error', '/lines/0/quantity'],
        ['OUT_OF_STOCK', 'error', '/lines/1/quantity'],
        ['QUANTITY_LIMITED', 'error', '/lines/2/quantity'],
      ],
    )
    assert.match(body.messages[0]?.text ?? '', /Only 16 of KETTLE-1/)
  })

  test('is shown without the stock where the inventory does not answer', async () => {
    const caller = guest()
    const { id } = await cartOf(caller, { 'KETTLE-1': 50 })
    levels = undefined
    const { status, body } = await service.request('readCart', { caller, params: { cartId: id } })
    assert.deepEqual(
      { status, available: body.lines[0]?.available, messages: body.messages },
      { status: 200, available: undefined, messages: [] },
    )
  })

  test("mistake 13: a cart's total readable by anyone", async () => {
    const cart = await cartOf(guest(), { 'KETTLE-1': 1 })
    for (const caller of [guest(), customer()]) {
      const response = await service.request('readCart', { caller, params: { cartId: cart.id } })
      assert.equal(response.status, 404)
      assert.equal(response.problem.code, 'NOT_FOUND')
    }
  })

  test('refuses what is no cart id', async () => {
    const response = await service.request('readCart', { caller: guest(), params: { cartId: '../../etc' } })
    assert.equal(response.status, 400)
    assert.deepEqual(response.problem.errors?.[0]?.pointer, '{cartId}')
  })
})

describe('read-my-cart', () => {
  const mine = (caller: TestCaller) => service.request('readMyCart', { caller })

  test('is one cart of a customer on every device, made at the first look, also at two at once', async () => {
    const me = customer()
    const [first, second] = await Promise.all([mine(me), mine(me)])
    assert.deepEqual(
      { firstStatus: first.status, secondStatus: second.status, lines: first.body.lines },
      { firstStatus: 200, secondStatus: 200, lines: [] },
    )
    assert.equal(first.body.id, second.body.id)
    await service.request('setLine', {
      caller: me,
      params: { cartId: first.body.id, sku: 'CUP-RED' },
      body: { quantity: 3 },
    })
    const elsewhere = await mine(me)
    assert.deepEqual(spent(elsewhere.database), budgets['read-my-cart'])
    assert.deepEqual(
      { quantity: elsewhere.body.lines[0]?.quantity, etag: elsewhere.headers.etag },
      { quantity: 3, etag: '"2"' },
    )
    assert.notEqual((await mine(customer())).body.id, first.body.id)
  })

  test('guests have none', async () => {
    const { status, problem } = await mine(guest())
    assert.deepEqual({ status, code: problem.code }, { status: 403, code: 'ACCOUNT_NEEDED' })
  })

  test('a first cart that is made otherwise is the same; more are others', async () => {
    const me = customer()
    const made = await cartOf(me, { 'CUP-RED': 1 })
    assert.equal((await mine(me)).body.id, made.id)
    assert.notEqual((await cartOf(me)).id, made.id)
    const device = customer()
    const own = (await mine(device)).body.id
    assert.notEqual((await cartOf(device)).id, own)
    const lines = (await mine(me)).body.lines.map(({ sku }: Json) => sku)
    assert.deepEqual(lines, ['CUP-RED'])
  })

  test('a cart that was merged into another leads there; one that is past its time is followed by a new one', async () => {
    const me = customer()
    const { body: own } = await mine(me)
    const other = await cartOf(me, { 'CUP-RED': 1 })
    await service.request('mergeCart', { caller: me, params: { cartId: other.id }, body: { from: own.id } })
    assert.equal((await mine(me)).body.id, other.id)

    const late = customer()
    const { body: before } = await mine(late)
    const item = (await service.items()).find(({ pk }) => pk === `cart#${before.id}`)
    await service.put({ ...item, expiresAt: 1, lines: [{ sku: 'X', title: 'X', quantity: 1, unitPrice: eur(1) }] })
    const { status, body } = await mine(late)
    assert.deepEqual({ status, id: body.id, lines: body.lines }, { status: 200, id: before.id, lines: [] })
  })
})

describe('reprice', () => {
  test('shows lines at the prices of now, without touching what else was done to the cart', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 2, 'CUP-BLUE': 1 })
    const variants = [{ sku: 'CUP-RED', title: 'A red cup', unitPrice: eur(999) }]
    const ask = (ownerId: string) => service.call('reprice', { cartId: cart.id, ownerId, variants })
    assert.deepEqual(await ask(guest().sub), {})
    assert.deepEqual(await ask(caller.sub), { version: cart.version + 1 })
    assert.deepEqual(await ask(caller.sub), { version: cart.version + 1 })
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual(
      body.lines.map(({ title, unitPrice, total }: Json) => [title, unitPrice.amount, total.amount]),
      [
        ['A red cup', 999, 1998],
        ['The CUP-BLUE', 950, 950],
      ],
    )
  })
})

describe('set-line', () => {
  test('says at once how many can be bought, and takes the line all the same', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    levels = { 'CUP-RED': 16 }
    const params = { cartId: cart.id, sku: 'CUP-RED' }
    const { status, body } = await service.request('setLine', { caller, params, body: { quantity: 500 } })
    assert.deepEqual(
      { status, quantity: body.lines[0]?.quantity, available: body.lines[0]?.available },
      { status: 200, quantity: 500, available: 16 },
    )
    assert.deepEqual(
      body.messages.map(({ code }: Json) => code),
      ['NOT_ENOUGH_STOCK'],
    )
  })

  test('sets a line with one read and one write', async () => {
    const caller = guest()
    const cart = await cartOf(caller)
    const response = await service.request('setLine', {
      caller,
      params: { cartId: cart.id, sku: 'CUP-RED' },
      body: { quantity: 3 },
    })
    assert.equal(response.status, 200)
    assert.deepEqual(spent(response.database), budgets['set-line'])
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
      assert.equal(response.problem.code, 'INVALID_INPUT')
      assert.equal(response.problem.errors?.[0]?.pointer, '/quantity')
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
    assert.equal(response.problem.errors?.[0]?.pointer, '/unitPrice')
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
    assert.equal(more.problem.code, 'CART_FULL')
    const rich = await cartOf(caller)
    const dear = await service.request('setLine', {
      caller,
      params: { cartId: rich.id, sku: 'DEAR' },
      body: { quantity: 2 },
    })
    assert.equal(dear.problem.code, 'TOTAL_TOO_LARGE')
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
    assert.deepEqual(
      { status: response.status, trips: spent(response.database) },
      { status: 200, trips: budgets['set-lines'] },
    )
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
    assert.equal((await set(caller, cart.id, many(100, 1))).problem.code, 'CART_FULL')
    assert.equal((await set(guest(), cart.id, many(0, 1))).status, 404)
    assert.equal((await set(caller, cart.id, many(0, 1), { 'if-match': '"1"' })).status, 412)
  })
})

describe('a line of a cart', () => {
  test('tells the options of its variant', async () => {
    const caller = guest()
    options = { Size: 'M', Colour: 'Red' }
    const { id, lines } = await cartOf(caller, { 'CUP-RED': 1 })
    options = {}
    assert.deepEqual(lines[0].options, { Size: 'M', Colour: 'Red' })
    const { body } = await service.request('readCart', { caller, params: { cartId: id } })
    assert.deepEqual(body.lines, lines)
  })

  test('says them to the order that is made of it, and shows others once it is told of them', async () => {
    const caller = guest()
    options = { Size: 'M', Colour: 'Red' }
    const { id } = await cartOf(caller, { 'CUP-RED': 1 })
    options = {}
    const snapshot = async () => {
      const { cart } = await service.call('checkoutSnapshot', { cartId: id, ownerId: caller.sub })
      assert.ok(cart)
      return cart
    }
    const { version, lines } = await snapshot()
    assert.deepEqual(lines[0]?.options, { Size: 'M', Colour: 'Red' })
    const shown = async (told: object) => {
      const variants = [{ sku: 'CUP-RED', title: 'The CUP-RED', unitPrice: eur(950), ...told }]
      return (await service.call('reprice', { cartId: id, ownerId: caller.sub, variants })).version
    }
    assert.equal(await shown({ options: { Colour: 'Red', Size: 'M' } }), version)
    assert.equal(await shown({ options: { Colour: 'Red', Size: 'L' } }), version + 1)
    assert.deepEqual((await snapshot()).lines[0]?.options, { Size: 'L', Colour: 'Red' })
    assert.equal(await shown({}), version + 2)
    assert.equal((await snapshot()).lines[0]?.options, undefined)
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
    assert.deepEqual(spent(removed.database), budgets['remove-line'])
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
    assert.deepEqual(spent(response.database), budgets['merge-cart'])
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

  test('a guest takes no cart of another guest, known id or not; their own they may', async () => {
    const [victim, thief] = [guest(), guest()]
    const theirs = await cartOf(victim, { 'CUP-RED': 1 })
    const [into, own] = [await cartOf(thief), await cartOf(thief, { 'CUP-BLUE': 2 })]
    assert.equal((await merge(thief, into.id, theirs.id)).status, 404)
    const { body } = await service.request('readCart', { caller: victim, params: { cartId: theirs.id } })
    assert.deepEqual({ lines: body.lines.length, version: body.version }, { lines: 1, version: theirs.version })
    assert.equal((await merge(thief, into.id, own.id)).body.lines.length, 1)
  })

  test('refuses as a whole what would not fit', async () => {
    const me = customer()
    const lines = (first: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - first }, (_, index) => [`MANY-${first + index}`, 1]))
    const into = await cartOf(me, lines(0, 60))
    const from = await cartOf(guest(), lines(60, 120))
    const response = await merge(me, into.id, from.id)
    assert.equal(response.problem.code, 'CART_FULL')
    const { body } = await service.request('readCart', { caller: me, params: { cartId: into.id } })
    assert.equal(body.lines.length, 60)
  })
})

describe('checkout-snapshot', () => {
  test('shows a cart to its owner only', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 2 })
    const mine = await service.call('checkoutSnapshot', { cartId: cart.id, ownerId: caller.sub })
    const lines = [{ sku: 'CUP-RED', title: 'The CUP-RED', quantity: 2, unitPrice: eur(950) }]
    assert.deepEqual(mine, { cart: { id: cart.id, version: 2, lines } })
    assert.deepEqual(await service.call('checkoutSnapshot', { cartId: cart.id, ownerId: guest().sub }), {})
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
    assert.deepEqual(spent(await during()), budgets['clear-cart'])
    assert.deepEqual(spent(await during()), budgets['clear-cart: unchanged'])
    assert.deepEqual(await service.deliver('clearCart', [event, event]), [])
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual(
      body.lines.map(({ sku, quantity }: Json) => ({ sku, quantity })),
      [{ sku: 'CUP-BLUE', quantity: 3 }],
    )
  })

  const quantitiesOf = async (caller: TestCaller, cartId: string): Promise<[string, number][]> => {
    const { body } = await service.request('readCart', { caller, params: { cartId } })
    return body.lines.map(({ sku, quantity }: Json) => [sku, quantity])
  }
  const change = (caller: TestCaller, cartId: string, sku: string, quantity: number) =>
    quantity === 0
      ? service.request('removeLine', { caller, params: { cartId, sku } })
      : service.request('setLine', { caller, params: { cartId, sku }, body: { quantity } })

  for (const [what, quantities, left] of [
    ['is put back after it was removed', [0, 2], 2],
    ['is raised', [5], 3],
    ['is lowered', [1], 0],
    ['is lowered and raised again', [1, 2], 1],
    ['is lowered, raised, lowered and raised', [1, 3, 2, 4], 3],
    ['is removed', [0], 0],
    ['is set to the same quantity', [2], 0],
  ] as const)
    test(`of a line that ${what} after it was ordered, what came later stays`, async () => {
      const caller = guest()
      const cart = await cartOf(caller, { 'CUP-RED': 2, 'CUP-BLUE': 1 })
      for (const quantity of quantities) await change(caller, cart.id, 'CUP-RED', quantity)
      const event = confirmed(caller, cart, [
        { sku: 'CUP-RED', quantity: 2 },
        { sku: 'CUP-BLUE', quantity: 1 },
      ])
      assert.deepEqual(await service.deliver('clearCart', [event, event]), [])
      assert.deepEqual(await quantitiesOf(caller, cart.id), left === 0 ? [] : [['CUP-RED', left]])
    })

  test('what was ordered of a cart that was merged meanwhile is taken out of the other, once', async () => {
    const [visitor, me] = [guest(), customer()]
    const from = await cartOf(visitor, { 'CUP-RED': 2 })
    const into = await cartOf(me, { 'CUP-RED': 1, 'CUP-BLUE': 1 })
    const event = confirmed(visitor, from, [{ sku: 'CUP-RED', quantity: 2 }])
    await service.request('mergeCart', { caller: me, params: { cartId: into.id }, body: { from: from.id } })
    assert.deepEqual(await service.deliver('clearCart', [event, event]), [])
    assert.deepEqual(await quantitiesOf(me, into.id), [
      ['CUP-BLUE', 1],
      ['CUP-RED', 1],
    ])
  })

  test('the snapshot names the latest order that was taken out', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 2 })
    const event = confirmed(caller, cart, [{ sku: 'CUP-RED', quantity: 2 }])
    await service.deliver('clearCart', [event])
    const { cart: snapshot } = await service.call('checkoutSnapshot', { cartId: cart.id, ownerId: caller.sub })
    assert.deepEqual(
      { lastOrderId: snapshot?.lastOrderId, lines: snapshot?.lines },
      { lastOrderId: event.data.orderId, lines: [] },
    )
  })

  test('two orders of one cart, each told twice at once: each is taken out once', async () => {
    const caller = guest()
    const cart = await cartOf(caller, { 'CUP-RED': 9 })
    const events = [2, 3].map((quantity) => confirmed(caller, cart, [{ sku: 'CUP-RED', quantity }]))
    assert.deepEqual(await service.deliver('clearCart', [...events, ...events]), [])
    assert.deepEqual(await service.deliver('clearCart', events.toReversed()), [])
    const { body } = await service.request('readCart', { caller, params: { cartId: cart.id } })
    assert.deepEqual(
      { quantity: body.lines[0]?.quantity, includesOrdered: Object.keys(body).includes('ordered') },
      { quantity: 4, includesOrdered: false },
    )
  })

  test('a cart knows its latest hundred orders', () => {
    const ids = Array.from({ length: maxOrdered + 1 }, () => someId('ord'))
    const empty: Cart = { id: 'crt_1', ownerId: 'gst_1', currency: 'EUR', lines: [], version: 1, expiresAt: 0 }
    const cleared = ids.reduce(
      (cart, orderId) => withoutOrdered(cart, { orderId, cartVersion: 1, lines: [] }) ?? cart,
      empty,
    )
    assert.deepEqual(cleared.ordered, ids.slice(1))
  })

  test('does nothing for a cart that is gone', async () => {
    const event = confirmed(guest(), { id: someId('crt'), version: 1 }, [{ sku: 'CUP-RED', quantity: 1 }])
    assert.deepEqual(await service.deliver('clearCart', [event]), [])
  })
})
