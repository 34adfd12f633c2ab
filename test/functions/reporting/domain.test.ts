import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consumers, Drift } from '../../../functions/reporting/contract.ts'
import {
  driftsOf,
  holdsMoney,
  merged,
  nothingHeard,
  type OrderRecord,
  type ReportedEvent,
} from '../../../functions/reporting/domain.ts'
import { fc } from '../../support/property.ts'
import { someId, type TestEvent } from '../../support/service.ts'
import { asNews, saysOf, stories } from './stories.ts'

const orderId = someId('ord')
const says = saysOf(orderId)

const after = (events: readonly ReportedEvent[]): OrderRecord =>
  events.reduce<OrderRecord>((record, event) => merged(record, event) ?? record, nothingHeard(orderId))
const driftsAfter = (events: readonly TestEvent[]) => driftsOf(after(events.map(asNews)))

/** Anything that any of the services could say, without regard to sense; its number says what it is of its aggregate. */
const anything: fc.Arbitrary<ReportedEvent[]> = fc
  .record({
    orders: fc.array(
      fc.constantFrom(says.confirmed, says.cancelled, says.returnReceived(20), says.returnReceived(10)),
      { maxLength: 6 },
    ),
    payments: fc.array(
      fc.constantFrom(
        says.authorized(),
        says.authorized(7),
        says.captured(),
        says.captured(30),
        says.voided,
        says.refunded(5),
        says.refunded(5000),
      ),
      { maxLength: 6 },
    ),
    stock: fc.array(fc.constantFrom(says.reserved, says.released, says.committed), { maxLength: 4 }),
    shipment: fc.array(fc.constantFrom(says.dispatched), { maxLength: 2 }),
  })
  .map((said) => Object.values(said).flatMap((one) => one.map((say, index) => asNews(say(index + 1)))))

/** The same events in any order, some of them more than once. */
const arrivals = (events: readonly ReportedEvent[]): fc.Arbitrary<ReportedEvent[]> =>
  fc
    .array(fc.constantFrom(...events), { maxLength: 8 })
    .chain((again) => fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length }))

describe('what was heard of an order', () => {
  test('is the same in any order of arrival, however often it was heard', () => {
    const heard = anything
      .filter((events) => events.length > 0)
      .chain((events) => arrivals(events).map((arrived) => ({ events, arrived })))
    fc.assert(
      fc.property(heard, ({ events, arrived }) => assert.deepEqual(after(arrived), after(events))),
      { numRuns: 2000 },
    )
  })

  test('does not change by what was heard before', () => {
    fc.assert(
      fc.property(anything, (events) => {
        const record = after(events)
        for (const event of events) assert.equal(merged(record, event), undefined)
      }),
    )
  })

  test('counts each capture and refund once, by its number', () => {
    const record = after(
      [says.refunded(7)(3), says.captured(10)(2), says.refunded(7)(4), says.refunded(7)(3)].map(asNews),
    )
    assert.deepEqual(record.captures, [{ amountMinor: 10, sequence: 2 }])
    assert.deepEqual(record.refunds, [
      { amountMinor: 7, sequence: 3 },
      { amountMinor: 7, sequence: 4 },
    ])
  })

  test('takes the total from whatever says it last, also when a later event without one came first', () => {
    const record = after([says.returnReceived(1)(5), says.confirmed(3)].map(asNews))
    assert.deepEqual(
      { order: record.order, total: record.total },
      { order: { value: 'returned', sequence: 5 }, total: { value: 5000, sequence: 3 } },
    )
  })

  test('holds nothing personal', () => {
    for (const events of Object.values(stories(orderId)))
      assert.doesNotMatch(JSON.stringify(after(events.map(asNews))), /Ada|example\.com|Dock|gst_/)
  })

  test('there is a story for every event that is listened to', () => {
    const told = new Set(Object.values(stories(orderId)).flatMap((events) => events.map(({ type }) => type)))
    assert.deepEqual([...told].toSorted(), consumers.recordEvent.on.map(({ type }) => type).toSorted())
  })
})

