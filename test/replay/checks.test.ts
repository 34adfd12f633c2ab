import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accountOf,
  checkEvents,
  checkMoney,
  checkOrder,
  checkRefunds,
  checkStock,
  type EventCounts,
  sumEvents,
  unitsBySku,
} from '../tools/replay/checking/checks.ts'
import type { Ledger } from '../tools/replay/shop/shapes.ts'
import { orderOf, paymentOf, storyOf } from './fixtures/story.ts'

const opening = { onHand: 5, reserved: 2, received: 10 }

describe('stock', () => {
  test('adds up: received = on hand + reserved + sold', () => {
    // 15 came in, 4 were sold; of the 11 in the house 2 were reserved before and 3 are by open orders.
    const stock = { sku: 'A', onHand: 11, reserved: 5, available: 6 }
    assert.deepEqual(checkStock('A', opening, stock, { sold: 4, reserved: 3 }), [])
    assert.deepEqual(checkStock('A', opening, { sku: 'A', onHand: 15, reserved: 2, available: 13 }), [])
  })

  test('a unit that is gone, one that was reserved for nobody, one that is counted twice', () => {
    const sold = { sold: 4, reserved: 3 }
    assert.deepEqual(checkStock('A', opening, { sku: 'A', onHand: 10, reserved: 5, available: 5 }, sold), [
      'SKU A: received 15, but 5 free + 5 reserved + 4 sold = 14',
    ])
    assert.deepEqual(checkStock('A', opening, { sku: 'A', onHand: 11, reserved: 6, available: 5 }, sold), [
      'SKU A: 6 reserved, but open orders hold 5',
    ])
    assert.deepEqual(checkStock('A', opening, { sku: 'A', onHand: 12, reserved: 5, available: 6 }, sold), [
      'SKU A: 6 free is not 12 in the house - 5 reserved, or below 0',
    ])
    assert.equal(
      checkStock('A', opening, { sku: 'A', onHand: 4, reserved: 5, available: -1 }, { sold: 11, reserved: 3 }).length,
      1,
    )
  })

  test('what was sent is sold, what waits is reserved, what was cancelled is neither', () => {
    const units = unitsBySku([
      storyOf({ status: 'confirmed' }),
      storyOf({ status: 'shipped' }),
      storyOf({ status: 'delivered' }),
      storyOf({ status: 'cancelled' }),
    ])
    assert.deepEqual(Object.fromEntries(units), { A: { sold: 4, reserved: 2 }, B: { sold: 2, reserved: 1 } })
  })
})

describe('an order', () => {
  test('is right as the shop made it', () => assert.deepEqual(checkOrder(storyOf({}), orderOf({})), []))

  test('with tax in its prices is not taxed twice', () => {
    const including = orderOf({ pricesIncludeTax: true, total: { amount: 3490, currency: 'EUR' } })
    assert.deepEqual(checkOrder(storyOf({}), including), [])
  })

  test('in another state, for another reason', () => {
    assert.deepEqual(checkOrder(storyOf({ status: 'shipped' }), orderOf({})), [
      'order ord_1 (100001-1) is confirmed, and was left shipped',
    ])
    assert.deepEqual(
      checkOrder(
        storyOf({ status: 'cancelled', reason: 'declined' }),
        orderOf({ status: 'cancelled', reason: 'expired' }),
      ),
      ['order ord_1 (100001-1) gives the reason expired, and was told declined'],
    )
  })

  test('of other goods, or with sums that are wrong', () => {
    const [first, second] = orderOf({}).lines
    assert.ok(first && second)
    assert.deepEqual(checkOrder(storyOf({}), orderOf({ lines: [first] })), [
      'order ord_1 (100001-1) does not hold the lines of the invoice',
      'order ord_1 (100001-1) has a subtotal that is not its lines',
    ])
    const cheap = { ...first, total: { amount: 1, currency: 'EUR' } }
    assert.deepEqual(checkOrder(storyOf({}), orderOf({ lines: [cheap, second] })), [
      'order ord_1 (100001-1) has a line whose total is not price x quantity',
      'order ord_1 (100001-1) has a subtotal that is not its lines',
    ])
    assert.deepEqual(checkOrder(storyOf({}), orderOf({ total: { amount: 1, currency: 'EUR' } })), [
      'order ord_1 (100001-1) costs 1, but its parts make 4146',
    ])
  })
})

const total = 4146
const booked = (...amounts: number[]): Ledger => ({
  data: amounts.flatMap((amount) => [
    { account: 'provider', amount, currency: 'EUR' },
    { account: 'customer', amount: -amount, currency: 'EUR' },
  ]),
})

