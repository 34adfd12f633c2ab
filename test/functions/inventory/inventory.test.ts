import assert from 'node:assert/strict'
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { after, describe, test } from 'node:test'
import { inventory } from '../../../functions/inventory/contract.ts'
import { importStockCounted, productCreated, productUpdated } from '../../../functions/published/catalog.ts'
import { encodeCursor } from '../../../shared/runtime/cursor.ts'
import { failing } from '../../support/asking.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  type Json,
  someEvent,
  someId,
  staff,
  startService,
  type TestEvent,
  type TestQuery,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'
import { cancelled, dispatched, placed, placedUntil } from './events.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const issuer = createServer((_, answer) => {
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }]
  answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
})
await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
const bound = issuer.address()
const issuerUrl = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`

const known = new Set<string>()
/** Orders that need their stock, as the orders answer; and what they were asked. */
const needed = new Set<string>()
let asked: string[][] = []
const service = await startService(
  inventory,
  {
    procedures: {
      'orders-settle-expired': (input) => {
        const { orderIds } = input as { orderIds: string[] }
        asked.push(orderIds)
        return { needed: orderIds.filter((orderId) => needed.has(orderId)) }
      },
      'catalog-quote': (input) => ({
        variants: (input as { skus: string[] }).skus
          .filter((sku) => known.has(sku))
          .map((sku) => ({
            sku,
            productId: someId('prd'),
            title: sku,
            options: {},
            unitPrice: { amount: 1, currency: 'EUR' },
            weightGrams: 1,
          })),
      }),
    },
  },
  { TOKEN_ISSUER: issuerUrl },
)
after(() => {
  service.stop()
  issuer.closeAllConnections()
  issuer.close()
})

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const receive = (sku: string, quantity: number, headers = {}, caller = staff()) =>
  service.request('receiveStock', { caller, params: { sku }, body: { quantity }, headers })
const adjust = (sku: string, quantity: number) =>
  service.request('adjustStock', { caller: staff(), params: { sku }, body: { quantity, reason: 'counted' } })

const stocked = async (quantity: number): Promise<string> => {
  const sku = randomUUID()
  known.add(sku)
  if (quantity > 0) assert.equal((await receive(sku, quantity)).status, 201)
  return sku
}
const levels = async (sku: string): Promise<{ onHand: number; reserved: number; available: number }> => {
  const item = (await service.items()).find(({ pk, sk }) => pk === `stock#${sku}` && sk === 'stock')
  const { onHand, reserved, available } = item ?? { onHand: 0, reserved: 0, available: 0 }
  assert.equal(available, onHand - reserved, 'S1: available = on hand - reserved')
  return { onHand, reserved, available }
}
const reserve = failing((input) => service.call('reserve', input))
const release = (event: TestEvent) => service.deliver('releaseStock', [event])
const commit = failing((input) => service.call('commit', input))
const reservation = async (orderId: string): Promise<Json> =>
  (await service.items()).find(({ pk }) => pk === `reservation#${orderId}`)
/** The DynamoDB operations that some work takes. */
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const from = service.database.length
  await work()
  return operations({ database: service.database.slice(from) })
}
/** Lets the nth write from now on fail before it acts, as where the function ends half-way; gives back what ends that. */
const failingWrite = (nth: number) => {
  let count = 0
  service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems' && ++count === nth
  return () => {
    service.fakes.fails = undefined
  }
}
/** Stock items as receipts would have left them, without their history. */
const shelf = async (count: number, onHand: number): Promise<string[]> => {
  const skus = Array.from({ length: count }, () => randomUUID())
  for (const sku of skus) {
    const item = { sku, onHand, reserved: 0, available: onHand, version: 1, sequence: 1 }
    await service.put({ pk: `stock#${sku}`, sk: 'stock', ...item })
  }
  return skus
}
const shelfLevels = async (skus: readonly string[], all?: Json[]) => {
  const stock = (all ?? (await service.items())).filter(({ sk }) => sk === 'stock')
  const items = new Map(stock.map((item) => [item.sku, item]))
  return skus.map((sku) => {
    const { onHand, reserved, available }: Json = items.get(sku)
    assert.equal(available, onHand - reserved, 'S1: available = on hand - reserved')
    return [onHand, reserved]
  })
}
const published = async (orderId: string) =>
  (await service.outbox()).filter(({ aggregateId }) => aggregateId === orderId)

