import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import { orders } from '../../../functions/orders/contract.ts'
import { type Status, transitions } from '../../../functions/orders/domain.ts'
import { orderCancelled, orderConfirmed } from '../../../functions/published/orders.ts'
import { paymentAuthorized, paymentDeclined } from '../../../functions/published/payments.ts'
import { shipmentDelivered, shipmentDispatched, shipmentStopped } from '../../../functions/published/shipping.ts'
import type { EventDeclaration } from '../../../shared/contract/event.ts'
import { eraseMarkKey } from '../../../shared/runtime/erasure.ts'
import { itemBytes } from '../../support/item-size.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someEvent,
  someId,
  staff,
  startService,
  type TestCaller,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const address = { name: 'Ada', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' }

type ShownLine = {
  options?: Record<string, string>
  sku: string
  quantity: number
  title?: string
  unitPrice?: { amount: number; currency: string }
}
let lines: ShownLine[] = [{ sku: 'A', quantity: 2 }]
/** The latest order whose lines the cart says were taken out of it. */
let lastOrderId: string | undefined
let reprices: Json[] = []
let cartOwner: string | undefined
let prices: Record<string, number> = {}
let quotes = 0
let options: Record<string, string> = {}
/** Addresses of accounts, and who was asked for. */
let [accounts, contacts]: [Record<string, string>, string[]] = [{}, []]
/** What shipping answers when it is asked to stop, and what it was asked. */
let [hasLeft, stops]: [boolean, Json[]] = [false, []]
/**
 * What inventory and payments answer. Stock that was given back leaves an order as it was placed: it stands for all that keeps it from its
 * outcome for now.
 */
const waits = { state: 'released', shortages: [] }
const kept = { state: 'reserved', shortages: [] }
let stock: { state: string; shortages: Json[] } | 'silent' = waits
let money: { status: string; declineCode?: string } | 'silent' = { status: 'pending' }
/** Which of the two does not do what is asked of it when goods have left; and all that both were asked. */
let unsettled: string[] = []
let asked: string[] = []
const silence = () => {
  throw new Error('it does not answer')
}
beforeEach(() => {
  ;[stock, money, unsettled, asked] = [waits, { status: 'pending' }, [], []]
  options = {}
  ;[accounts, contacts] = [{}, []]
  ;[hasLeft, stops] = [false, []]
  lines = [{ sku: 'A', quantity: 2 }]
  cartOwner = undefined
  lastOrderId = undefined
  reprices = []
  prices = { A: 1000, B: 333 }
  quotes = 0
})

const service = await startService(
  orders,
  {
    procedures: {
      'carts-checkout-snapshot': (input) => {
        const { cartId, ownerId } = input as { cartId: string; ownerId: string }
        if (cartOwner !== undefined && cartOwner !== ownerId) return {}
        return { cart: { id: cartId, version: 4, lines, ...(lastOrderId && { lastOrderId }) } }
      },
      'carts-reprice': (input) => {
        reprices.push(input)
        return { version: 5 }
      },
      'catalog-quote': (input) => {
        quotes += 1
        const { skus } = input as { skus: string[] }
        return {
          variants: skus.flatMap((sku) =>
            prices[sku] === undefined
              ? []
              : [
                  {
                    sku,
                    productId: someId('prd'),
                    title: `The ${sku}`,
                    options,
                    unitPrice: eur(prices[sku]),
                    weightGrams: 700,
                  },
                ],
          ),
        }
      },
      'identity-find-contact': (input) => {
        const { userId } = input as { userId: string }
        contacts.push(userId)
        return accounts[userId] === undefined ? {} : { email: accounts[userId] }
      },
      'inventory-reserve': () => {
        asked.push('reserve')
        return stock === 'silent' ? silence() : stock
      },
      'payments-authorize': () => {
        asked.push('authorize')
        return money === 'silent' ? silence() : money
      },
      'inventory-commit': () => {
        asked.push('commit')
        return unsettled.includes('commit') ? silence() : {}
      },
      'payments-capture': () => {
        asked.push('capture')
        return unsettled.includes('capture') ? silence() : {}
      },
      'shipping-stop': (input) => {
        stops.push(input)
        return { stopped: !hasLeft }
      },
      'shipping-quote': (input) => {
        const { methodId, weightGrams } = input as { methodId: string; weightGrams: number }
        return methodId === 'standard'
          ? { method: { id: 'standard', title: 'Standard', price: eur(490 + weightGrams) } }
          : {}
      },
    },
  },
  { SHOP_PRICES_INCLUDE_TAX: 'false' },
)
after(() => service.stop())

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
/** Of a cart of its own, unless it says which. */
const bodyOf = (more: object = {}) => ({
  cartId: someId('crt'),
  email: 'Ada@Example.com',
  shippingAddress: address,
  shippingMethod: 'standard',
  payment: { method: 'sandbox_ok' },
  ...more,
})
const place = (caller: TestCaller = guest(), body: object = bodyOf(), key: string = randomUUID()) =>
  service.request('placeOrder', { caller, body, headers: { 'idempotency-key': key } })
const hear = (declaration: EventDeclaration, orderId: string, data: object = {}) =>
  service.deliver('settleOrder', [someEvent(declaration, orderId, { orderId, ...data })])
const authorized = (id: string) => hear(paymentAuthorized, id, { amount: eur(1) })
const dispatched = (id: string) =>
  service.deliver('shipOrder', [
    someEvent(shipmentDispatched, id, { orderId: id, shipmentId: someId('shp'), carrier: 'P', trackingNumber: '1' }),
  ])
const delivered = (id: string) => hear(shipmentDelivered, id, { shipmentId: someId('shp') })
const read = async (id: string): Promise<Json> =>
  (await service.request('readOrder', { caller: staff(), params: { orderId: id } })).body
const typesOf = async (id: string) => (await published(id)).map(({ type }) => type)
/** What a delivery or a run did at the table. */
const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
const published = async (id: string) => (await service.outbox()).filter(({ aggregateId }) => aggregateId === id)
/** Places an order that has its stock and waits for its money. */
const awaiting = async (caller: TestCaller = guest(), body: object = bodyOf()): Promise<Json> => {
  stock = kept
  const placed = await place(caller, body).finally(() => {
    stock = waits
  })
  assert.equal(placed.body.status, 'awaiting-payment')
  return placed.body
}
const confirmed = async (caller: TestCaller = guest(), body: object = bodyOf()): Promise<Json> => {
  const { id } = await awaiting(caller, body)
  await authorized(id)
  return read(id)
}
/** Makes the moment at which time looks at an order one that has passed. */
const letTimePass = async (id: string, which: 'deadline' | 'resumeAt' = 'deadline') => {
  const item = (await service.items()).find(({ pk }) => pk === `order#${id}`)
  const past = '2026-01-01T00:00:00.000Z'
  await service.put({ ...item, [which]: past, gsi3pk: item.gsi3pk ?? 'deadline#0', gsi3sk: `${past}#${id}` })
}
const cancel = (id: string, caller: TestCaller, headers = {}) =>
  service.request('cancelOrder', { caller, params: { orderId: id }, headers })

describe('place-order', () => {
  test('after one look names the order among the open ones, writes it as its key, and then its outcome', async () => {
    const caller = guest()
    ;[stock, money] = [kept, { status: 'authorized' }]
    const response = await place(caller)
    assert.equal(response.status, 202)
    assert.deepEqual(spent(response.database), budgets['place-order'])
    const order = response.body
    assert.equal(response.headers.location, `/orders/${order.id}`)
    assert.equal(response.headers.etag, '"2"')
    assert.deepEqual({ status: order.status, email: order.email }, { status: 'confirmed', email: 'ada@example.com' })
    assert.deepEqual(
      order.timeline.map((entry: Json) => entry.status),
      ['placed', 'awaiting-payment', 'confirmed'],
    )
    assert.deepEqual(
      { subtotalAmount: order.subtotal.amount, shippingAmount: order.shipping.amount, taxAmount: order.tax.amount },
      { subtotalAmount: 2000, shippingAmount: 1890, taxAmount: 380 + 359 },
    )
    assert.equal(order.total.amount, 2000 + 1890 + 739)
    const [event] = await published(order.id)
    assert.deepEqual({ type: event?.type, sequence: event?.sequence }, { type: 'order.confirmed', sequence: 1 })
    assert.deepEqual(asked, ['reserve', 'authorize'])
  })

  test('mistake 1, 9 and 12: repeated or at once, one key is one order; and it asks no prices again', async () => {
    const caller = guest()
    const body = bodyOf()
    const answers = await Promise.all([1, 2, 3, 4].map(() => place(caller, body, 'same')))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202])
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
    quotes = 0
    lines = []
    const later = await place(caller, body, 'same')
    assert.deepEqual(
      { status: later.status, idempotentReplayed: later.headers['idempotent-replayed'], id: later.body.id, quotes },
      { status: 202, idempotentReplayed: 'true', id: answers[0]?.body.id, quotes: 0 },
    )
    assert.deepEqual(spent(later.database), budgets['place-order: key repeated'])
    assert.equal((await place(caller, bodyOf({ email: 'x@example.com' }), 'same')).status, 422)
    lines = [{ sku: 'A', quantity: 2 }]
    assert.notEqual((await place(guest(), bodyOf(), 'same')).body.id, later.body.id)
  })

  test('mistake 9: an order that could not be written is none; the same key places it later', async () => {
    const caller = guest()
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems'
    const failed = await place(caller, bodyOf(), 'k')
    service.fakes.fails = undefined
    const mine = () => service.request('listOrders', { caller })
    assert.deepEqual({ status: failed.status, data: (await mine()).body.data }, { status: 500, data: [] })
    const later = await place(caller, bodyOf(), 'k')
    assert.deepEqual({ status: later.status, data: (await mine()).body.data.length }, { status: 202, data: 1 })
    assert.equal(later.headers['idempotent-replayed'], undefined)
  })

  test('mistake 6: takes no price, and no total, from the client', async () => {
    for (const [name, value] of Object.entries({ total: eur(1), lines: [], discount: eur(9) }))
      assert.equal((await place(guest(), bodyOf({ [name]: value }))).problem.errors?.[0]?.pointer, `/${name}`)
  })

  test('mistake 6: reckons with the catalogue’s prices and the quantities', async () => {
    lines = [
      { sku: 'A', quantity: 3 },
      { sku: 'B', quantity: 99 },
    ]
    const { body } = await place()
    assert.deepEqual(
      body.lines.map((line: Json) => line.total.amount),
      [3000, 333 * 99],
    )
  })

  test('says why there is no order', async () => {
    lines = []
    assert.deepEqual((await place()).problem.code, 'CART_EMPTY')
    lines = [{ sku: 'GONE', quantity: 1 }]
    assert.deepEqual((await place()).problem.code, 'ITEM_UNAVAILABLE')
    lines = [{ sku: 'A', quantity: 1 }]
    assert.deepEqual((await place(guest(), bodyOf({ shippingMethod: 'owl' }))).problem.code, 'SHIPPING_UNAVAILABLE')
    prices.A = 1_000_000_000_000
    assert.deepEqual((await place()).problem.code, 'TOTAL_TOO_LARGE')
    cartOwner = 'somebody else'
    assert.equal((await place()).status, 404)
    const keyless = await service.request('placeOrder', { caller: guest(), body: bodyOf() })
    assert.equal(keyless.problem.code, 'IDEMPOTENCY_KEY_MISSING')
    assert.equal(
      (await place(guest(), bodyOf({ payment: { method: 'gold' } }))).problem.errors?.[0]?.pointer,
      '/payment/method',
    )
  })

  test('goes to an address of its country only, and says what is wrong with another', async () => {
    const wrong = async (more: object) => {
      const { status, problem, database } = await place(guest(), bodyOf({ shippingAddress: { ...address, ...more } }))
      assert.deepEqual(
        { status, code: problem.code, database: database.length, quotes },
        { status: 400, code: 'INVALID_INPUT', database: 0, quotes: 0 },
      )
      return problem.errors?.map(({ pointer }: Json) => pointer)
    }
    for (const country of ['ZZ', 'UK', 'EL']) assert.deepEqual(await wrong({ country }), ['/shippingAddress/country'])
    assert.deepEqual(await wrong({ postalCode: '1011' }), ['/shippingAddress/postalCode'])
    assert.deepEqual(await wrong({ postalCode: undefined }), ['/shippingAddress/postalCode'])
    assert.deepEqual(await wrong({ country: 'US', postalCode: '94103' }), ['/shippingAddress/region'])
  })

  test('keeps the address as its post prints it, and needs no postal code where there are none', async () => {
    const addressed = async (more: object) => {
      const { status, body } = await place(guest(), bodyOf({ shippingAddress: { ...address, ...more } }))
      assert.equal(status, 202)
      return body.shippingAddress
    }
    assert.equal((await addressed({ postalCode: 'D-10115' })).postalCode, '10115')
    const { postalCode: _, ...rest } = address
    const inHongKong = { ...rest, city: 'Kowloon', region: 'Kowloon', country: 'HK' }
    const { status, body } = await place(guest(), bodyOf({ shippingAddress: inHongKong }))
    assert.deepEqual({ status, shippingAddress: body.shippingAddress }, { status: 202, shippingAddress: inHongKong })
  })

  test('without an address for mail takes that of the account; a guest must give one', async () => {
    const { email: _, ...body } = bodyOf()
    const me = customer()
    accounts = { [me.sub]: 'ada@account.example' }
    const mine = await place(me, body)
    assert.deepEqual(
      { status: mine.status, email: mine.body.email, contacts },
      { status: 202, email: 'ada@account.example', contacts: [me.sub] },
    )
    assert.equal((await place(me)).body.email, 'ada@example.com')
    assert.deepEqual(contacts, [me.sub])
    const anonymous = await place(guest(), body)
    assert.deepEqual(
      { status: anonymous.status, code: anonymous.problem.code, database: anonymous.database.length },
      { status: 400, code: 'INVALID_INPUT', database: 0 },
    )
    const [error] = anonymous.problem.errors ?? []
    assert.deepEqual({ pointer: error?.pointer, code: error?.code }, { pointer: '/email', code: 'required' })
    const gone = await place(customer(), body)
    assert.deepEqual({ status: gone.status, code: gone.problem.code }, { status: 403, code: 'FORBIDDEN' })
  })

  test('nobody orders who has asked to be erased, be it between the question and the write', async () => {
    const me = customer()
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems') return false
      service.fakes.fails = undefined
      const mark = { erasureId: 'ers_1', begunAt: new Date().toISOString(), version: 1, sequence: 0 }
      await service.put({ ...eraseMarkKey(me.sub), ...mark })
      return false
    }
    const { status, problem } = await place(me)
    assert.deepEqual({ status, code: problem.code }, { status: 403, code: 'FORBIDDEN' })
    assert.deepEqual((await service.request('listOrders', { caller: me })).body.data, [])
  })

  test('tells size and colour of each line to whoever reads it, and to those who pack and mail it', async () => {
    options = { Size: 'M', Colour: 'Red' }
    const body = await confirmed()
    assert.deepEqual(body.lines[0]?.options, { Size: 'M', Colour: 'Red' })
    const told = (await published(body.id)).find(({ type }) => type === 'order.confirmed')
    assert.ok(told)
    assert.deepEqual(orderConfirmed.data.parse(told.data).order.lines[0]?.options, { Size: 'M', Colour: 'Red' })
  })

  test('takes the tax of the place, not of the country alone', async () => {
    const taxOf = async (more: object) =>
      (await place(guest(), bodyOf({ shippingAddress: { ...address, ...more } }))).body.tax
    assert.deepEqual(await taxOf({ country: 'ES', postalCode: '28013' }), eur(Math.round((2000 + 1890) * 0.21)))
    assert.deepEqual(await taxOf({ country: 'ES', postalCode: '35001' }), eur(0))
    assert.deepEqual(await taxOf({ postalCode: '27498' }), eur(0))
    assert.deepEqual(await taxOf({ country: 'MC', postalCode: '98000' }), eur(400 + 378))
  })

  test('refuses a fourth order while three are undecided, but for a repetition of one of them', async () => {
    const caller = guest()
    const first = await awaiting(caller)
    const second = await place(caller)
    const sentTwice = bodyOf()
    let third: Json
    // Both look before either has written; the second names its order when the first has named it.
    service.fakes.fails = async ({ operation, input }) => {
      if (operation !== 'BatchGetItem' || JSON.stringify(input).includes('open-orders')) return false
      service.fakes.fails = undefined
      third = await place(caller, sentTwice, 'sent-twice')
      return false
    }
    const twin = await place(caller, sentTwice, 'sent-twice')
    assert.deepEqual(
      { thirdStatus: third.status, twinStatus: twin.status, id: twin.body.id },
      { thirdStatus: 202, twinStatus: 202, id: third.body.id },
    )
    assert.equal(twin.headers['idempotent-replayed'], 'true')

    const refused = await place(caller)
    assert.deepEqual(
      { status: refused.status, code: refused.problem.code },
      { status: 409, code: 'TOO_MANY_UNDECIDED_ORDERS' },
    )
    assert.deepEqual(spent(refused.database), budgets['place-order: three undecided'])
    assert.equal((await place()).status, 202, 'others are free to order')

    assert.equal((await place(caller)).status, 409, 'one that awaits its payment is undecided')
    await authorized(first.id)
    assert.equal((await place(caller)).status, 202)
    assert.equal((await place(caller)).status, 409)
    await letTimePass(second.body.id)
    assert.equal((await place(caller)).status, 202, 'one whose time is over keeps nothing')
    await service.call('settleExpired', { orderIds: [second.body.id] })
  })

  test('says at once why there is none, where stock or money are not to be had', async () => {
    stock = { state: 'rejected', shortages: [{ sku: 'A', wanted: 2, available: 1 }] }
    const { body } = await place()
    assert.deepEqual({ status: body.status, reason: body.reason }, { status: 'cancelled', reason: 'out-of-stock' })
    assert.deepEqual(body.shortages, [{ sku: 'A', wanted: 2, available: 1 }])
    assert.equal(body.reasonDetail, 'Out of stock: 2 of A wanted, 1 there.')
    const [told] = await published(body.id)
    assert.deepEqual(
      { type: told?.type, shortages: told?.data.shortages, placedAt: told?.data.placedAt },
      { type: 'order.cancelled', shortages: body.shortages, placedAt: body.placedAt },
    )
    assert.deepEqual(asked, ['reserve'], 'nobody is asked for money')
    ;[stock, money] = [kept, { status: 'declined', declineCode: 'card_declined' }]
    const declined = (await place()).body
    assert.deepEqual(
      { status: declined.status, reason: declined.reason, detail: declined.reasonDetail },
      { status: 'cancelled', reason: 'declined', detail: 'The payment was declined: card_declined.' },
    )
  })

  test('an order of which somebody does not answer stays placed; a repetition takes it up', async () => {
    const caller = guest()
    const body = bodyOf()
    for (const silent of ['stock', 'money'] as const) {
      ;[stock, money] = silent === 'stock' ? ['silent', { status: 'authorized' }] : [kept, 'silent']
      const first = await place(caller, body, 'again')
      assert.deepEqual({ status: first.status, is: first.body.status }, { status: 202, is: 'placed' })
      assert.deepEqual(await typesOf(first.body.id), [])
    }
    ;[stock, money] = [kept, { status: 'authorized' }]
    const again = await place(caller, body, 'again')
    assert.deepEqual(
      { is: again.body.status, replayed: again.headers['idempotent-replayed'] },
      { is: 'confirmed', replayed: 'true' },
    )
    const before = asked.length
    assert.equal((await place(caller, body, 'again')).body.status, 'confirmed')
    assert.equal(asked.length, before, 'what is decided is not asked for again')
  })

  test('a cart whose order was being written when its function ended can be ordered soon after', async () => {
    const caller = guest()
    const body = bodyOf()
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems'
    assert.equal((await place(caller, body)).status, 500)
    service.fakes.fails = undefined
    const early = await place(caller, body)
    assert.deepEqual({ status: early.status, code: early.problem.code }, { status: 409, code: 'IN_FLIGHT' })
    const open = (await service.items()).find(({ pk }) => pk === `shopper#${caller.sub}`)
    const until = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
    await service.put({ ...open, orders: open.orders.map((one: Json) => ({ ...one, until: until(12) })) })
    assert.equal((await place(caller, body)).status, 202)
  })

  test('Prefer: wait answers when the order is decided, or when the time is up', async () => {
    const caller = guest()
    stock = kept
    const waiting = service.request('placeOrder', {
      caller,
      body: bodyOf(),
      headers: { 'idempotency-key': 'w', prefer: 'wait=15' },
    })
    for (;;) {
      const { body } = await service.request('listOrders', { caller })
      const [mine] = body.data
      if (mine?.status === 'awaiting-payment') {
        await authorized(mine.id)
        break
      }
    }
    assert.equal((await waiting).body.status, 'confirmed')
    const undecided = await service.request('placeOrder', {
      caller: guest(),
      body: bodyOf(),
      headers: { 'idempotency-key': 'v', prefer: 'wait=1' },
    })
    assert.equal(undecided.body.status, 'awaiting-payment')
  })

  test('waits for nobody who repeats a request, nor for a second order while the first is undecided', async () => {
    const caller = guest()
    const waiting = (key: string, body: object = bodyOf()) =>
      service.request('placeOrder', {
        caller,
        body,
        headers: { 'idempotency-key': key, prefer: 'wait=20' },
      })
    const same = bodyOf()
    const first = await place(caller, same, 'first')
    assert.equal(first.status, 202)
    const begun = performance.now()
    const answers = [await waiting('first', same), await waiting('first', same), await waiting('second')]
    const tookMs = performance.now() - begun
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.status]),
      Array(3).fill([202, 'placed']),
    )
    assert.ok(tookMs < 5_000, `three requests that ask to wait for 20 s each took ${tookMs} ms`)
  })
})

