import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { metrics, reporting } from '../../../functions/reporting/contract.ts'
import { driftsOf, merged, nothingHeard } from '../../../functions/reporting/domain.ts'
import type { Fakes } from '../../support/aws.ts'
import { type Counted, countedDuring } from '../../support/metrics.ts'
import { spent } from '../../support/round-trips.ts'
import {
  customer,
  guest,
  type Json,
  someId,
  staff,
  startService,
  type TestEvent,
  type TestQuery,
} from '../../support/service.ts'
import { budgets } from './budgets.ts'
import { asNews, saysOf, stories } from './stories.ts'

/** Ids of orders that live, as the orders would answer; and of those whose payment was asked to be undone. */
let living: string[] = []
let undone: string[] = []
let asked: string[][] = []
let refusing: string[] = []
const fakes: Fakes = {
  procedures: {
    'orders-settle-expired': (input: Json) => {
      asked.push(input.orderIds)
      return { needed: input.orderIds.filter((id: string) => living.includes(id)) }
    },
    'payments-undo': ({ orderId }: Json) => {
      if (refusing.includes(orderId)) return { nonsense: true }
      undone.push(orderId)
      return { undone: true }
    },
  },
}
const service = await startService(reporting, fakes, { POWERTOOLS_METRICS_DISABLED: 'false' })
after(() => service.stop())

beforeEach(async () => {
  living = []
  undone = []
  asked = []
  refusing = []
  fakes.fails = undefined
  // What earlier tests left unsettled is out of the index.
  for (const item of await service.items())
    if (item.gsi1pk) await service.put({ ...item, gsi1pk: undefined, gsi1sk: undefined })
})

const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return service.database.slice(before).map(({ operation }) => operation)
}
const hear = (...events: TestEvent[]) => service.deliver('recordEvent', events)
const itemOf = async (orderId: string): Promise<Json> =>
  (await service.items()).find(({ pk }) => pk === `order#${orderId}`)
const expectedRecord = (orderId: string, events: readonly TestEvent[]) =>
  events.reduce((record, event) => merged(record, asNews(event)) ?? record, nothingHeard(orderId))

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** Lets so much time pass over what is unsettled. */
const age = async (orderId: string, minutes: number): Promise<void> => {
  const item = await itemOf(orderId)
  const since = minutesAgo(minutes)
  await service.put({ ...item, since, gsi1sk: `${since}#${orderId}` })
}
/** An order that was cancelled after its payment was captured, of which nothing was given back. @returns its id */
const unsettled = async (minutes = 20): Promise<string> => {
  const orderId = someId('ord')
  const says = saysOf(orderId)
  await hear(says.authorized()(1), says.captured()(2), says.cancelled(4))
  await age(orderId, minutes)
  return orderId
}