describe('the money of an order', () => {
  const rightWays: [string, Parameters<typeof storyOf>[0], Parameters<typeof paymentOf>, number[]][] = [
    ['confirmed', { status: 'confirmed' }, ['authorized', total, 0, 0], []],
    ['shipped', { status: 'shipped' }, ['captured', total, total, 0], [total]],
    [
      'partly given back',
      { status: 'delivered', refunded: 100 },
      ['partially-refunded', total, total, 100],
      [total, -100],
    ],
    ['given back', { status: 'shipped', refunded: total }, ['refunded', total, total, total], [total, -total]],
    ['cancelled', { status: 'cancelled', reason: 'by-customer' }, ['voided', 0, 0, 0], []],
    ['declined', { status: 'cancelled', reason: 'declined', payment: 'sandbox_declined' }, ['declined', 0, 0, 0], []],
  ]
  for (const [name, story, payment, ledger] of rightWays)
    test(`adds up when it is ${name}: total = captured + outstanding - refunded`, () => {
      const [told, shown] = [storyOf(story), paymentOf(...payment)]
      assert.deepEqual(checkMoney(told, orderOf({}), shown, booked(...ledger)), [])
      const account = accountOf(told, orderOf({}), shown)
      assert.equal(account.total, account.captured + account.outstanding - account.refunded)
    })

  const wrong = (story: Parameters<typeof storyOf>[0], payment: Parameters<typeof paymentOf>, ledger: Ledger) =>
    checkMoney(storyOf(story), orderOf({}), paymentOf(...payment), ledger).map((line) =>
      line.replace(/^order \S+ \S+ /, ''),
    )

  test('captured although it was cancelled', () =>
    assert.deepEqual(
      wrong({ status: 'cancelled', reason: 'by-customer' }, ['captured', total, total, 0], booked(total)),
      [
        'costs 4146, but 4146 captured + 4146 outstanding - 0 refunded is not that',
        'has a payment that is captured, where voided was expected',
      ],
    ))

  test('sent and never captured', () =>
    assert.deepEqual(wrong({ status: 'shipped' }, ['authorized', total, 0, 0], booked()), [
      'costs 4146, but 0 captured + 0 outstanding - 0 refunded is not that',
      'has a payment that is authorized, where captured was expected',
    ]))

  test('refunded twice', () =>
    assert.deepEqual(
      wrong({ status: 'shipped', refunded: 100 }, ['partially-refunded', total, total, 200], booked(total, -200)),
      [
        'costs 4146, but 4146 captured + 100 outstanding - 200 refunded is not that',
        'shows 200 refunded, but 100 was given back',
      ],
    ))

  test('captured more than was authorized', () =>
    assert.match(
      wrong({ status: 'shipped' }, ['captured', 1, total, 0], booked(total)).join(),
      /has captured 4146 of 1 /,
    ))

  test('a ledger with half an entry, or one that tells something else than the payment', () => {
    const half = { data: booked(total).data.slice(0, 1) }
    assert.deepEqual(wrong({ status: 'shipped' }, ['captured', total, total, 0], half), [
      'has a ledger that sums to 4146',
    ])
    assert.deepEqual(wrong({ status: 'shipped' }, ['captured', total, total, 0], booked(total, -1)), [
      'has 4145 in its ledger, but 4146 in its payment',
    ])
  })
})

test('refunds that were counted and those that are shown are the same', () => {
  assert.deepEqual(checkRefunds(100, 100), [])
  assert.deepEqual(checkRefunds(27, 59), ['refunds: 27 was given back, but all payments together show 59'])
})

describe('events', () => {
  const queue = { name: 'q', isDeadLetterQueue: false, sent: 0, fromBus: 0, removed: 0, deadLettered: 0, left: 0 }
  const consumer = { name: 'c', accepted: 0, passed: 0, givenUp: 0, waiting: 0 }
  const counts = (consumers: Partial<typeof consumer>[], queues: Partial<typeof queue>[] = []): EventCounts => ({
    published: new Map([
      ['a', 10],
      ['b', 5],
      ['nobody listens', 3],
    ]),
    consumersOf: new Map([
      ['a', 2],
      ['b', 1],
    ]),
    consumers: consumers.map((each) => ({ ...consumer, ...each })),
    queues: queues.map((each) => ({ ...queue, ...each })),
  })

  test('add up when each reached each of its consumers', () => {
    const right = counts(
      [
        { accepted: 15, passed: 15 },
        { accepted: 10, passed: 10 },
      ],
      [{ sent: 4, removed: 4 }],
    )
    assert.deepEqual(checkEvents(right), [])
    assert.deepEqual(sumEvents(right), { published: 18, due: 25, consumed: 25, deadLettered: 0 })
  })

  test('add up when some lie in a dead-letter queue, given up by a consumer or by a rule at once', () => {
    const right = counts(
      [
        { accepted: 15, passed: 12, givenUp: 3 },
        { accepted: 9, passed: 9 },
      ],
      [{ isDeadLetterQueue: true, sent: 4, fromBus: 1, left: 4 }],
    )
    assert.deepEqual(checkEvents(right), [])
    assert.equal(sumEvents(right).deadLettered, 4)
  })

  test('that were lost, or still wait, are told', () => {
    assert.deepEqual(checkEvents(counts([{ accepted: 24, passed: 24 }])), [
      'events: 25 deliveries were due, but 24 consumed + 0 dead-lettered is not that',
    ])
    assert.deepEqual(checkEvents(counts([{ accepted: 25, passed: 24, waiting: 1 }])), [
      'events: 25 deliveries were due, but 24 consumed + 0 dead-lettered is not that',
      'consumer c: of 25 events 24 are worked off, 1 wait',
    ])
    assert.deepEqual(checkEvents(counts([{ accepted: 25, passed: 25 }], [{ sent: 2, removed: 1, left: 1 }])), [
      'queue q: of 2 messages 1 are worked off, 1 lie there',
    ])
  })
})