describe('place-order: the order is what was shown', () => {
  const shown = (sku: string, quantity: number, amount: number, title = `The ${sku}`): ShownLine => ({
    sku,
    quantity,
    title,
    unitPrice: eur(amount),
  })

  test('a price that rose or fell since it was put into the cart is no order but a 409 with the new figures', async () => {
    for (const before of [999, 1001]) {
      reprices = []
      lines = [shown('A', 2, before), shown('B', 1, 333)]
      const caller = guest()
      const body = bodyOf()
      const { status, problem } = await place(caller, body)
      assert.deepEqual({ status, code: problem.code }, { status: 409, code: 'PRICE_CHANGED' })
      const current = Object(problem.current)
      assert.deepEqual(
        current.lines.map(({ sku, unitPrice, shownUnitPrice, total }: Json) => [sku, unitPrice, shownUnitPrice, total]),
        [
          ['A', eur(1000), eur(before), eur(2000)],
          ['B', eur(333), undefined, eur(333)],
        ],
      )
      // 3 x 700 g; 19 % of 20.00, 3.33 and 25.90, each rounded.
      assert.deepEqual(
        { subtotal: current.subtotal, shipping: current.shipping, tax: current.tax, total: current.total },
        { subtotal: eur(2333), shipping: eur(490 + 2100), tax: eur(380 + 63 + 492), total: eur(2333 + 2590 + 935) },
      )
      assert.equal(current.cartVersion, 5)
      const variants = [
        { sku: 'A', title: 'The A', unitPrice: eur(1000) },
        { sku: 'B', title: 'The B', unitPrice: eur(333) },
      ]
      assert.deepEqual(reprices, [{ cartId: body.cartId, ownerId: caller.sub, variants }])
      assert.deepEqual((await service.request('listOrders', { caller })).body.data, [])
      lines = [shown('A', 2, 1000), shown('B', 1, 333)]
      assert.equal((await place(caller, body)).status, 202, 'the second try is of what is shown now')
    }
  })

  test('what is called otherwise by now is shown first', async () => {
    lines = [shown('A', 2, 1000, 'Another A')]
    const { status, problem } = await place()
    assert.deepEqual(
      { status, code: problem.code, reprices: reprices.length },
      { status: 409, code: 'ITEM_CHANGED', reprices: 1 },
    )
  })

  test('what is another size or colour by now is shown first', async () => {
    options = { Size: 'M', Colour: 'Red' }
    lines = [{ ...shown('A', 2, 1000), options: { Size: 'L', Colour: 'Red' } }]
    const { status, problem } = await place()
    assert.deepEqual({ status, code: problem.code }, { status: 409, code: 'ITEM_CHANGED' })
    assert.deepEqual(Object(problem.current).lines[0].options, options)
    assert.deepEqual(reprices[0].variants, [{ sku: 'A', title: 'The A', options, unitPrice: eur(1000) }])
    lines = [{ ...shown('A', 2, 1000), options: { Colour: 'Red', Size: 'M' } }]
    assert.equal((await place()).status, 202)
  })

  test('takes the total that the shopper agreed to, and says what it would be where it is another', async () => {
    lines = [shown('A', 2, 1000)]
    const right = 2000 + 1890 + 739
    for (const expectedTotal of [eur(right - 1), eur(right + 1), { amount: right, currency: 'USD' }]) {
      const { status, problem } = await place(guest(), bodyOf({ expectedTotal }))
      assert.deepEqual(
        { status, code: problem.code, total: problem.current?.total },
        { status: 409, code: 'TOTAL_CHANGED', total: eur(right) },
      )
    }
    assert.deepEqual(reprices, [])
    const { status, body } = await place(guest(), bodyOf({ expectedTotal: eur(right) }))
    assert.deepEqual({ status, total: body.total }, { status: 202, total: eur(right) })
    assert.equal((await place(guest(), bodyOf({ expectedTotal: right }))).status, 400)
  })

  test('honours If-Match with the cart’s tag', async () => {
    const tagged = (tag: string) =>
      service.request('placeOrder', {
        caller: guest(),
        body: bodyOf(),
        headers: { 'idempotency-key': randomUUID(), 'if-match': tag },
      })
    const stale = await tagged('"3"')
    assert.deepEqual(
      { status: stale.status, code: stale.problem.code, version: Object(stale.problem.current).cart.version },
      { status: 412, code: 'STALE_VERSION', version: 4 },
    )
    assert.equal((await tagged('"4"')).status, 202)
  })
})