describe('record-event', () => {
  test('reads the record and writes it; what says nothing new writes nothing', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    const [reserved, confirmed] = [says.reserved(1), says.confirmed(3)]
    assert.deepEqual(spent(await during(() => hear(reserved))), budgets['record-event'])
    assert.deepEqual(spent(await during(() => hear(reserved))), budgets['record-event: unchanged'])
    assert.deepEqual(spent(await during(() => hear(confirmed))), budgets['record-event'])
    const { record, version } = await itemOf(orderId)
    assert.deepEqual(
      { orderValue: record.order.value, stockValue: record.stock.value, version },
      { orderValue: 'confirmed', stockValue: 'reserved', version: 2 },
    )
  })

  for (const [name, told] of Object.entries(stories(someId('ord'))))
    test(`${name}: the same record forwards and backwards, one at a time and in one batch, once and twice`, async () => {
      const orderIds = [someId('ord'), someId('ord'), someId('ord')]
      const [forwards = '', backwards = '', atOnce = ''] = orderIds
      const toldOf = (orderId: string) =>
        told.map((event, index) => ({ ...event, id: `${orderId}-${index}`, data: { ...event.data, orderId } }))
      for (const event of toldOf(forwards)) assert.deepEqual(await hear(event), [])
      for (const event of toldOf(backwards).toReversed())
        assert.deepEqual([await hear(event), await hear(event)], [[], []])
      const calls = await during(async () => assert.deepEqual(await hear(...toldOf(atOnce)), []))
      assert.deepEqual(calls, ['GetItem', 'PutItem'])
      for (const orderId of orderIds) {
        const { record, since, gsi1pk } = await itemOf(orderId)
        assert.deepEqual(record, JSON.parse(JSON.stringify(expectedRecord(orderId, toldOf(orderId)))))
        assert.deepEqual({ since, gsi1pk }, { since: undefined, gsi1pk: undefined })
      }
    })

  test('an order that does not add up stands in the index since then, until it does', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    const began = Date.now()
    await hear(says.reserved(1), says.confirmed(3))
    const first = await itemOf(orderId)
    assert.deepEqual(driftsOf(first.record), ['confirmed-without-payment'])
    assert.ok(Date.parse(first.since) >= began && Date.parse(first.since) <= Date.now())
    assert.match(first.gsi1pk, /^unsettled#[0-3]$/)
    assert.equal(first.gsi1sk, `${first.since}#${orderId}`)
    await hear(says.dispatched(2))
    assert.equal((await itemOf(orderId)).since, first.since)
    await hear(says.authorized()(1), says.captured()(2), says.committed(2))
    const settled = await itemOf(orderId)
    assert.deepEqual(
      { since: settled.since, gsi1pk: settled.gsi1pk, gsi1sk: settled.gsi1sk },
      { since: undefined, gsi1pk: undefined, gsi1sk: undefined },
    )
  })

  test('another instance writes in between: reads again, and nothing is lost', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    await hear(says.confirmed(3))
    let isFirst = true
    fakes.fails = async ({ operation }) => {
      if (operation !== 'PutItem' || !isFirst) return false
      isFirst = false
      const item = await itemOf(orderId)
      await service.put({ ...item, record: { ...item.record, hasLeft: true }, version: item.version + 1 })
      return false
    }
    assert.deepEqual(spent(await during(() => hear(says.reserved(1)))), budgets['record-event: written in between'])
    const { record } = await itemOf(orderId)
    assert.deepEqual({ hasLeft: record.hasLeft, value: record.stock.value }, { hasLeft: true, value: 'reserved' })
  })

  test('what is said of one order fails and comes again together, and no other order is held up', async () => {
    const [says, other] = [saysOf(someId('ord')), saysOf(someId('ord'))]
    const [confirmed, reserved, elsewhere] = [says.confirmed(3), says.reserved(1), other.confirmed(3)]
    let isFirst = true
    fakes.fails = () => {
      const fails = isFirst
      isFirst = false
      return fails
    }
    assert.deepEqual(await hear(confirmed, elsewhere, reserved), [confirmed.id, reserved.id])
    assert.equal((await itemOf(elsewhere.data.orderId)).record.order.value, 'confirmed')
    assert.deepEqual(await hear(reserved), [])
    assert.deepEqual(await hear(confirmed), [])
    const { record } = await itemOf(confirmed.data.orderId)
    assert.deepEqual(
      { orderValue: record.order.value, stockValue: record.stock.value },
      { orderValue: 'confirmed', stockValue: 'reserved' },
    )
  })

  test('an event of another kind, or not of its form, is refused', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    const other = { ...says.confirmed(1), type: 'order.placed' }
    const broken = { ...says.confirmed(1), data: { orderId: 'x' } }
    assert.deepEqual(await hear(other, broken), [other.id, broken.id])
  })

  test('keeps nothing personal', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    await hear(says.confirmed(3), says.cancelled(4))
    assert.doesNotMatch(JSON.stringify(await itemOf(orderId)), /Ada|example\.com|Dock|gst_/)
  })
})

const report = (query: TestQuery = {}, caller = staff()) => service.request('readReconciliation', { caller, query })