describe('receive-stock', () => {
  test('books goods and their history in one write', async () => {
    const sku = await stocked(1)
    const response = await receive(sku, 4)
    assert.deepEqual(
      { status: response.status, onHand: response.body.onHand, available: response.body.available },
      { status: 201, onHand: 5, available: 5 },
    )
    assert.deepEqual(spent(response.database), budgets['receive-stock'])
    const [event] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === sku)
    assert.deepEqual(event?.data, { sku, onHand: 5, reserved: 0, available: 5 })
  })

  test('mistake 8: one key books once, also at once', async () => {
    const sku = await stocked(0)
    const caller = staff()
    await receive(sku, 1)
    const answers = await Promise.all([1, 2, 3].map(() => receive(sku, 10, { 'idempotency-key': 'r' }, caller)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.equal((await levels(sku)).onHand, 11)
    assert.equal((await receive(sku, 11, { 'idempotency-key': 'r' }, caller)).status, 422)
  })

  test('knows no variant that the catalogue does not know; takes one whose item is still on its way', async () => {
    assert.equal((await receive('NO-SUCH', 1)).status, 404)
    const sku = await stocked(0)
    assert.equal((await receive(sku, 3)).status, 201)
    assert.deepEqual(await levels(sku), { onHand: 3, reserved: 0, available: 3 })
  })

  test('refuses numbers that are none, and shoppers', async () => {
    for (const quantity of [0, -1, 1.5, 1e9]) assert.equal((await receive('X', quantity)).status, 400)
    assert.equal((await receive('X', 1, {}, customer())).status, 403)
  })
})

describe('adjust-stock', () => {
  test('corrects by a signed number, never below what is reserved', async () => {
    const sku = await stocked(5)
    await reserve(placed(someId('ord'), [{ sku, quantity: 3 }]))
    assert.equal((await adjust(sku, -3)).problem.code, 'NOT_ENOUGH_STOCK')
    assert.deepEqual((await adjust(sku, -2)).body.available, 0)
    assert.deepEqual(await levels(sku), { onHand: 3, reserved: 3, available: 0 })
    assert.equal((await adjust('NO-SUCH', 1)).status, 404)
    assert.equal((await adjust('NO-SUCH', -1)).status, 404)
  })

  test('books with its history in one write; one key books once, another body under it is refused', async () => {
    const sku = await stocked(5)
    const caller = staff()
    const send = (quantity: number) =>
      service.request('adjustStock', {
        caller,
        params: { sku },
        body: { quantity, reason: 'broken' },
        headers: { 'idempotency-key': 'a' },
      })
    const first = await send(-2)
    // The first read looks whether the key was used; without a key there is none.
    assert.deepEqual(
      { status: first.status, trips: spent(first.database) },
      { status: 201, trips: budgets['adjust-stock: with a key'] },
    )
    const without = await adjust(sku, 2)
    assert.deepEqual(spent(without.database), budgets['adjust-stock'])
    const again = await send(-2)
    assert.deepEqual(
      { status: again.status, onHand: again.body.onHand, idempotentReplayed: again.headers['idempotent-replayed'] },
      { status: 201, onHand: 5, idempotentReplayed: 'true' },
    )
    const other = await send(-1)
    assert.deepEqual(
      { status: other.status, code: other.problem.code },
      { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
    )
    assert.equal((await levels(sku)).onHand, 5)
  })

  test('refuses numbers that are none, no reason, and shoppers', async () => {
    const send = (body: object, caller = staff()) =>
      service.request('adjustStock', { caller, params: { sku: 'X' }, body })
    for (const [body, pointer] of [
      [{ quantity: 1.5, reason: 'x' }, '/quantity'],
      [{ quantity: -1e9, reason: 'x' }, '/quantity'],
      [{ quantity: 1 }, '/reason'],
      [{ quantity: 1, reason: ' ' }, '/reason'],
      [{ quantity: 1, reason: 'x', onHand: 5 }, '/onHand'],
    ] as const) {
      const response = await send(body)
      assert.deepEqual(
        { status: response.status, pointer: response.problem.errors?.[0]?.pointer },
        { status: 400, pointer },
      )
    }
    assert.equal((await send({ quantity: 1, reason: 'x' }, customer())).status, 403)
  })
})

describe('read-history', () => {
  test('shows what changed the stock on hand, newest first, page by page', async () => {
    const sku = await stocked(5)
    const caller = staff()
    await service.request('adjustStock', { caller, params: { sku }, body: { quantity: -1, reason: 'counted' } })
    const history = (query: TestQuery) => service.request('readHistory', { caller: staff(), params: { sku }, query })
    const first = await history({ limit: '1' })
    assert.deepEqual(spent(first.database), budgets['read-history'])
    assert.deepEqual(
      first.body.data.map(({ kind, quantity, reason, by }: Json) => [kind, quantity, reason, by]),
      [['adjustment', -1, 'counted', caller.sub]],
    )
    const second = await history({ cursor: first.body.next_cursor })
    assert.deepEqual(
      second.body.data.map(({ kind, quantity }: Json) => [kind, quantity]),
      [['receipt', 5]],
    )
    assert.match(second.body.data[0]?.by ?? '', /^usr_/)
  })

  test('refuses a cursor of another variant, one that was forged, and shoppers', async () => {
    const [sku, other] = [await stocked(5), await stocked(5)]
    await adjust(sku, -1)
    const history = (of: string, cursor: string | null, caller = staff()) =>
      service.request('readHistory', { caller, params: { sku: of }, query: { limit: '1', cursor } })
    const { next_cursor } = (
      await service.request('readHistory', { caller: staff(), params: { sku }, query: { limit: '1' } })
    ).body
    const scope = `history of ${other}`
    for (const cursor of [
      next_cursor,
      encodeCursor(scope, { pk: `stock#${sku}`, sk: 'movement#' }),
      encodeCursor(scope, { pk: `stock#${other}` }),
      'nonsense',
    ]) {
      const response = await history(other, cursor)
      assert.deepEqual(
        { status: response.status, code: response.problem.code },
        { status: 400, code: 'INVALID_CURSOR' },
      )
    }
    assert.equal((await history(sku, next_cursor, customer())).status, 403)
  })
})

describe('levels', () => {
  test('says of many variants how many can be bought, by one consistent read; of others nothing', async () => {
    const [one, other, unknown] = [await stocked(5), await stocked(2), randomUUID()]
    await reserve(placed(someId('ord'), [{ sku: one, quantity: 3 }]))
    const before = service.database.length
    const answer = await service.call('levels', { skus: [one, other, one, unknown] })
    const calls = service.database.slice(before)
    assert.deepEqual(
      calls.map(({ operation }) => operation),
      ['BatchGetItem'],
    )
    assert.ok(JSON.stringify(calls[0]?.input).includes('"ConsistentRead":true'))
    assert.deepEqual(
      new Map(answer.levels.map(({ sku, available }: Json) => [sku, available])),
      new Map([
        [one, 2],
        [other, 2],
      ]),
    )
    await assert.rejects(service.call('levels', { skus: [] }))
  })
})

describe('read-stock', () => {
  const token = (claims: object, header: object = {}) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const seconds = Math.floor(Date.now() / 1000)
    const usual = {
      iss: issuerUrl,
      aud: 'shop',
      sub: someId('usr'),
      scope: 'shop staff',
      nbf: seconds - 5,
      exp: seconds + 60,
    }
    const text = `${part({ alg: 'RS256', kid: 'k1', ...header })}.${part({ ...usual, ...claims })}`
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
  }
  const read = (sku: string, authorization?: string) =>
    service.request('readStock', { params: { sku }, headers: authorization ? { authorization } : {} })

  test('tells everybody what can be bought, staff the rest, in one read', async () => {
    const sku = await stocked(4)
    const response = await read(sku)
    assert.deepEqual(response.body, { sku, available: 4 })
    assert.deepEqual(spent(response.database), budgets['read-stock'])
    const full = await read(sku, `Bearer ${token({})}`)
    assert.deepEqual(full.body, { sku, available: 4, onHand: 4, reserved: 0, version: 2 })
    assert.equal((await read('NO-SUCH')).status, 404)
  })

  test('believes no token that is not staff’s, current, ours and whole', async () => {
    const sku = await stocked(1)
    const good = token({})
    const [head, body, signature] = good.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const bad = [
      token({ scope: 'shop' }),
      token({ exp: 1 }),
      token({ nbf: 4_000_000_000 }),
      token({ iss: 'https://elsewhere' }),
      token({ aud: 'other' }),
      token({ sub: someId('gst') }),
      token({}, { alg: 'HS256' }),
      token({}, { kid: 'other' }),
      token({}, { crit: ['x'] }),
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      `${head}.${body}`,
      `${head}.${body}.${signature?.slice(0, -2)}`,
      `${head}.${body}.${signature}==`,
      `${head}.${body} .${signature}`,
      'nonsense',
    ]
    for (const given of bad)
      assert.deepEqual(Object.keys((await read(sku, `Bearer ${given}`)).body), ['sku', 'available'], given.slice(0, 30))
  })
})

describe('open-stock-items', () => {
  test('makes an item for each variant, once, and leaves those that are there', async () => {
    const [one, two] = [await stocked(3), randomUUID()]
    const event = someEvent(productCreated, someId('prd'), { productId: someId('prd'), skus: [one, two] })
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('openStockItems', [event]), [])
    assert.equal((await levels(one)).onHand, 3)
    assert.ok((await service.items()).some(({ pk }) => pk === `stock#${two}`))
  })

  test('tells the levels of variants that another product has now', async () => {
    const sku = await stocked(4)
    const data = { productId: someId('prd'), skus: [sku], reopened: [sku] }
    assert.deepEqual(await service.deliver('openStockItems', [someEvent(productCreated, data.productId, data)]), [])
    const told = (await service.outbox()).find(({ aggregateId }) => aggregateId === sku)
    assert.deepEqual(told?.data, { sku, onHand: 4, reserved: 0, available: 4 })
    assert.equal(told?.sequence, 3)
  })

  test('adds the items of variants that came later, one write each', async () => {
    const [one, two] = [await stocked(3), randomUUID()]
    const event = someEvent(productUpdated, someId('prd'), { productId: someId('prd'), skus: [one, two] })
    assert.deepEqual(
      spent(await during(() => service.deliver('openStockItems', [event]))),
      budgets['open-stock-items: two variants'],
    )
    assert.deepEqual(
      { onHand: (await levels(one)).onHand, levels: await levels(two) },
      { onHand: 3, levels: { onHand: 0, reserved: 0, available: 0 } },
    )
    const [told] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === two)
    assert.deepEqual(told?.data, { sku: two, onHand: 0, reserved: 0, available: 0 })
  })
})