describe('place-order: a cart is ordered once', () => {
  test('at once or one after the other, by other keys, one is placed and the others are told of it', async () => {
    const caller = guest()
    const body = bodyOf()
    const answers = await Promise.all([1, 2, 3, 4].map(() => place(caller, body)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [202, 409, 409, 409])
    const again = await place(caller, body)
    assert.deepEqual({ status: again.status, code: again.problem.code }, { status: 409, code: 'CART_ORDERED' })
    assert.equal((await service.request('listOrders', { caller })).body.data.length, 1)
    lines = [...lines, { sku: 'B', quantity: 1 }]
    assert.equal((await place(caller, body)).problem.code, 'CART_ORDERED', 'also with more in it')
    assert.equal((await place(caller)).status, 202, 'another cart is another matter')
  })

  test('again once its order was declined or cancelled, as with another card', async () => {
    const caller = guest()
    const body = bodyOf()
    const first = await awaiting(caller, body)
    await hear(paymentDeclined, first.id, { declineCode: 'card_declined' })
    const second = await place(caller, body)
    assert.equal(second.status, 202)
    assert.deepEqual(spent(second.database), budgets['place-order: a cart again'])
    assert.equal((await place(caller, body)).problem.code, 'CART_ORDERED')
    await cancel(second.body.id, caller)
    assert.equal((await place(caller, body)).status, 202)
  })

  test('when it is confirmed, not before its lines have been taken out of the cart', async () => {
    const caller = guest()
    const body = bodyOf()
    const first = await confirmed(caller, body)
    const early = await place(caller, body)
    assert.deepEqual(
      { status: early.status, code: early.problem.code, retryAfter: early.headers['retry-after'] },
      { status: 409, code: 'IN_FLIGHT', retryAfter: '1' },
    )
    lastOrderId = first.id
    assert.equal((await place(caller, body)).status, 202)
  })

  test('a repeated request is answered as the first was, also once its cart is empty', async () => {
    const caller = guest()
    const body = bodyOf()
    let first: Json
    service.fakes.fails = async ({ operation, input }) => {
      if (operation !== 'BatchGetItem' || !JSON.stringify(input).includes('shopper#')) return false
      service.fakes.fails = undefined
      first = await place(caller, body, 'twice')
      return false
    }
    const second = await place(caller, body, 'twice')
    assert.deepEqual(
      { firstStatus: first.status, secondStatus: second.status, id: second.body.id },
      { firstStatus: 202, secondStatus: 202, id: first.body.id },
    )
    assert.equal(second.headers['idempotent-replayed'], 'true')
  })
})

describe('place-order: what an order may keep from others', () => {
  test('at most 99 of a variant', async () => {
    lines = [{ sku: 'A', quantity: 99 }]
    assert.equal((await place()).status, 202)
    lines = [
      { sku: 'B', quantity: 1 },
      { sku: 'A', quantity: 100 },
    ]
    const { status, problem } = await place()
    assert.deepEqual({ status, code: problem.code }, { status: 409, code: 'QUANTITY_LIMITED' })
    assert.match(problem.detail, /at most 99 .*: A$/)
  })

  test('of many orders of one shopper at once, three are placed', async () => {
    const caller = customer()
    const answers = await Promise.all(Array.from({ length: 8 }, () => place(caller)))
    const placed = answers.filter(({ status }) => status === 202)
    assert.ok(placed.length <= 3, `${placed.length} are undecided`)
    const late = await Promise.all(Array.from({ length: 4 }, () => place(caller)))
    assert.equal(late.filter(({ status }) => status === 202).length + placed.length, 3)
  })
})

describe('settle-order', () => {
  test('leads an order that waited for its money to its delivery, each event once however often it comes', async () => {
    const { id } = await awaiting()
    const steps: [() => Promise<string[]>, string][] = [
      [() => authorized(id), 'confirmed'],
      [() => dispatched(id), 'shipped'],
      [() => delivered(id), 'delivered'],
    ]
    for (const [step, status] of steps) {
      for (const _ of [1, 2]) assert.deepEqual(await step(), [])
      assert.equal((await read(id)).status, status)
    }
    for (const [step] of steps) await step()
    const order = await read(id)
    assert.deepEqual(
      order.timeline.map((entry: Json) => entry.status),
      ['placed', 'awaiting-payment', 'confirmed', 'shipped', 'delivered'],
    )
    assert.equal(order.version, 5)
  })

  test('an order of two lines takes two units a write, whatever it tells of', async () => {
    lines = [
      { sku: 'KETTLE-1500-STEEL', quantity: 2 },
      { sku: 'FILTER-GLASS-1L', quantity: 1 },
    ]
    prices = { 'KETTLE-1500-STEEL': 49_90, 'FILTER-GLASS-1L': 12_50 }
    const { id } = await awaiting()
    for (const step of [async () => {}, authorized, dispatched, delivered]) {
      await step(id)
      const item = (await service.items()).find(({ pk, sk }) => pk === `order#${id}` && sk === 'order')
      assert.ok(itemBytes(item) < 2048, `${itemBytes(item)} bytes when ${item.status}`)
    }
  })

  test('tells everyone the confirmation, and nobody what comes before it', async () => {
    const { id } = await awaiting()
    assert.deepEqual(await typesOf(id), [])
    await authorized(id)
    const [told] = await published(id)
    assert.deepEqual(
      {
        type: told?.type,
        sequence: told?.sequence,
        lines: told?.data.order.lines.length,
        cartVersion: told?.data.cartVersion,
      },
      { type: 'order.confirmed', sequence: 1, lines: 1, cartVersion: 4 },
    )
    const { lines: bought, number, shippingAddress, total } = await read(id)
    assert.deepEqual(
      {
        orderId: told?.data.orderId,
        number: told?.data.order.number,
        shippingAddress: told?.data.order.shippingAddress,
        total: told?.data.order.total,
      },
      { orderId: id, number, shippingAddress, total },
    )
    assert.deepEqual(
      told?.data.order.lines,
      bought.map(({ tax: _, ...line }: Json) => ({ ...line, weightGrams: 700 })),
    )
    assert.match(bought[0].productId, /^prd_/)
    assert.ok(orderConfirmed.data.safeParse(told?.data).success)
  })

  test('reads and writes once; what was heard before is only read', async () => {
    const { id } = await awaiting()
    assert.deepEqual(spent(await during(() => authorized(id))), budgets['settle-order'])
    assert.deepEqual(spent(await during(() => authorized(id))), budgets['settle-order: unchanged'])
  })

  test('mistake 5 and 11: without its stock no order asks for money, without its money none is confirmed', async () => {
    const { body } = await place()
    assert.deepEqual(asked, ['reserve'])
    for (const early of [dispatched, delivered]) assert.deepEqual(await early(body.id), [])
    assert.equal((await read(body.id)).status, 'placed')
    const { id } = await awaiting()
    for (const early of [dispatched, delivered]) assert.deepEqual(await early(id), [])
    assert.equal((await read(id)).status, 'awaiting-payment')
    assert.deepEqual(await typesOf(id), [])
  })

  test('a decision on the money that is here before the answer was written says that the stock is kept, too', async () => {
    const { body: paid } = await place()
    await authorized(paid.id)
    assert.equal((await read(paid.id)).status, 'confirmed')
    const { body: refused } = await place()
    await hear(paymentDeclined, refused.id, { declineCode: 'card_declined' })
    assert.deepEqual(
      (await read(refused.id)).timeline.map((entry: Json) => entry.status),
      ['placed', 'awaiting-payment', 'cancelled'],
    )
  })

  test('mistake 8, O3: everything at once and twice: the table is followed, each status has its line', async () => {
    const caller = guest()
    for (let round = 0; round < 6; round += 1) {
      const { id } = await awaiting(caller)
      const hears = [authorized, dispatched, delivered]
      const declined = () => hear(paymentDeclined, id, { declineCode: 'late' })
      const all = round % 2 === 0 ? hears : [...hears, declined, () => cancel(id, caller)]
      for (const _ of [1, 2]) await Promise.all([...all, ...all].map((act) => act(id)))
      // What lost too many races comes again.
      for (const act of all) await act(id)
      const order = await read(id)
      const statuses: Status[] = order.timeline.map((entry: Json) => entry.status)
      assert.ok(order.status === 'delivered' || (all !== hears && order.status === 'cancelled'), order.status)
      assert.equal(order.version, statuses.length)
      for (const [index, status] of statuses.slice(1).entries()) {
        const from = statuses[index]
        assert.ok(from && Object.values(transitions[from]).includes(status), statuses.join(' -> '))
      }
    }
  })

  test('a delivery that overtakes its dispatch is heard; the late dispatch takes money and stock all the same', async () => {
    const { id } = await confirmed()
    await delivered(id)
    assert.deepEqual(await dispatched(id), [])
    assert.equal((await read(id)).status, 'delivered')
    assert.deepEqual(asked.slice(-2).toSorted(), ['capture', 'commit'])
  })

  test('O3: a cancellation between its reading and its writing is not overwritten', async () => {
    const caller = guest()
    const { id } = await awaiting(caller)
    let cancelled: Json
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'PutItem') return false
      service.fakes.fails = undefined
      cancelled = await cancel(id, caller)
      return false
    }
    const cancelling = ['GetItem', 'GetItem', 'PutItem']
    // The write that loses, all of the cancellation, and one more look, which finds nothing to do.
    assert.deepEqual(await during(() => authorized(id)), ['GetItem', 'PutItem', ...cancelling, 'GetItem'])
    assert.deepEqual(cancelled?.body, await read(id))
    assert.deepEqual(await typesOf(id), ['order.cancelled'])
  })

  test('a decline cancels; what comes after it changes nothing', async () => {
    const { id } = await awaiting()
    await hear(paymentDeclined, id, { declineCode: 'card_declined' })
    await authorized(id)
    const order = await read(id)
    assert.deepEqual(
      { status: order.status, reason: order.reason, version: order.version },
      { status: 'cancelled', reason: 'declined', version: 3 },
    )
    assert.equal(order.reasonDetail, 'The payment was declined: card_declined.')
  })

  test('all events at once, in one batch: nothing is lost', async () => {
    const { id } = await awaiting()
    const events = [paymentAuthorized, paymentAuthorized].map((declaration) =>
      someEvent(declaration, id, { orderId: id, amount: eur(1) }),
    )
    assert.deepEqual(await service.deliver('settleOrder', events), [])
    assert.equal((await read(id)).version, 3)
  })

  test('an order that does not exist, or an event that is none, comes back as a failed message', async () => {
    const event = someEvent(paymentAuthorized, 'x', { orderId: someId('ord'), amount: eur(1) })
    assert.deepEqual(await service.deliver('settleOrder', [event, { ...event, id: 'bad', data: {} }]), [
      event.id,
      'bad',
    ])
  })
})