describe('read-reconciliation', () => {
  test('is for staff only', async () => {
    for (const caller of [guest(), customer()]) {
      const { status, problem } = await report({}, caller)
      assert.deepEqual({ status, code: problem.code }, { status: 403, code: 'FORBIDDEN' })
    }
  })

  test('empty where all adds up: one look into each partition', async () => {
    const orderId = someId('ord')
    await hear(...(stories(orderId).returned ?? []))
    const began = Date.now()
    const { status, body, database } = await report({ olderThanMinutes: '0' })
    assert.equal(status, 200)
    assert.deepEqual({ data: body.data, next_cursor: body.next_cursor }, { data: [], next_cursor: null })
    assert.ok(Date.parse(body.checkedAt) >= began)
    assert.deepEqual(
      database.map(({ operation }) => operation),
      ['Query', 'Query', 'Query', 'Query'],
    )
  })

  test('names the order, in what it does not add up, and since when; not before fifteen minutes unless asked', async () => {
    const [old, young] = [await unsettled(16), await unsettled(14)]
    const { body, database } = await report()
    const { since } = await itemOf(old)
    assert.deepEqual(body.data, [{ orderId: old, drifts: ['cancelled-keeps-money'], since }])
    assert.deepEqual(
      database.map(({ operation }) => operation),
      ['Query', 'Query', 'Query', 'Query', 'BatchGetItem'],
    )
    const sooner = await report({ olderThanMinutes: '10' })
    assert.deepEqual(sooner.body.data.map(({ orderId }: Json) => orderId).toSorted(), [old, young].toSorted())
    assert.deepEqual((await report({ olderThanMinutes: '17' })).body.data, [])
  })

  test('goes by the record where the index is behind', async () => {
    const orderId = await unsettled()
    const { gsi1pk, gsi1sk } = await itemOf(orderId)
    await hear(saysOf(orderId).refunded(5000)(3))
    await service.put({ ...(await itemOf(orderId)), gsi1pk, gsi1sk })
    assert.deepEqual((await report()).body.data, [])
  })

  for (const limit of [1, 2, 3, 100])
    test(`in pages of ${limit}: each order once`, async () => {
      const orderIds: string[] = []
      for (let made = 0; made < 9; made += 1) orderIds.push(await unsettled(20 + made))
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const query: TestQuery = { limit: String(limit), ...(cursor ? { cursor } : {}) }
        const { status, body }: { status: number; body: Json } = await report(query)
        assert.equal(status, 200)
        assert.ok(body.data.length <= limit)
        seen.push(...body.data.map(({ orderId }: Json) => orderId))
        cursor = body.next_cursor
      } while (cursor)
      assert.deepEqual(seen.toSorted(), orderIds.toSorted())
    })

  test('a cursor of another list, a broken one, a limit or an age out of bounds: 400', async () => {
    await unsettled()
    await unsettled()
    const { body } = await report({ limit: '1' })
    assert.ok(body.next_cursor)
    const refused: [Record<string, string>, string][] = [
      [{ cursor: body.next_cursor, olderThanMinutes: '16' }, 'INVALID_CURSOR'],
      [{ cursor: 'nonsense' }, 'INVALID_CURSOR'],
      [{ limit: '0' }, 'INVALID_INPUT'],
      [{ limit: '101' }, 'INVALID_INPUT'],
      [{ olderThanMinutes: '-1' }, 'INVALID_INPUT'],
      [{ olderThanMinutes: '1.5' }, 'INVALID_INPUT'],
      [{ olderThanMinutes: '10081' }, 'INVALID_INPUT'],
      [{ since: 'ever' }, 'INVALID_INPUT'],
    ]
    for (const [query, code] of refused) {
      const answer = await report(query)
      assert.deepEqual(
        { status: answer.status, code: answer.problem.code },
        { status: 400, code },
        JSON.stringify(query),
      )
    }
  })
})

/** Runs the schedule. @returns what it counted of the metric */
const reconcile = async (expected: 'done' | 'failed' = 'done'): Promise<Counted[]> => {
  const counted = await countedDuring(async () => {
    const run = service.run('reconcile')
    await (expected === 'done' ? run : assert.rejects(run, AggregateError))
  })
  return counted.filter(({ name }) => name === metrics.reconciliationDrift.name)
}

