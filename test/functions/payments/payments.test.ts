import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, beforeEach, describe, test } from 'node:test'
import { payments } from '../../../functions/payments/contract.ts'
import { orderCancelled } from '../../../functions/published/orders.ts'
import { paymentRefundRequested } from '../../../functions/published/payments.ts'
import { signWebhook } from '../../../shared/runtime/webhook-signature.ts'
import { failing } from '../../support/asking.ts'
import { itemBytes } from '../../support/item-size.ts'
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

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const owner = guest()
const [newSecret, oldSecret] = ['whsec_bmV3IHNlY3JldCBvZiB0aGUgcHJvdmlk', 'whsec_b2xkIHNlY3JldCBvZiB0aGUgcHJvdmlk']

/** The shop's public address, as the sandbox sees it from outside. */
let toShop: { headers: Record<string, string>; body: string }[] = []
let shopAnswers = 204
const front = createServer((incoming, outgoing) => {
  text(incoming).then(
    (body) => {
      toShop.push({ headers: incoming.headers as Record<string, string>, body })
      outgoing.writeHead(shopAnswers).end()
    },
    (error: unknown) => outgoing.writeHead(500).end(String(error)),
  )
})
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
const bound = front.address()

let deferred: string[] = []
const service = await startService(
  payments,
  {
    operations: {
      GetSecretValue: () => ({ SecretString: `${newSecret} ${oldSecret}` }),
      SendMessage: ({ MessageBody }) => {
        deferred.push(JSON.parse(String(MessageBody)).message.orderId)
        return { MessageId: 'm-1', MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex') }
      },
    },
  },
  {
    PROVIDER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider',
    SEND_SANDBOX_EVENT_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/q',
    API_URL: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
  },
)
after(() => {
  service.stop()
  front.closeAllConnections()
  front.close()
})
beforeEach(() => {
  deferred = []
  toShop = []
  shopAnswers = 204
})

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
/** What a delivery did at the table. The sandbox's own memory is in it: it stands for calls of an outside provider. */
const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
/** One step at the provider: reads what it knows, and remembers the step. */
const atProvider = ['GetItem', 'PutItem']
/** The write of what came of a step that was asked for with a key: that and the wish for it are a transaction before it. */
const outcomeOf =
  (orderId: string) =>
  ({ operation, input }: { operation: string; input: unknown }): boolean =>
    operation === 'PutItem' && JSON.stringify(input).includes(`payment#${orderId}`)
const asked = (orderId: string, method: string) => ({ orderId, customerId: owner.sub, total: eur(5000), method })
const cancelled = (orderId: string) =>
  someEvent(orderCancelled, orderId, {
    orderId,
    customerId: owner.sub,
    reason: 'by-customer',
    order: {
      number: '1',
      lines: [],
      subtotal: eur(5000),
      discount: eur(0),
      shipping: eur(0),
      tax: eur(0),
      total: eur(5000),
      pricesIncludeTax: false,
      shippingMethod: { id: 's', title: 'S' },
      shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    },
  })
const authorizeAll = failing((input: ReturnType<typeof asked>) => service.call('authorize', input))
const authorize = (orderId: string, method = 'sandbox_ok') => authorizeAll(asked(orderId, method))
const undo = (orderId: string) => service.deliver('undoPayment', [cancelled(orderId)])
const captureAll = failing((input) => service.call('capture', input))
const ship = (orderId: string) => captureAll({ orderId })
const read = async (orderId: string): Promise<Json> =>
  (await service.request('readPayment', { caller: staff(), params: { orderId } })).body
const ledger = async (orderId: string): Promise<Json[]> =>
  (await service.request('readLedger', { caller: staff(), params: { orderId } })).body.data
const provider = async (orderId: string): Promise<Json> =>
  (await service.items()).find(({ pk }) => pk === `sandbox#${orderId}`)
const bytesOf = async (orderId: string): Promise<number> =>
  itemBytes((await service.items()).find(({ pk, sk }) => pk === `payment#${orderId}` && sk === 'payment'))
/** Whether it stands among what time looks at again. */
const isDue = async (orderId: string): Promise<boolean> =>
  (await service.items()).some(({ pk, gsi1pk }) => pk === `payment#${orderId}` && gsi1pk !== undefined)
const published = async (orderId: string) =>
  (await service.outbox())
    .filter(({ aggregateId }) => aggregateId === orderId)
    .map(({ type, sequence }) => [type, sequence])
const refund = (orderId: string, amount: number, key: string = randomUUID(), caller = staff()) =>
  service.request('refundPayment', {
    caller,
    params: { orderId },
    body: { amount: eur(amount), reason: 'scratched' },
    headers: { 'idempotency-key': key },
  })
const capture = (orderId: string, key: string = randomUUID(), caller = staff()) =>
  service.request('capturePayment', { caller, params: { orderId }, headers: { 'idempotency-key': key } })
const confirm = (orderId: string, outcome: string, caller: TestCaller = owner) =>
  service.request('confirmPayment', { caller, params: { orderId }, body: { outcome } })
const event = (orderId: string, more: object = {}) => ({
  id: `evt-${orderId}`,
  type: 'authorization.succeeded',
  orderId,
  ...more,
})
const report = (body: object | string, secret = newSecret, nowMs = Date.now(), headers = {}) => {
  const raw = typeof body === 'string' ? body : JSON.stringify(body)
  return service.request('receiveProviderEvent', {
    body: raw,
    headers: { ...signWebhook(secret, 'evt-1', raw, nowMs), ...headers },
  })
}
const captured = async (): Promise<string> => {
  const orderId = someId('ord')
  await authorize(orderId)
  await ship(orderId)
  return orderId
}

describe('authorize', () => {
  for (const [method, status, told] of [
    ['sandbox_ok', 'authorized', 'payment.authorized'],
    ['sandbox_declined', 'declined', 'payment.declined'],
    ['sandbox_insufficient_funds', 'declined', 'payment.declined'],
    ['sandbox_action_required', 'action-required', 'payment.action-required'],
    ['sandbox_flaky', 'authorized', 'payment.authorized'],
  ] as const)
    test(`${method}: ${status}, once, however often it is asked for`, async () => {
      const orderId = someId('ord')
      for (const _ of [1, 2]) assert.deepEqual(await authorize(orderId, method), [])
      assert.equal((await read(orderId)).status, status)
      assert.deepEqual(await published(orderId), [[told, 1]])
      assert.equal((await provider(orderId)).keys.length, 1)
    })

  test('sandbox_flaky: asked three times, charged never more than once', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_flaky')
    const { requests, keys } = await provider(orderId)
    assert.deepEqual([requests, keys], [3, [`${orderId}:authorize`]])
  })

  test('sandbox_slow: waits for the provider, who is to report later, and from then on among what time looks at', async () => {
    const orderId = someId('ord')
    const trips = await during(() => authorize(orderId, 'sandbox_slow'))
    assert.deepEqual(trips, ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual([(await read(orderId)).status, deferred, await published(orderId)], ['pending', [orderId], []])
    assert.deepEqual(await during(() => authorize(orderId, 'sandbox_slow')), [
      'GetItem',
      'PutItem',
      'GetItem',
      'GetItem',
    ])
    assert.equal(await isDue(orderId), true)
  })

  test('where the provider cannot be reached, time looks at it too; where the function ends, its message comes again', async () => {
    for (const [calls, due] of [
      ['sandbox#', true],
      ['#', false],
    ] as const) {
      const orderId = someId('ord')
      let written = false
      service.fakes.fails = ({ operation, input }) => {
        const fails = written && JSON.stringify(input).includes(`${calls}${orderId}`)
        written ||= operation === 'PutItem'
        return fails
      }
      assert.equal((await authorize(orderId)).length, 1)
      service.fakes.fails = undefined
      assert.deepEqual([(await read(orderId)).status, await isDue(orderId)], ['pending', due])
      assert.deepEqual(await authorize(orderId), [])
      assert.deepEqual([(await read(orderId)).status, await isDue(orderId)], ['authorized', false])
    }
  })

  test('mistake 3 and 9: dies after the provider has acted; repeated, it charges nobody twice and comes to its end', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    const items = await service.items()
    const payment = items.find(({ pk }) => pk === `payment#${orderId}`)
    const { outbox: _outbox, outboxVersion: _version, ...begun } = payment
    await service.put({ ...begun, status: 'pending', version: 1, sequence: 0 })
    assert.deepEqual(await authorize(orderId), [])
    assert.equal((await read(orderId)).status, 'authorized')
    assert.deepEqual(await published(orderId), [['payment.authorized', 1]])
    assert.equal((await provider(orderId)).keys.length, 1)
  })

  test('writes the payment before it asks, and the outcome with its event after; again, it only reads', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await during(() => authorize(orderId)), ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual(await during(() => authorize(orderId)), ['GetItem', 'PutItem', 'GetItem'])
  })

  test('two deliveries at once: one authorization, one event', async () => {
    const orderId = someId('ord')
    await authorizeAll(asked(orderId, 'sandbox_ok'), asked(orderId, 'sandbox_ok'))
    await authorize(orderId)
    assert.deepEqual(await published(orderId), [['payment.authorized', 1]])
  })
})