describe('ship-order', () => {
  test('takes the money and the stock, and writes once that the goods have left; again, it only reads', async () => {
    const { id } = await confirmed()
    asked = []
    assert.deepEqual(spent(await during(() => dispatched(id))), budgets['ship-order'])
    assert.deepEqual(asked.toSorted(), ['capture', 'commit'])
    assert.deepEqual(spent(await during(() => dispatched(id))), budgets['ship-order: unchanged'])
    assert.equal((await read(id)).status, 'shipped')
    const item = (await service.items()).find(({ pk }) => pk === `order#${id}`)
    assert.equal(item.gsi3pk, undefined, 'time has nothing to do')
  })

  test('goods that have left are shipped whoever does not answer, and time asks until both have', async () => {
    const { id } = await confirmed()
    const itemOf = async () => (await service.items()).find(({ pk }) => pk === `order#${id}`)
    for (const silent of [['capture', 'commit'], ['commit'], ['capture']]) {
      unsettled = silent
      assert.deepEqual(await dispatched(id), [])
      assert.equal((await read(id)).status, 'shipped')
      assert.ok((await itemOf()).gsi3pk, 'stands among what time looks at')
    }
    await delivered(id)
    await onlyMineAreDue()
    await letTimePass(id, 'resumeAt')
    await service.run('moveOverdue')
    assert.ok((await itemOf()).gsi3sk.startsWith('2026-01-01'), 'still does')
    unsettled = []
    await service.run('moveOverdue')
    const item = await itemOf()
    assert.deepEqual({ resumeAt: item.resumeAt, status: item.status }, { resumeAt: undefined, status: 'delivered' })
    assert.equal(item.gsi3sk, `${item.deadline}#${id}`)
  })

  test('an order that does not exist comes back as a failed message', async () => {
    const [failed] = await dispatched(someId('ord'))
    assert.match(String(failed), /^evt_/)
  })
})