describe('take-counts', () => {
  const counted = (counts: { sku: string; quantity: number }[]) => {
    const importId = someId('imp')
    return someEvent(importStockCounted, importId, { importId, levels: counts })
  }

  test('sets what can be bought to what the file says, beside what is reserved, and writes it down', async () => {
    const [one, two, orderId] = [await stocked(5), await stocked(9), someId('ord')]
    await reserve(placed(orderId, [{ sku: one, quantity: 2 }]))
    const event = counted([
      { sku: one, quantity: 40 },
      { sku: two, quantity: 0 },
    ])
    assert.deepEqual(await service.deliver('takeCounts', [event]), [])
    assert.deepEqual(
      { oneLevels: await levels(one), twoLevels: await levels(two) },
      { oneLevels: { onHand: 42, reserved: 2, available: 40 }, twoLevels: { onHand: 0, reserved: 0, available: 0 } },
    )
    const { body } = await service.request('readHistory', { caller: staff(), params: { sku: two } })
    const entry = body.data.find(({ kind }: Json) => kind === 'adjustment')
    assert.deepEqual(
      { quantity: entry?.quantity, reason: entry?.reason },
      { quantity: -9, reason: `Counted by ${event.data.importId}` },
    )
    const told = (await service.outbox()).find(({ aggregateId }) => aggregateId === one)
    assert.deepEqual(told?.data, { sku: one, onHand: 42, reserved: 2, available: 40 })
  })

  test('counts once, however often it is told, also after sales', async () => {
    const sku = await stocked(5)
    const event = counted([{ sku, quantity: 12 }])
    await service.deliver('takeCounts', [event])
    await reserve(placed(someId('ord'), [{ sku, quantity: 3 }]))
    for (const _ of [1, 2]) assert.deepEqual(await service.deliver('takeCounts', [event]), [])
    assert.deepEqual(await levels(sku), { onHand: 12, reserved: 3, available: 9 })
  })

  test('makes the stock item of a variant that it hears of first, in one read and two writes', async () => {
    const sku = randomUUID()
    const event = counted([{ sku, quantity: 7 }])
    assert.deepEqual(
      spent(await during(() => service.deliver('takeCounts', [event]))),
      budgets['take-counts: two items'],
    )
    await service.deliver('openStockItems', [
      someEvent(productCreated, someId('prd'), { productId: someId('prd'), skus: [sku] }),
    ])
    assert.deepEqual(await levels(sku), { onHand: 7, reserved: 0, available: 7 })
  })

  test('decides anew when the stock moves in between', async () => {
    const sku = await stocked(5)
    let raced = false
    service.fakes.fails = async ({ operation }) => {
      if (operation === 'TransactWriteItems' && !raced) {
        raced = true
        await receive(sku, 1)
      }
      return false
    }
    assert.deepEqual(await service.deliver('takeCounts', [counted([{ sku, quantity: 8 }])]), [])
    service.fakes.fails = undefined
    assert.deepEqual(await levels(sku), { onHand: 8, reserved: 0, available: 8 })
  })
})