describe('drifts', () => {
  for (const [name, events] of Object.entries(stories(orderId)))
    test(`${name}: none in the end, whatever the order of arrival`, () => {
      fc.assert(
        fc.property(arrivals(events.map(asNews)), (arrived) => assert.deepEqual(driftsOf(after(arrived)), [])),
        { numRuns: 50 },
      )
    })

  test('none while an order waits for its payment, or for its shopper', () => {
    for (const waiting of [[], [says.reserved(1)], [says.authorized()(1)], [says.reserved(1), says.authorized()(1)]])
      assert.deepEqual(driftsAfter(waiting), [])
  })

  const begun = [says.reserved(1)]
  const confirmed = [...begun, says.authorized()(1), says.confirmed(3)]
  const cancelled = [...confirmed, says.cancelled(4)]
  const sent = [...confirmed, says.dispatched(2)]
  const cases: [Drift[], TestEvent[]][] = [
    [['cancelled-holds-stock'], [...begun, says.cancelled(3)]],
    [['cancelled-holds-stock'], [...cancelled, says.voided(2), says.committed(2)]],
    [['cancelled-was-sent'], [...cancelled, says.voided(2), says.released(2), says.dispatched(2)]],
    [['cancelled-holds-authorization'], [...cancelled, says.released(2)]],
    [['cancelled-keeps-money'], [...cancelled, says.released(2), says.captured()(2)]],
    [['cancelled-keeps-money'], [...cancelled, says.released(2), says.captured()(2), says.refunded(4999)(3)]],
    [['confirmed-without-stock'], [says.authorized()(1), says.confirmed(3)]],
    [['confirmed-without-stock'], [...confirmed, says.released(2)]],
    [['confirmed-without-payment'], [...begun, says.confirmed(3)]],
    [['confirmed-without-payment'], [...confirmed, says.voided(2)]],
    [['sent-holds-stock', 'sent-not-captured'], sent],
    [['sent-not-captured'], [...sent, says.committed(2)]],
    [['sent-not-captured'], [...confirmed, says.returnReceived(1)(4), says.committed(2)]],
    [['sent-holds-stock'], [...sent, says.captured()(2)]],
    [['committed-unconfirmed'], [says.committed(2)]],
    [['committed-unconfirmed'], [...begun, says.committed(2)]],
    [['captured-unknown-order'], [says.authorized()(1), says.captured()(2)]],
    [['captured-not-total'], [...sent, says.committed(2), says.captured(4999)(2)]],
    [['captured-not-total'], [...sent, says.committed(2), says.captured()(2), says.captured()(3)]],
    [['authorized-not-total'], [...begun, says.authorized(5001)(1), says.confirmed(3)]],
    [['refunded-over-captured'], [...sent, says.committed(2), says.captured()(2), says.refunded(5001)(3)]],
    [
      ['returned-not-refunded'],
      [...sent, says.committed(2), says.captured()(2), says.returnReceived(900)(4), says.refunded(899)(3)],
    ],
  ]
  for (const [expected, events] of cases)
    test(`${expected.join(', ')} after ${events
      .slice(-3)
      .map(({ type }) => type)
      .join(', ')}`, () => {
      assert.deepEqual(driftsAfter(events), expected)
    })

  test('each has its case', () => {
    assert.deepEqual([...new Set(cases.flatMap(([names]) => names))].toSorted(), Drift.options.toSorted())
  })

  test('an unknown order whose payment was given back is nobody’s concern any more', () => {
    assert.deepEqual(driftsAfter([says.authorized()(1), says.captured()(2), says.refunded(5000)(3)]), [])
  })

  test('only money that is held for an order that does not live is undone', () => {
    const undoable = Drift.options.filter((drift) => holdsMoney([drift]))
    assert.deepEqual(undoable, ['cancelled-holds-authorization', 'cancelled-keeps-money', 'captured-unknown-order'])
    assert.equal(holdsMoney([]), false)
  })
})