describe('read-order', () => {
  test('knows no order that is none', async () => {
    const as = (orderId: string) => service.request('readOrder', { caller: staff(), params: { orderId } })
    assert.deepEqual(
      { someIdAsStatus: (await as(someId('ord'))).status, asStatus: (await as('1')).status },
      { someIdAsStatus: 404, asStatus: 400 },
    )
  })

  test('shows an order that was written when its parts still lay side by side, and moves it on', async () => {
    const { body } = await place()
    const { order, lineTaxes, ...item } = (await service.items()).find(({ pk }) => pk === `order#${body.id}`)
    const flat = order.lines.map((line: Json, index: number) => ({ ...line, tax: eur(lineTaxes[index]) }))
    await service.put({ ...item, ...order, lines: flat, placedAt: body.placedAt, updatedAt: body.updatedAt })
    assert.deepEqual(await read(body.id), body)
    await authorized(body.id)
    assert.deepEqual((await read(body.id)).lines, body.lines)
  })

  test('mistake 13: shows an order to its owner and to staff, in one read', async () => {
    const caller = customer()
    const { body } = await place(caller)
    const as = (who: TestCaller) => service.request('readOrder', { caller: who, params: { orderId: body.id } })
    assert.deepEqual(spent((await as(caller)).database), budgets['read-order'])
    assert.deepEqual(
      {
        callerAsStatus: (await as(caller)).status,
        staffAsStatus: (await as(staff())).status,
        customerAsStatus: (await as(customer())).status,
        guestAsStatus: (await as(guest())).status,
      },
      { callerAsStatus: 200, staffAsStatus: 200, customerAsStatus: 404, guestAsStatus: 404 },
    )
    const [line] = (await as(caller)).body.lines
    assert.ok(line && !('weightGrams' in line))
  })
})