describe('reserve', () => {
  test('mistake 11: reserves all lines in one write, and says so in it', async () => {
    const [one, two, orderId] = [await stocked(5), await stocked(5), someId('ord')]
    const event = placed(orderId, [
      { sku: one, quantity: 2 },
      { sku: two, quantity: 5 },
    ])
    for (const _ of [1, 2, 3]) assert.deepEqual(await reserve(event), [])
    assert.deepEqual(
      { oneLevels: await levels(one), twoLevels: await levels(two) },
      { oneLevels: { onHand: 5, reserved: 2, available: 3 }, twoLevels: { onHand: 5, reserved: 5, available: 0 } },
    )
    assert.deepEqual(
      (await published(orderId)).map(({ type, sequence }) => [type, sequence]),
      [['stock.reserved', 1]],
    )
  })

  test('takes one write; a repetition one write that is refused, and one read', async () => {
    const [one, two, orderId] = [await stocked(5), await stocked(5), someId('ord')]
    const event = placed(orderId, [
      { sku: one, quantity: 1 },
      { sku: two, quantity: 1 },
    ])
    assert.deepEqual(spent(await during(() => reserve(event))), budgets.reserve)
    assert.deepEqual(spent(await during(() => reserve(event))), budgets['reserve: repeated'])
    const refused = placed(someId('ord'), [{ sku: one, quantity: 9 }])
    assert.deepEqual(spent(await during(() => reserve(refused))), budgets['reserve: refused'])
  })

  test('two deliveries at once reserve once', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    const event = placed(orderId, [{ sku, quantity: 2 }])
    await reserve(event, event, event)
    assert.equal((await levels(sku)).reserved, 2)
  })

  test('mistake 5: all or none, and the refusal is for ever', async () => {
    const [one, two, orderId] = [await stocked(5), await stocked(1), someId('ord')]
    const event = placed(orderId, [
      { sku: one, quantity: 2 },
      { sku: two, quantity: 2 },
    ])
    await reserve(event)
    assert.equal((await levels(one)).reserved, 0)
    const [told] = await published(orderId)
    assert.deepEqual(told?.data.shortages, [{ sku: two, wanted: 2, available: 1 }])
    await receive(two, 10)
    await reserve(event)
    assert.deepEqual(
      { reserved: (await levels(one)).reserved, state: (await reservation(orderId)).state },
      { reserved: 0, state: 'rejected' },
    )
  })

  test('mistake 16: two lines of one SKU are one', async () => {
    const [sku, orderId] = [await stocked(3), someId('ord')]
    await reserve(
      placed(orderId, [
        { sku, quantity: 2 },
        { sku, quantity: 2 },
      ]),
    )
    assert.deepEqual(
      { reserved: (await levels(sku)).reserved, state: (await reservation(orderId)).state },
      { reserved: 0, state: 'rejected' },
    )
  })

  test('what is short of a SKU without a stock item is all of it', async () => {
    const orderId = someId('ord')
    await reserve(placed(orderId, [{ sku: 'NEVER-SEEN', quantity: 2 }]))
    assert.deepEqual((await published(orderId))[0]?.data.shortages, [{ sku: 'NEVER-SEEN', wanted: 2, available: 0 }])
  })

  test('many want the last ones: exactly as many get them', async () => {
    const sku = await stocked(10)
    const orders = Array.from({ length: 40 }, () => someId('ord'))
    const events = orders.map((orderId) => placed(orderId, [{ sku, quantity: 1 }]))
    for (let from = 0; from < events.length; from += 10)
      assert.deepEqual(await reserve(...events.slice(from, from + 10)), [])
    const states = (await service.items()).filter(
      ({ orderId, state }) => orders.includes(orderId) && state === 'reserved',
    )
    assert.equal(states.length, 10)
    assert.deepEqual(await levels(sku), { onHand: 10, reserved: 10, available: 0 })
  })

  test('a hundred lines go in two steps; too little in the second undoes the first', async () => {
    const skus = await shelf(100, 2)
    const lines = skus.map((sku) => ({ sku, quantity: 2 }))
    const [whole, again] = [someId('ord'), someId('ord')]
    await reserve(placed(whole, lines))
    assert.deepEqual(
      { state: (await reservation(whole)).state, held: (await reservation(whole)).held },
      { state: 'reserved', held: 100 },
    )
    await release(cancelled(whole))
    assert.deepEqual(
      { state: (await reservation(whole)).state, held: (await reservation(whole)).held },
      { state: 'released', held: 0 },
    )
    await adjust(skus[99] ?? '', -1)
    await reserve(placed(again, lines))
    assert.deepEqual(
      { state: (await reservation(again)).state, published: (await published(again)).map(({ type }) => type) },
      { state: 'rejected', published: ['stock.rejected'] },
    )
    assert.deepEqual((await published(again))[0]?.data.shortages, [{ sku: skus[99], wanted: 2, available: 1 }])
    const all = (await service.items()).filter(({ pk }) => skus.some((sku) => pk === `stock#${sku}`))
    assert.ok(all.filter(({ sk }) => sk === 'stock').every(({ reserved }) => reserved === 0))
  })
})

