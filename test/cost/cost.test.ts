/** How much of AWS an action uses: counts, not money. Who makes an action use more changes a number here, and says why. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { services } from '../../functions/services.ts'
import { metricsOfAlarm, ofType } from '../support/templates.ts'
import { type Actions, measureActions } from '../tools/cost/actions.ts'
import { type MeteredShop, openMeteredShop } from '../tools/cost/meter.ts'
import { assumptions } from '../tools/cost/prices.ts'
import { countStanding } from '../tools/cost/standing.ts'
import {
  billed,
  busy,
  coldShareAt,
  dollars,
  floorOf,
  largest,
  medianOf,
  minus,
  provisioned,
  standing,
  together,
  totalOf,
  tracedShareAt,
  unused,
} from '../tools/cost/usage.ts'

const idle = unused

describe('the bill', () => {
  it('takes the middle of several rounds, number by number', () => {
    const middle = medianOf([
      { ...idle, cpuMs: 9, events: 1 },
      { ...idle, cpuMs: 1, events: 1 },
      { ...idle, cpuMs: 2, events: 1 },
    ])
    assert.deepEqual(middle, { ...idle, cpuMs: 2, events: 1 })
    assert.deepEqual(minus({ ...idle, events: 5 }, { ...idle, events: 2 }), { ...idle, events: 3 })
  })

  it('asks for a message to be sent, and for each batch to be received and deleted', () => {
    assert.equal(billed({ ...idle, messages: 10, batches: 1 }).queueRequests, 12)
  })

  it('counts a trace for each request and each batch that X-Ray records, and none for their calls', () => {
    const used = { ...idle, apiRequests: 2, batches: 3, invocations: 9 }
    assert.equal(billed(used, { ...busy, tracedShare: 0.5 }).traces, 2.5)
    assert.equal(billed(used).traces, 0)
  })

  it('knows that X-Ray records nearly all of a quiet shop, and 5 % of what comes on top', () => {
    assert.equal(tracedShareAt(0), 1)
    assert.ok(tracedShareAt(100_000 / 2_592_000) > 0.98)
    assert.equal(Number(tracedShareAt(20).toFixed(4)), (1 + 0.05 * 19) / 20)
    assert.ok(Math.abs(tracedShareAt(10_000) - 0.05) < 0.001)
  })

  it('knows that functions start anew where nobody came for minutes, and bills their start', () => {
    assert.equal(coldShareAt(0), 1)
    assert.ok(coldShareAt(1 / 60) < 0.01)
    const { megabyteMs } = billed({ ...idle, invocations: 2 }, { ...busy, coldShare: 0.5 })
    assert.equal(megabyteMs, 2 * (0.5 + assumptions.initMs / 2) * assumptions.waitingMegabytes)
  })

  it('asks less for a unit that stands ready and is used', () => {
    const { writeUnits, readUnits, events } = provisioned(
      dollars(billed({ ...idle, writeUnits: 1, readUnits: 1, events: 1 })),
    )
    // $0.00065 and $0.00013 for a unit a second and an hour, 70 % of them used.
    assert.equal(Number(writeUnits.toFixed(3)), 0.258)
    assert.equal(Number(readUnits.toFixed(4)), 0.0516)
    assert.equal(events, 1)
  })

  it('bills work by the processor, and waiting by the memory', () => {
    const { megabyteMs } = billed({ ...idle, cpuMs: 2 })
    assert.equal(megabyteMs, 2 * assumptions.wholeProcessorMegabytes)
    assert.equal(billed({ ...idle, waitMs: 10 }).megabyteMs, 10 * assumptions.waitingMegabytes)
  })

  it('is what AWS asks for a million, mails apart', () => {
    const costs = dollars(billed({ ...idle, apiRequests: 1, writeUnits: 8, mails: 1 }))
    assert.equal(costs.apiRequests, 1)
    assert.equal(costs.writeUnits, 5)
    assert.equal(costs.mails, 100)
    assert.deepEqual(largest(costs, 1), ['writeUnits'])
    const twice = together([
      [1, costs],
      [1, costs],
    ])
    assert.ok(Math.abs(totalOf(twice) - 2 * totalOf(costs)) < 1e-9)
  })

  it('has a floor in the shape of the shop: requests, events, and messages as they are sent', () => {
    assert.equal(floorOf({ ...idle, apiRequests: 1, events: 2, messages: 5, writeUnits: 9 }), 1 + 2 + 2)
  })

  it('counts what stands there', async () => {
    assert.deepEqual(
      standing(new Map([['AWS::CloudWatch::Alarm', 10]])).filter(({ count }) => count > 0),
      [{ label: 'metrics that alarms watch', count: 10, dollars: 1 }],
    )
    const { resources, polledQueues, scheduledRuns } = countStanding(await prepareAssembly())
    assert.ok((resources.get('AWS::Lambda::Function') ?? 0) > polledQueues)
    assert.ok((resources.get('metric') ?? 0) > services.length)
    const tasks = services.flatMap((service) => Object.keys(service.tasks ?? {}))
    assert.equal(polledQueues, tasks.length)
    assert.equal(
      resources.get('AWS::CloudWatch::Alarm'),
      ofType('AWS::CloudWatch::Alarm').flatMap(metricsOfAlarm).length,
    )
    const everyMinutes = services.flatMap(({ schedules = {} }) =>
      Object.values(schedules).map((each) => each.everyMinutes),
    )
    assert.equal(
      scheduledRuns,
      everyMinutes.reduce((sum, minutes) => sum + (30 * 24 * 60) / minutes, 0),
    )
  })
})

describe('what actions use', () => {
  let shop: MeteredShop
  let actions: Actions
  before(async () => {
    shop = await openMeteredShop()
    actions = await measureActions(shop, { warmUps: 1, rounds: 3 })
  })
  after(() => shop?.stop())

  it('a search in a shop of one product is one request, one function and half a read for each thing it looks up', () => {
    const { apiRequests, invocations, readUnits, writeUnits, events } = actions.search
    // Rows, words that begin as the one typed does, those that end so, and the product.
    assert.deepEqual(
      { apiRequests, invocations, readUnits, writeUnits, events },
      { apiRequests: 1, invocations: 1, readUnits: 2, writeUnits: 0, events: 0 },
    )
  })

  it('a page view is one request, one function and half a read', () => {
    const { apiRequests, invocations, readUnits, writeUnits, events } = actions['page view']
    assert.deepEqual(
      { apiRequests, invocations, readUnits, writeUnits, events },
      { apiRequests: 1, invocations: 1, readUnits: 0.5, writeUnits: 0, events: 0 },
    )
  })

  it('a guest with a cart is one signature', () => {
    const { apiRequests, invocations, readUnits, writeUnits, signatures } = actions['guest and cart']
    assert.deepEqual(
      { apiRequests, invocations, readUnits, writeUnits, signatures },
      { apiRequests: 2, invocations: 2, readUnits: 1, writeUnits: 9, signatures: 1 },
    )
  })

  it('a cart change is one request, three functions and one write', () => {
    const { apiRequests, invocations, readUnits, writeUnits, events } = actions['cart change']
    // Prices, and the stock as it is at this moment.
    assert.deepEqual(
      { apiRequests, invocations, readUnits, writeUnits, events },
      { apiRequests: 1, invocations: 3, readUnits: 3, writeUnits: 1, events: 0 },
    )
  })

  it('an order is four events', () => {
    const { apiRequests, events, messages, mails, signatures, readUnits, writeUnits } = actions.order
    assert.deepEqual(
      { apiRequests, events, messages, mails, signatures },
      { apiRequests: 2, events: 4, messages: 0, mails: 1, signatures: 0 },
    )
    // The middle of three rounds: in which order events arrive, and whether one had to come again, decides of a few.
    assert.ok(writeUnits <= 50, `${writeUnits} write units`)
    assert.ok(readUnits <= 20, `${readUnits} read units`)
  })

  it('its sending is four events', () => {
    const { apiRequests, events, messages, mails, signatures, readUnits, writeUnits } = actions.sending
    assert.deepEqual(
      { apiRequests, events, messages, mails, signatures },
      { apiRequests: 3, events: 4, messages: 0, mails: 1, signatures: 0 },
    )
    assert.ok(writeUnits <= 31, `${writeUnits} write units`)
    assert.ok(readUnits <= 15, `${readUnits} read units`)
  })
})