describe('list-orders', () => {
  test('lists mine, newest first, page by page, in two reads each', async () => {
    const caller = guest()
    const ids: string[] = []
    for (const _ of [1, 2, 3]) ids.push((await place(caller)).body.id)
    await place(guest())
    const first = await service.request('listOrders', { caller, query: { limit: '2' } })
    assert.deepEqual(spent(first.database), budgets['list-orders'])
    const second = await service.request('listOrders', {
      caller,
      query: { limit: '2', cursor: first.body.next_cursor },
    })
    assert.deepEqual(
      [...first.body.data, ...second.body.data].map((order: Json) => order.id),
      ids.toReversed(),
    )
    assert.equal(second.body.next_cursor, null)
    const foreign = await service.request('listOrders', { caller: guest(), query: { cursor: first.body.next_cursor } })
    assert.equal(foreign.problem.code, 'INVALID_CURSOR')
    const elsewhere = { limit: '2', cursor: first.body.next_cursor, scope: 'all' }
    for (const [who, query] of [
      [staff(), elsewhere],
      [caller, { cursor: 'nonsense' }],
      [caller, { cursor: `${first.body.next_cursor}A` }],
    ] as const)
      assert.equal((await service.request('listOrders', { caller: who, query })).problem.code, 'INVALID_CURSOR')
    for (const limit of ['0', '101', 'many'])
      assert.equal((await service.request('listOrders', { caller, query: { limit } })).status, 400)
  })

  test('staff list everyone’s, and only staff', async () => {
    const { body } = await place()
    const all = (caller: TestCaller, query = {}) =>
      service.request('listOrders', { caller, query: { scope: 'all', ...query } })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await all(staff(), { limit: '7', ...(cursor ? { cursor } : {}) })
      assert.ok(operations(page).length <= 13)
      seen.push(...page.body.data.map((order: Json) => order.id))
      cursor = page.body.next_cursor ?? undefined
    } while (cursor)
    assert.equal(seen[0], body.id)
    assert.equal(new Set(seen).size, seen.length)
    assert.equal(seen.length, (await service.items()).filter(({ sk }) => sk === 'order').length)
    assert.equal((await all(customer())).status, 403)
  })
})