describe('undo-payment', () => {
  test('mistake 10: voids an authorization, once', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    assert.deepEqual(await during(() => undo(orderId)), ['GetItem', 'PutItem', ...atProvider, 'PutItem'])
    assert.deepEqual(await during(() => undo(orderId)), ['GetItem'])
    assert.deepEqual([(await read(orderId)).status, (await provider(orderId)).state], ['voided', 'voided'])
    assert.deepEqual(await published(orderId), [['payment.voided', 2]])
  })

  test('a cancellation that comes first: nothing is ever authorized', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await during(() => undo(orderId)), ['GetItem', 'GetItem', 'PutItem'])
    assert.deepEqual(await undo(orderId), [])
    await authorize(orderId)
    assert.deepEqual([(await read(orderId)).status, await provider(orderId)], ['voided', undefined])
    assert.deepEqual(await published(orderId), [['payment.voided', 1]])
  })

  test('mistake 15: refunds what was captured for it, and no more than that', async () => {
    const orderId = await captured()
    assert.equal((await refund(orderId, 2000)).status, 201)
    for (const _ of [1, 2]) await undo(orderId)
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.refunded], ['refunded', eur(5000)])
    assert.equal((await provider(orderId)).refundedMinor, 5000)
    assert.equal(
      (await ledger(orderId)).reduce((sum, { amount }) => sum + amount, 0),
      0,
    )
  })

  test('an authorization that is still under way is ended at the provider; a report that comes later changes nothing', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_slow')
    await undo(orderId)
    assert.deepEqual([(await read(orderId)).status, (await provider(orderId)).state], ['voided', 'voided'])
    await service.work('sendSandboxEvent', [{ orderId }])
    assert.equal((await report(event(orderId))).status, 204)
    assert.deepEqual([(await read(orderId)).status, (await provider(orderId)).state], ['voided', 'voided'])
    assert.deepEqual(await published(orderId), [['payment.voided', 1]])
  })

  test('mistake 15: a capture that may have happened unknown to us is made certain, and then given back whole', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    const ask = () =>
      service.request('capturePayment', {
        caller: staff(),
        params: { orderId },
        headers: { 'idempotency-key': orderId },
      })
    service.fakes.fails = outcomeOf(orderId)
    assert.equal((await ask()).status, 500)
    service.fakes.fails = undefined
    assert.deepEqual([(await read(orderId)).status, (await provider(orderId)).state], ['authorized', 'captured'])
    await undo(orderId)
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.captured, payment.refunded], ['refunded', eur(5000), eur(5000)])
  })

  test('what waits for confirmation is ended, and can no longer be confirmed', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_action_required')
    await undo(orderId)
    assert.equal((await read(orderId)).status, 'voided')
    assert.equal((await confirm(orderId, 'success')).problem.code, 'NOT_CONFIRMABLE')
  })
})