describe('reconcile', () => {
  test('nothing to find: publishes zero, asks nobody', async () => {
    let published: Counted[] = []
    const calls = await during(async () => {
      published = await reconcile()
    })
    assert.deepEqual(calls, ['Query', 'Query', 'Query', 'Query'])
    assert.deepEqual(
      published.map(({ value, dimensions }) => [value, dimensions]),
      [[0, { service: 'reporting' }]],
    )
    assert.deepEqual({ asked, undone }, { asked: [], undone: [] })
  })

  test('counts what has not added up for fifteen minutes, and has money undone that is held for nobody', async () => {
    const cancelled = await unsettled()
    await unsettled(14)
    const unknown = someId('ord')
    await hear(saysOf(unknown).authorized()(1), saysOf(unknown).captured()(2))
    const authorized = someId('ord')
    await hear(saysOf(authorized).authorized()(1), saysOf(authorized).cancelled(3))
    const stock = someId('ord')
    await hear(saysOf(stock).reserved(1), saysOf(stock).cancelled(3))
    for (const orderId of [unknown, authorized, stock]) await age(orderId, 30)
    let published: Counted[] = []
    const calls = await during(async () => {
      published = await reconcile()
    })
    assert.deepEqual(calls.slice(0, 4), ['Query', 'Query', 'Query', 'Query'])
    assert.ok(calls.slice(4).every((name) => name === 'BatchGetItem'))
    assert.ok(calls.length <= 8)
    assert.equal(published[0]?.value, 4)
    assert.equal(asked.length, 1)
    assert.deepEqual(undone.toSorted(), [cancelled, unknown, authorized].toSorted())
  })

  test('nothing is taken from an order that lives, though nothing was heard of it here', async () => {
    const orderId = someId('ord')
    const says = saysOf(orderId)
    await hear(says.authorized()(1), says.captured()(2))
    await age(orderId, 20)
    living = [orderId]
    const published = await reconcile()
    assert.deepEqual({ asked, undone, value: published[0]?.value }, { asked: [[orderId]], undone: [], value: 1 })
    await hear(says.confirmed(3), says.reserved(1))
    assert.equal((await reconcile())[0]?.value, 0)
  })

  test('asked again until the payment says that it is done; then there is nothing to find', async () => {
    const orderId = await unsettled()
    await reconcile()
    await reconcile()
    assert.deepEqual(undone, [orderId, orderId])
    await hear(saysOf(orderId).refunded(5000)(3))
    assert.equal((await reconcile())[0]?.value, 0)
    assert.deepEqual(undone, [orderId, orderId])
  })

  test('one that cannot be undone does not hold up the others, and shows as a failed run that has counted', async () => {
    const orderIds = [await unsettled(22), await unsettled(21), await unsettled(20)]
    refusing = orderIds.slice(0, 1)
    const published = await reconcile('failed')
    assert.deepEqual({ value: published[0]?.value, undone }, { value: 3, undone: orderIds.slice(1) })
  })

  test('the oldest first, at most a hundred payments in one run', async () => {
    const orderIds: string[] = []
    for (let made = 0; made < 104; made += 1) {
      const orderId = someId('ord')
      const says = saysOf(orderId)
      const since = minutesAgo(300 - made)
      const record = expectedRecord(orderId, [says.captured()(2), says.cancelled(3)])
      const partition = orderId.charCodeAt(orderId.length - 1) % 4
      await service.put({
        pk: `order#${orderId}`,
        sk: 'record',
        record,
        since,
        version: 1,
        gsi1pk: `unsettled#${partition}`,
        gsi1sk: `${since}#${orderId}`,
      })
      orderIds.push(orderId)
    }
    const published = await reconcile()
    assert.equal(published[0]?.value, 104)
    assert.deepEqual(undone, orderIds.slice(0, 100))
  })
})