describe('release-stock', () => {
  test('takes one read and one write, the decision with its effect', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    await reserve(placed(orderId, [{ sku, quantity: 2 }]))
    const steps = ['GetItem', 'TransactWriteItems']
    assert.deepEqual(await during(() => release(cancelled(orderId))), steps)
    assert.deepEqual(spent(await during(() => release(cancelled(orderId)))), budgets['release-stock: unchanged'])
    assert.deepEqual(
      spent(await during(() => release(cancelled(someId('ord'))))),
      budgets['release-stock: before its reservation'],
    )
  })

  test('an order that was reserved half-way when its function ended is given back whole', async () => {
    const [skus, orderId] = [await shelf(100, 2), someId('ord')]
    const event = placed(
      orderId,
      skus.map((sku) => ({ sku, quantity: 2 })),
    )
    const mend = failingWrite(2)
    assert.deepEqual(await reserve(event), [event.orderId])
    mend()
    assert.deepEqual(
      { state: (await reservation(orderId)).state, held: (await reservation(orderId)).held },
      { state: 'reserving', held: 99 },
    )
    assert.deepEqual(await release(cancelled(orderId)), [])
    assert.deepEqual(await reserve(event), [])
    assert.equal((await reservation(orderId)).state, 'released')
    assert.ok((await shelfLevels(skus)).every(([onHand, reserved]) => onHand === 2 && reserved === 0))
    assert.deepEqual(
      (await published(orderId)).map(({ type }) => type),
      ['stock.released'],
    )
  })

  test('gives back once, however often it is told', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    await reserve(placed(orderId, [{ sku, quantity: 2 }]))
    for (const _ of [1, 2]) assert.deepEqual(await release(cancelled(orderId)), [])
    assert.deepEqual(await levels(sku), { onHand: 5, reserved: 0, available: 5 })
    assert.deepEqual(
      (await published(orderId)).map(({ type, sequence }) => [type, sequence]),
      [['stock.released', 2]],
    )
  })

  test('a cancellation that comes first: the order that follows reserves nothing', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    for (const _ of [1, 2]) await release(cancelled(orderId))
    await reserve(placed(orderId, [{ sku, quantity: 2 }]))
    assert.equal((await levels(sku)).reserved, 0)
  })
})

