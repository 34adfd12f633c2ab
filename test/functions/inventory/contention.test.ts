/** Stock that others are writing at the same moment: DynamoDB refuses such a write, which says nothing about the stock. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, beforeEach, describe, mock, test } from 'node:test'
import { inventory } from '../../../functions/inventory/contract.ts'
import { schedules } from '../../../functions/orders/contract.ts'
import { timeouts } from '../../../functions/orders/domain.ts'
import * as published from '../../../functions/published/inventory.ts'
import { contention } from '../../../shared/runtime/table.ts'
import { failing } from '../../support/asking.ts'
import type { Failing } from '../../support/aws.ts'
import { type Json, someId, staff, startService } from '../../support/service.ts'
import { placed } from './events.ts'

const service = await startService(inventory, {
  procedures: {
    'catalog-quote': (input) => ({
      variants: (input as { skus: string[] }).skus.map((sku) => ({
        sku,
        productId: someId('prd'),
        title: sku,
        options: {},
        unitPrice: { amount: 1, currency: 'EUR' },
        weightGrams: 1,
      })),
    }),
  },
})
after(() => service.stop())

const reserve = failing((input) => service.call('reserve', input))

const realNow = Date.now
let passedMs = 0
beforeEach(() => {
  passedMs = 0
  mock.method(Date, 'now', () => realNow() + passedMs)
})
afterEach(() => {
  service.fakes.fails = undefined
  mock.restoreAll()
})

/** How many of the next writes meet others; time passes with each, so that nobody has to wait for the deadline. */
const writesMeetOthers = (count: number, eachTakesMs = 0) => {
  let met = 0
  service.fakes.fails = ({ operation }): Failing => {
    if (!/Write|Put|Update|Delete/.test(operation) || met === count) return false
    met += 1
    passedMs += eachTakesMs
    return 'conflict'
  }
  return () => met
}
const aSecond = 1_000

const receive = (sku: string, quantity: number, headers = {}) =>
  service.request('receiveStock', { caller: staff(), params: { sku }, body: { quantity }, headers })
const stocked = async (quantity: number): Promise<string> => {
  const sku = randomUUID()
  assert.equal((await receive(sku, quantity)).status, 201)
  return sku
}
const find = async (sk: 'stock' | 'reservation', id: string): Promise<Json> =>
  (await service.items()).find((item) => item.pk === `${sk}#${id}` && item.sk === sk)
const levels = async (sku: string): Promise<number[]> => {
  const { onHand, reserved, available } = await find('stock', sku)
  return [onHand, reserved, available]
}
const orderOf = (quantities: Record<string, number>) => {
  const orderId = someId('ord')
  const lines = Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity }))
  return placed(orderId, lines)
}

describe('reserve', () => {
  test('a conflict is no refusal: the same write is tried again, without another read', async () => {
    const [one, two] = [await stocked(5), await stocked(5)]
    const met = writesMeetOthers(3)
    const from = service.database.length
    const event = orderOf({ [one]: 2, [two]: 5 })
    assert.deepEqual(await reserve(event), [])
    assert.equal(met(), 3)
    assert.deepEqual(
      service.database.slice(from).map(({ operation }) => operation),
      Array.from({ length: 4 }, () => 'TransactWriteItems'),
    )
    assert.deepEqual(
      { oneLevels: await levels(one), twoLevels: await levels(two) },
      { oneLevels: [5, 2, 3], twoLevels: [5, 5, 0] },
    )
    assert.equal((await find('reservation', event.orderId)).state, 'reserved')
  })

  test('a refusal that meets others is written all the same', async () => {
    const sku = await stocked(1)
    const event = orderOf({ [sku]: 2 })
    let met = 0
    service.fakes.fails = ({ operation }): Failing => (operation === 'PutItem' && ++met <= 3 ? 'conflict' : false)
    assert.deepEqual(await reserve(event), [])
    assert.equal(met, 4)
    assert.equal((await find('reservation', event.orderId)).state, 'rejected')
    assert.deepEqual(await levels(sku), [1, 0, 1])
  })

  test('others without end: the call fails within the deadline, changes nothing, and is good when it is made again', async () => {
    const sku = await stocked(5)
    const event = orderOf({ [sku]: 2 })
    const met = writesMeetOthers(Number.POSITIVE_INFINITY, aSecond)
    assert.deepEqual(await reserve(event), [event.orderId])
    assert.ok(met() <= contention.deadlineMs / aSecond + 1, `${met()} attempts`)
    assert.equal(await find('reservation', event.orderId), undefined)
    assert.deepEqual(await levels(sku), [5, 0, 5])
    service.fakes.fails = undefined
    assert.deepEqual(await reserve(event), [])
    assert.deepEqual(await levels(sku), [5, 2, 3])
  })

  test('an order that lost is taken up again after a minute, and as often as it may while it can still be confirmed', () => {
    const everyMs = schedules.moveOverdue.everyMinutes * 60_000
    assert.equal(everyMs, 60_000)
    assert.ok(contention.deadlineMs < published.reserve.timeoutSeconds * aSecond)
    assert.ok(timeouts.resumeMs + 5 * everyMs < timeouts.unconfirmedMs)
  })

  test('one order that loses does not take others along', async () => {
    const [wanted, quiet] = [await stocked(5), await stocked(5)]
    const [loses, wins] = [orderOf({ [wanted]: 1 }), orderOf({ [quiet]: 1 })]
    service.fakes.fails = ({ input }): Failing => {
      if (!JSON.stringify(input).includes(wanted)) return false
      passedMs += aSecond
      return 'conflict'
    }
    assert.deepEqual(await reserve(loses, wins), [loses.orderId])
    assert.deepEqual(
      { wantedLevels: await levels(wanted), quietLevels: await levels(quiet) },
      { wantedLevels: [5, 0, 5], quietLevels: [5, 1, 4] },
    )
  })
})

describe('receive-stock', () => {
  test('goods come in although others write the same stock', async () => {
    const sku = await stocked(5)
    const met = writesMeetOthers(3)
    assert.equal((await receive(sku, 2)).status, 201)
    assert.equal(met(), 3)
    assert.deepEqual(await levels(sku), [7, 0, 7])
  })

  test('others without end: 409, nothing is booked, and the same key can be used again', async () => {
    const sku = await stocked(5)
    const headers = { 'idempotency-key': randomUUID() }
    writesMeetOthers(Number.POSITIVE_INFINITY, aSecond)
    const refused = await receive(sku, 2, headers)
    assert.deepEqual({ status: refused.status, code: refused.problem.code }, { status: 409, code: 'IN_FLIGHT' })
    assert.deepEqual(await levels(sku), [5, 0, 5])
    service.fakes.fails = undefined
    assert.equal((await receive(sku, 2, headers)).status, 201)
    assert.deepEqual(await levels(sku), [7, 0, 7])
  })
})