describe('capture', () => {
  test('mistake 8: takes what was authorized and books it, once however often it is told', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    const trips = ['GetItem', ...atProvider, 'PutItem']
    assert.ok((await bytesOf(orderId)) < 1024, 'authorized, a write is one unit')
    assert.deepEqual(await during(() => ship(orderId)), trips)
    assert.ok((await bytesOf(orderId)) < 1024, 'captured, too')
    assert.deepEqual(await during(() => ship(orderId)), ['GetItem', 'GetItem'])
    assert.deepEqual((await read(orderId)).captured, eur(5000))
    assert.deepEqual(await published(orderId), [['payment.captured', 2]])
    assert.deepEqual(
      (await ledger(orderId)).map(({ account, amount, kind }) => [account, amount, kind]),
      [
        ['customer', -5000, 'capture'],
        ['provider', 5000, 'capture'],
      ],
    )
  })

  test('a dispatch that comes before the authorization is captured when that comes', async () => {
    const orderId = someId('ord')
    assert.deepEqual(await ship(orderId), [orderId])
    await authorize(orderId, 'sandbox_slow')
    assert.deepEqual(await ship(orderId), [orderId])
    await service.work('sendSandboxEvent', [{ orderId }])
    await report(event(orderId))
    assert.equal((await read(orderId)).status, 'captured')
  })
})