describe('commit', () => {
  test('books out once, with its history', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    await reserve(placed(orderId, [{ sku, quantity: 2 }]))
    for (const _ of [1, 2]) assert.deepEqual(await commit(dispatched(orderId)), [])
    assert.deepEqual(await levels(sku), { onHand: 3, reserved: 0, available: 3 })
    const { body } = await service.request('readHistory', { caller: staff(), params: { sku } })
    assert.deepEqual(
      body.data.map(({ kind, quantity }: Json) => [kind, quantity]),
      [
        ['sale', -2],
        ['receipt', 5],
      ],
    )
    await release(cancelled(orderId))
    assert.deepEqual(await levels(sku), { onHand: 3, reserved: 0, available: 3 })
  })

  test('takes one read and one write, the decision with its effect', async () => {
    const [sku, orderId] = [await stocked(5), someId('ord')]
    await reserve(placed(orderId, [{ sku, quantity: 2 }]))
    const steps = ['GetItem', 'TransactWriteItems']
    assert.deepEqual(await during(() => commit(dispatched(orderId))), steps)
    assert.deepEqual(spent(await during(() => commit(dispatched(orderId)))), budgets['commit: unchanged'])
  })

  test('tells of what has left by its lines, and nothing of what can be bought, which stays', async () => {
    const [one, two, orderId] = [await stocked(5), await stocked(5), someId('ord')]
    const lines = [
      { sku: one, quantity: 2 },
      { sku: two, quantity: 1 },
    ]
    await reserve(placed(orderId, lines))
    const stockItem = async (): Promise<Json> =>
      (await service.items()).find(({ pk, sk }) => pk === `stock#${one}` && sk === 'stock')
    const before = await stockItem()
    assert.equal(before.outbox.length, 1)
    await commit(dispatched(orderId))
    const now = await stockItem()
    assert.deepEqual(
      { version: now.version, sequence: now.sequence, outbox: now.outbox },
      { version: before.version + 1, sequence: before.sequence, outbox: undefined },
    )
    assert.deepEqual(
      (await published(orderId)).map(({ type, sequence, data }) => [type, sequence, data]),
      [['stock.committed', 2, { orderId, lines }]],
    )
    // The next change of what can be bought goes on counting where the last one was.
    await receive(one, 1)
    const [told] = (await service.outbox()).filter(({ aggregateId }) => aggregateId === one)
    assert.deepEqual(told?.data, { sku: one, onHand: 4, reserved: 0, available: 4 })
    assert.equal(told?.sequence, before.sequence + 1)
  })

  test('a hundred lines are booked out in three steps, and go on from where the function ended', async () => {
    const [skus, orderId] = [await shelf(100, 5), someId('ord')]
    await reserve(
      placed(
        orderId,
        skus.map((sku) => ({ sku, quantity: 2 })),
      ),
    )
    const event = dispatched(orderId)
    const mend = failingWrite(2)
    assert.deepEqual(await commit(event), [event.orderId])
    mend()
    assert.deepEqual(
      { state: (await reservation(orderId)).state, held: (await reservation(orderId)).held },
      { state: 'committing', held: 51 },
    )
    const halfWay = await shelfLevels(skus)
    assert.equal(halfWay.filter(([onHand, reserved]) => onHand === 3 && reserved === 0).length, 49)
    assert.equal(halfWay.filter(([onHand, reserved]) => onHand === 5 && reserved === 2).length, 51)
    // A cancellation cannot take back what has left.
    await release(cancelled(orderId))
    assert.deepEqual(await commit(event), [])
    assert.ok((await shelfLevels(skus)).every(([onHand, reserved]) => onHand === 3 && reserved === 0))
    const sales = (await service.items()).filter(({ kind, orderId: of }) => kind === 'sale' && of === orderId)
    assert.equal(new Set(sales.map(({ pk }) => pk)).size, 100)
    assert.equal(sales.length, 100)
    assert.deepEqual(
      (await published(orderId)).map(({ type }) => type),
      ['stock.committed'],
    )
  })

  test('goods that left without a reservation come back as a failed message', async () => {
    const [event, orderId] = [dispatched(someId('ord')), someId('ord')]
    assert.deepEqual(await commit(event), [event.orderId])
    await release(cancelled(orderId))
    const late = dispatched(orderId)
    assert.deepEqual(await commit(late), [late.orderId])
  })
})