describe('cancel-order', () => {
  test('the owner and staff cancel what has not been sent; again, it answers the same', async () => {
    const caller = guest()
    const { body } = await place(caller)
    const first = await cancel(body.id, caller)
    assert.deepEqual(
      { status: first.body.status, reason: first.body.reason, trips: spent(first.database) },
      { status: 'cancelled', reason: 'by-customer', trips: budgets['cancel-order'] },
    )
    const [event] = await published(body.id)
    assert.deepEqual(
      { type: event?.type, reason: event?.data.reason },
      { type: 'order.cancelled', reason: 'by-customer' },
    )
    assert.ok(orderCancelled.data.safeParse(event?.data).success)
    assert.equal((await cancel(body.id, caller)).body.version, first.body.version)
    assert.deepEqual(stops, [])
  })

  test('mistake 10: the shipment of a confirmed order is stopped first; one that has left cannot be', async () => {
    const caller = guest()
    const order = await confirmed(caller)
    const clerk = staff()
    const stopped = await cancel(order.id, clerk)
    assert.deepEqual(
      { status: stopped.body.status, reason: stopped.body.reason },
      { status: 'cancelled', reason: 'by-staff' },
    )
    assert.deepEqual(stops, [{ orderId: order.id, customerId: caller.sub, reason: 'by-staff', by: clerk.sub }])
    assert.equal(stopped.body.cancelledBy, clerk.sub)
    const mine = await service.request('readOrder', { caller, params: { orderId: order.id } })
    assert.deepEqual(
      { status: mine.body.status, cancelledBy: mine.body.cancelledBy },
      { status: 'cancelled', cancelledBy: undefined },
    )
    assert.deepEqual(spent(stopped.database), budgets['cancel-order: shipment to be stopped'])
    const sent = await confirmed(caller)
    hasLeft = true
    assert.equal((await cancel(sent.id, caller)).problem.code, 'NOT_CANCELLABLE')
    assert.equal((await read(sent.id)).status, 'confirmed')
  })

  test('a stop whose cancellation was cut short is carried on by its event, once', async () => {
    const { id } = await confirmed()
    const stoppedBy = (why: string) => hear(shipmentStopped, id, { shipmentId: someId('shp'), reason: why })
    await stoppedBy('by-customer')
    await stoppedBy('by-staff')
    const { status, reason } = await read(id)
    assert.deepEqual({ status, reason }, { status: 'cancelled', reason: 'by-customer' })
  })

  test('others do not see it, a stale tag stops it, and what was sent stays sent', async () => {
    const caller = guest()
    const { id } = await confirmed(caller)
    assert.equal((await cancel(id, guest())).status, 404)
    assert.equal((await cancel(id, caller, { 'if-match': '"1"' })).status, 412)
    await dispatched(id)
    assert.deepEqual(
      { status: (await cancel(id, caller)).status, code: (await cancel(id, caller)).problem.code },
      { status: 409, code: 'NOT_CANCELLABLE' },
    )
  })
})