describe('confirm-payment', () => {
  test('settles what waits for the shopper, once', async () => {
    for (const [outcome, status] of [
      ['success', 'authorized'],
      ['failure', 'declined'],
    ] as const) {
      const orderId = someId('ord')
      await authorize(orderId, 'sandbox_action_required')
      assert.equal((await confirm(orderId, outcome, guest())).status, 404)
      assert.equal((await confirm(orderId, 'perhaps')).status, 400)
      const stale = await service.request('confirmPayment', {
        caller: owner,
        params: { orderId },
        body: { outcome },
        headers: { 'if-match': '"1"' },
      })
      assert.equal(stale.status, 412)
      const settled = await confirm(orderId, outcome)
      assert.deepEqual([settled.body.status, operations(settled)], [status, ['GetItem', ...atProvider, 'PutItem']])
      assert.equal((await confirm(orderId, 'success')).status, 409)
      assert.equal((await published(orderId)).length, 1)
    }
  })
})

describe('capture-payment', () => {
  test('looks for the key, writes the wish with it, then takes the money', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    const stale = await service.request('capturePayment', {
      caller: staff(),
      params: { orderId },
      headers: { 'idempotency-key': 's', 'if-match': '"1"' },
    })
    assert.equal(stale.status, 412)
    assert.deepEqual(operations(await capture(orderId)), [
      'GetItem',
      'GetItem',
      'TransactWriteItems',
      ...atProvider,
      'PutItem',
    ])
  })

  test('takes the money before the dispatch does, which then takes no more', async () => {
    const [orderId, caller] = [someId('ord'), staff()]
    await authorize(orderId)
    const [first, again] = [await capture(orderId, 'c', caller), await capture(orderId, 'c', caller)]
    assert.deepEqual(
      [first.status, first.body.status, again.status, again.headers['idempotent-replayed']],
      [200, 'captured', 200, 'true'],
    )
    await ship(orderId)
    assert.equal((await ledger(orderId)).length, 2)
    assert.equal((await capture(orderId)).problem.code, 'NOT_CAPTURABLE')
  })

  test('is for staff, and for payments that are', async () => {
    assert.equal((await capture(someId('ord'))).status, 404)
    assert.equal((await capture(someId('ord'), 'k', customer())).status, 403)
    const keyless = await service.request('capturePayment', { caller: staff(), params: { orderId: someId('ord') } })
    assert.equal(keyless.problem.code, 'IDEMPOTENCY_KEY_MISSING')
  })
})