describe('reservations', () => {
  test('S1, S2, S3 at the table under any order of deliveries, also of several at once', async () => {
    const delivery = fc.record({
      kind: fc.constantFrom('placed', 'cancelled', 'dispatched'),
      order: fc.nat(2),
    })
    const batches = fc.array(fc.array(delivery, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    const quantities = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(batches, quantities, fc.integer({ min: 1, max: 6 }), async (given, wanted, onHand) => {
        const skus = await shelf(2, onHand)
        const [one, two] = [skus[0] ?? '', skus[1] ?? '']
        const orders = wanted.map((quantity, index) => {
          const orderId = someId('ord')
          // Those of the second order share a SKU.
          const lines = [
            { sku: one, quantity },
            { sku: index === 1 ? one : two, quantity },
          ]
          return { orderId, quantity, lines }
        })
        const handed = ({ kind, order }: { kind: string; order: number }) => {
          const { orderId, lines } = orders[order] ?? { orderId: '', lines: [] }
          if (kind === 'placed') return reserve(placed(orderId, lines))
          return kind === 'cancelled' ? release(cancelled(orderId)) : commit(dispatched(orderId))
        }
        const ends = new Map<string, string>()
        for (const batch of [...given, [0, 1, 2].map((order) => ({ kind: 'placed', order }))]) {
          await Promise.all(batch.map(handed))
          const all = await service.items()
          const reserved = new Map(skus.map((sku) => [sku, 0]))
          const sold = new Map(skus.map((sku) => [sku, 0]))
          for (const { orderId } of orders) {
            const found: Json = all.find(({ pk }) => pk === `reservation#${orderId}`)
            const state: string = found?.state ?? 'unheard of'
            for (const [index, { sku, quantity }] of (found?.lines ?? []).entries()) {
              if (index < found.held) reserved.set(sku, (reserved.get(sku) ?? 0) + quantity)
              else if (state.startsWith('committ')) sold.set(sku, (sold.get(sku) ?? 0) + quantity)
            }
            assert.equal(ends.get(orderId) ?? state, state, 'S3: an end is for ever')
            if (['rejected', 'released', 'committed'].includes(state)) ends.set(orderId, state)
          }
          for (const [index, [left, held]] of (await shelfLevels(skus, all)).entries()) {
            const sku = skus[index] ?? ''
            assert.ok(left - held >= 0 && held >= 0, 'S1: nothing is below zero')
            assert.equal(held, reserved.get(sku), 'S2: reserved is the sum of live reservations')
            assert.equal(left + (sold.get(sku) ?? 0), onHand, 'S2: received = on hand + sold')
          }
        }
      }),
      { numRuns: 10 },
    )
  })
})

describe('move-due', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const reservationOf = async (orderId: string): Promise<Json> =>
    (await service.items()).find(({ pk, sk }) => pk === `reservation#${orderId}` && sk === 'reservation')
  /** Makes a reservation due long ago. */
  const letTimePass = async (orderId: string, more: object = {}) => {
    const past = '2026-01-01T00:00:00.000Z'
    await service.put({ ...(await reservationOf(orderId)), ...more, gsi1sk: `${past}#${orderId}` })
  }
  const past = { heldUntil: '2026-01-01T00:00:00.000Z' }

  test('asks for what is held too long: releases what is not needed, leaves the rest to its order', async () => {
    const sku = await stocked(5)
    const [late, sold, young] = [someId('ord'), someId('ord'), someId('ord')]
    await reserve(...[late, sold, young].map((orderId) => placedUntil(orderId, [{ sku, quantity: 1 }], inMinutes(15))))
    for (const orderId of [late, sold]) await letTimePass(orderId, past)
    needed.add(sold)
    asked = []
    await service.run('moveDue')
    assert.deepEqual(
      asked.map((ids) => [...ids].sort()),
      [[late, sold].sort()],
    )
    const [one, two, three] = [await reservationOf(late), await reservationOf(sold), await reservationOf(young)]
    assert.deepEqual(
      { oneState: one.state, twoState: two.state, threeState: three.state },
      { oneState: 'released', twoState: 'reserved', threeState: 'reserved' },
    )
    assert.deepEqual(
      { oneGsi1pk: one.gsi1pk, twoGsi1pk: two.gsi1pk, heldUntil: two.heldUntil },
      { oneGsi1pk: undefined, twoGsi1pk: undefined, heldUntil: undefined },
    )
    assert.deepEqual(await levels(sku), { onHand: 5, reserved: 2, available: 3 })
    const before = service.database.length
    await service.run('moveDue')
    assert.deepEqual(spent(service.database.slice(before)), budgets['move-due'])
  })

  test('carries on what stopped half-way', async () => {
    const sku = await stocked(5)
    const orderId = someId('ord')
    await reserve(placedUntil(orderId, [{ sku, quantity: 1 }], inMinutes(15)))
    await letTimePass(orderId, { state: 'releasing' })
    await service.run('moveDue')
    assert.equal((await reservationOf(orderId)).state, 'released')
    assert.deepEqual(await levels(sku), { onHand: 5, reserved: 0, available: 5 })
  })

  test('an order that is heard of after its time gets nothing, whatever comes then', async () => {
    const sku = await stocked(5)
    const orderId = someId('ord')
    for (const expiresAt of [inMinutes(-1), inMinutes(15)])
      await reserve(placedUntil(orderId, [{ sku, quantity: 1 }], expiresAt))
    assert.equal((await reservationOf(orderId)).state, 'released')
    assert.deepEqual(await levels(sku), { onHand: 5, reserved: 0, available: 5 })
    // One that was reserved in time stays, though its event comes again too late.
    const other = someId('ord')
    for (const expiresAt of [inMinutes(15), inMinutes(-1)])
      await reserve(placedUntil(other, [{ sku, quantity: 1 }], expiresAt))
    assert.equal((await reservationOf(other)).state, 'reserved')
  })
})