/** Orders of other tests are nothing that time looks at: on a slow machine they would be, half a minute after their placing. */
const onlyMineAreDue = async () => {
  const far = '2126-01-01T00:00:00.000Z'
  const others = (await service.items()).filter(({ sk, gsi3sk }) => sk === 'order' && gsi3sk !== undefined)
  for (const item of others) await service.put({ ...item, resumeAt: far, deadline: far, gsi3sk: `${far}#${item.id}` })
}

describe('find-recipient', () => {
  test('tells whose an order is and where mail about it goes, in one read', async () => {
    const me = customer()
    const { body } = await place(me)
    const found = { recipient: { customerId: me.sub, number: body.number, email: 'ada@example.com' } }
    const orderId = body.id
    assert.deepEqual(spent(await during(() => service.call('findRecipient', { orderId }))), budgets['find-recipient'])
    assert.deepEqual(await service.call('findRecipient', { orderId }), found)
    assert.deepEqual(await service.call('findRecipient', { orderId: someId('ord') }), {})
  })
})

describe('settle-expired', () => {
  test('cancels what was not confirmed in time, and says who still needs its stock', async () => {
    const { body: late } = await place()
    const { body: waiting } = await place()
    const sold = await confirmed()
    await letTimePass(late.id)
    const orderIds = [late.id, waiting.id, sold.id, someId('ord')]
    assert.deepEqual(await service.call('settleExpired', { orderIds }), { needed: [waiting.id, sold.id] })
    assert.deepEqual(
      { status: (await read(late.id)).status, reason: (await read(late.id)).reason },
      { status: 'cancelled', reason: 'expired' },
    )
    assert.deepEqual(await typesOf(late.id), ['order.cancelled'])
    const again = () => service.call('settleExpired', { orderIds: [late.id, waiting.id] })
    assert.deepEqual(spent(await during(again)), budgets['settle-expired'])
    assert.deepEqual(await again(), { needed: [waiting.id] })
    await assert.rejects(service.call('settleExpired', { orderIds: [] }))
  })
})

describe('move-overdue', () => {
  test('cancels what heard nothing, completes what was delivered, and leaves the rest', async () => {
    await onlyMineAreDue()
    const { body: silent } = await place()
    const { body: waiting } = await place()
    const arrived = await confirmed()
    await delivered(arrived.id)
    for (const id of [silent.id, arrived.id]) await letTimePass(id)
    const partitions = Array.from({ length: 4 }, () => 'Query')
    const first = await during(() => service.run('moveOverdue'))
    assert.deepEqual(first, [...partitions, 'GetItem', 'PutItem', 'GetItem', 'PutItem'])
    assert.deepEqual(asked, ['reserve', 'reserve', 'reserve', 'authorize'])
    assert.deepEqual(await during(() => service.run('moveOverdue')), partitions)
    const [one, two, three] = [await read(silent.id), await read(arrived.id), await read(waiting.id)]
    assert.deepEqual({ status: one.status, reason: one.reason }, { status: 'cancelled', reason: 'expired' })
    assert.equal(two.status, 'completed')
    assert.equal(three.status, 'placed')
    assert.deepEqual(
      (await published(arrived.id)).map(({ type }) => type),
      ['order.completed'],
    )
  })

  test('takes up an order whose function ended before its outcome, and asks again until there is one', async () => {
    await onlyMineAreDue()
    const { body } = await place()
    await letTimePass(body.id, 'resumeAt')
    stock = 'silent'
    await service.run('moveOverdue')
    assert.equal((await read(body.id)).status, 'placed')
    ;[stock, money] = [kept, { status: 'authorized' }]
    await service.run('moveOverdue')
    assert.equal((await read(body.id)).status, 'confirmed')
    assert.deepEqual(await typesOf(body.id), ['order.confirmed'])
  })
})