describe('refund-payment', () => {
  test('gives back in parts, never more than was taken, also at once', async () => {
    const orderId = await captured()
    const answers = await Promise.all([refund(orderId, 3000), refund(orderId, 3000), refund(orderId, 3000)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    assert.deepEqual((await read(orderId)).status, 'partially-refunded')
    const rest = await refund(orderId, 2000)
    assert.deepEqual([rest.body.status, rest.body.refunded], ['refunded', eur(5000)])
    assert.equal((await refund(orderId, 1)).problem.code, 'REFUND_TOO_LARGE')
    assert.equal((await provider(orderId)).refundedMinor, 5000)
  })

  test('looks for the key, writes the request with it, then gives back and books', async () => {
    const orderId = await captured()
    const stale = await service.request('refundPayment', {
      caller: staff(),
      params: { orderId },
      body: { amount: eur(1), reason: 'x' },
      headers: { 'idempotency-key': 's', 'if-match': '"1"' },
    })
    assert.equal(stale.status, 412)
    const response = await refund(orderId, 1)
    assert.equal(response.headers.location, `/orders/${orderId}/payment`)
    assert.deepEqual(operations(response), ['GetItem', 'GetItem', 'TransactWriteItems', ...atProvider, 'PutItem'])
  })

  test('one key is one refund; another amount under it is refused', async () => {
    const [orderId, caller] = [await captured(), staff()]
    const answers = await Promise.all([1, 2, 3].map(() => refund(orderId, 1000, 'once', caller)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.deepEqual((await read(orderId)).refunded, eur(1000))
    assert.equal((await refund(orderId, 1001, 'once', caller)).problem.code, 'IDEMPOTENCY_KEY_REUSED')
  })

  test('refuses what makes no sense', async () => {
    const orderId = await captured()
    assert.equal((await refund(orderId, 0)).status, 400)
    const foreign = await service.request('refundPayment', {
      caller: staff(),
      params: { orderId },
      body: { amount: { amount: 1, currency: 'USD' }, reason: 'x' },
      headers: { 'idempotency-key': 'f' },
    })
    assert.equal(foreign.problem.errors?.[0]?.pointer, '/amount')
    const untaken = someId('ord')
    await authorize(untaken)
    assert.equal((await refund(untaken, 1)).problem.code, 'NOT_CAPTURED')
    assert.equal((await refund(someId('ord'), 1)).status, 404)
    assert.equal((await refund(orderId, 1, 'k', customer())).status, 403)
  })
})

describe('read-payment', () => {
  test('is for its owner and staff, in one read', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    const as = (caller: TestCaller) => service.request('readPayment', { caller, params: { orderId } })
    const mine = await as(owner)
    assert.deepEqual([mine.status, operations(mine)], [200, ['GetItem']])
    assert.deepEqual([mine.body.authorized, mine.body.captured], [eur(5000), eur(0)])
    assert.equal((await as(customer())).status, 404)
  })
})

describe('read-ledger', () => {
  test('sums to zero after every kind of end, in one read', async () => {
    const orderId = await captured()
    await refund(orderId, 1200)
    const response = await service.request('readLedger', { caller: staff(), params: { orderId } })
    assert.deepEqual(operations(response), ['GetItem'])
    assert.equal(response.body.data.length, 4)
    assert.equal(
      response.body.data.reduce((sum: number, { amount }: Json) => sum + amount, 0),
      0,
    )
    assert.equal((await service.request('readLedger', { caller: owner, params: { orderId } })).status, 403)
  })
})

describe('receive-provider-event', () => {
  const slow = async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_slow')
    await service.work('sendSandboxEvent', [{ orderId }])
    return orderId
  }

  test('has its effect once, however often it comes, with either secret', async () => {
    const orderId = await slow()
    const trips: string[][] = []
    for (const secret of [newSecret, oldSecret, newSecret]) {
      const answer = await report(event(orderId), secret)
      assert.equal(answer.status, 204)
      trips.push(operations(answer))
    }
    const again = ['GetItem', 'GetItem']
    assert.deepEqual(trips, [['GetItem', 'GetItem', 'TransactWriteItems'], again, again])
    assert.deepEqual(
      [(await read(orderId)).status, await published(orderId)],
      ['authorized', [['payment.authorized', 1]]],
    )
  })

  test('a refusal declines, with its code', async () => {
    const orderId = await slow()
    await report(event(orderId, { type: 'authorization.failed', declineCode: 'expired_card' }))
    const payment = await read(orderId)
    assert.deepEqual([payment.status, payment.declineCode], ['declined', 'expired_card'])
  })

  test('comes too late for what is settled, and changes nothing', async () => {
    const [taken, ended] = [await captured(), await slow()]
    await undo(ended)
    for (const [orderId, status] of [
      [taken, 'captured'],
      [ended, 'voided'],
    ] as const) {
      const { version } = await read(orderId)
      for (const type of ['authorization.failed', 'authorization.succeeded'])
        assert.equal((await report(event(orderId, { type }))).status, 204)
      const payment = await read(orderId)
      assert.deepEqual([payment.status, payment.version], [status, version])
    }
  })

  test('is believed only with a signature that is right, recent and of this body', async () => {
    const orderId = await slow()
    const body = JSON.stringify(event(orderId))
    const right = signWebhook(newSecret, 'evt-1', body, Date.now())
    const refused = [
      await report(body, 'whsec_YW5vdGhlciBzZWNyZXQgYW5vdGhlciBz'),
      await report(body, newSecret, Date.now() - 301_000),
      await report(body, newSecret, Date.now() + 301_000),
      await service.request('receiveProviderEvent', { body }),
      await service.request('receiveProviderEvent', { body: `${body} `, headers: right }),
      await service.request('receiveProviderEvent', { body, headers: { ...right, 'webhook-id': 'evt-2' } }),
      await service.request('receiveProviderEvent', { body, headers: { ...right, 'webhook-signature': 'v1,' } }),
    ]
    for (const answer of refused) assert.deepEqual([answer.status, answer.problem.code], [401, 'BAD_SIGNATURE'])
    assert.equal((await read(orderId)).status, 'pending')
  })

  test('refuses what is signed and yet no event, and what is too large', async () => {
    for (const body of ['{', '{}', JSON.stringify({ ...event(someId('ord')), extra: 1 })])
      assert.equal((await report(body)).problem.code, 'INVALID_INPUT')
    assert.equal((await report(event(someId('ord')))).status, 404)
    assert.equal((await report('x'.repeat(70_000))).status, 413)
  })
})

describe('send-sandbox-event', () => {
  test('decides and tells the shop, signed, the same event each time', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_slow')
    const send = () => service.work('sendSandboxEvent', [{ orderId }])
    assert.deepEqual(await during(send), atProvider)
    assert.deepEqual(await during(send), ['GetItem'])
    assert.equal(toShop.length, 2)
    const [first, second] = toShop
    assert.equal(first?.body, second?.body)
    const taken = await service.request('receiveProviderEvent', { body: first?.body, headers: first?.headers ?? {} })
    assert.equal(taken.status, 204)
    assert.equal((await read(orderId)).status, 'authorized')
  })

  test('comes again when the shop did not take it; says nothing of what was voided', async () => {
    const orderId = someId('ord')
    await authorize(orderId, 'sandbox_slow')
    shopAnswers = 503
    assert.deepEqual(await service.work('sendSandboxEvent', [{ orderId }]), ['0'])
    toShop = []
    const intent = await provider(orderId)
    await service.put({ ...intent, state: 'voided' })
    assert.deepEqual(await service.work('sendSandboxEvent', [{ orderId }]), [])
    assert.deepEqual(toShop, [])
  })
})

describe('settle-due', () => {
  /** Makes what is due for a payment due long ago. */
  const letTimePass = async (orderId: string) => {
    const item = (await service.items()).find(({ pk, sk }) => pk === `payment#${orderId}` && sk === 'payment')
    await service.put({ ...item, gsi1sk: `2026-01-01T00:00:00.000Z#${orderId}` })
  }
  const partitions = Array.from({ length: 4 }, () => 'Query')

  test('gives back a refund whose function ended half-way, and asks again about one that was never reported', async () => {
    const [broken, silent] = [someId('ord'), someId('ord')]
    await authorize(broken)
    await ship(broken)
    service.fakes.fails = outcomeOf(broken)
    const refused = await service.request('refundPayment', {
      caller: staff(),
      params: { orderId: broken },
      headers: { 'idempotency-key': broken },
      body: { amount: eur(1000), reason: 'late' },
    })
    service.fakes.fails = undefined
    assert.equal(refused.status, 500)
    await authorize(silent, 'sandbox_slow')
    for (const orderId of [broken, silent]) await letTimePass(orderId)
    deferred = []
    await service.run('settleDue')
    assert.deepEqual([(await read(broken)).status, (await read(broken)).refunded], ['partially-refunded', eur(1000)])
    assert.equal((await provider(broken)).refundedMinor, 1000)
    assert.deepEqual([(await read(silent)).status, deferred.length], ['pending', 1])
  })

  test('looks at nothing that rests, or that became due just now', async () => {
    const [rests, young] = [someId('ord'), someId('ord')]
    await authorize(rests)
    await authorize(young, 'sandbox_slow')
    const trips = await during(() => service.run('settleDue'))
    assert.deepEqual(trips.slice(0, 4), partitions)
    assert.deepEqual([await isDue(rests), await isDue(young)], [false, true])
    assert.equal((await read(young)).version, 2)
  })

  test('one that fails does not stop the others, and the run shows as failed', async () => {
    const [bad, good] = [someId('ord'), someId('ord')]
    for (const orderId of [bad, good]) {
      await authorize(orderId, 'sandbox_slow')
      await letTimePass(orderId)
    }
    deferred = []
    service.fakes.fails = ({ operation, input }) =>
      operation === 'GetItem' && JSON.stringify(input).includes(`sandbox#${bad}`)
    await assert.rejects(service.run('settleDue'))
    service.fakes.fails = undefined
    assert.ok(deferred.some((message) => JSON.stringify(message).includes(good)))
  })
})

describe('complete-requested', () => {
  test('does what staff asked a function that ended half-way; where it is done, it only looks', async () => {
    const orderId = someId('ord')
    await authorize(orderId)
    await ship(orderId)
    service.fakes.fails = outcomeOf(orderId)
    await service.request('refundPayment', {
      caller: staff(),
      params: { orderId },
      headers: { 'idempotency-key': orderId },
      body: { amount: eur(700), reason: 'late' },
    })
    service.fakes.fails = undefined
    const [told] = (await service.outbox()).filter((one) => one.aggregateId === orderId)
    assert.equal(told?.type, 'payment.refund-requested')
    assert.deepEqual(told.data, { orderId })
    const hear = () => service.deliver('completeRequested', [someEvent(paymentRefundRequested, orderId, { orderId })])
    assert.deepEqual(await hear(), [])
    assert.deepEqual([(await read(orderId)).refunded, (await provider(orderId)).refundedMinor], [eur(700), 700])
    assert.deepEqual(await during(hear), ['GetItem'])
    const unknown = someEvent(paymentRefundRequested, orderId, { orderId: someId('ord') })
    assert.equal((await service.deliver('completeRequested', [unknown])).length, 1)
  })
})
