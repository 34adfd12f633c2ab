import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { logger } from '../../shared/runtime/observability.ts'
import { eventsOf, type PutEvents, relayLimits, relayRecords } from '../../shared/runtime/relay.ts'

logger.setLogLevel('SILENT')

const eventOf = (id: string, more: object = {}) => ({
  id,
  type: 'thing.happened',
  schemaVersion: 1,
  time: '2026-11-21T00:00:00.000Z',
  aggregateId: 'thing',
  traceparent: '00-1-2-01',
  data: { id },
  ...more,
})

const recordOf = (sequenceNumber: string, image: object): DynamoDBRecord => ({
  dynamodb: {
    SequenceNumber: sequenceNumber,
    NewImage: marshall(image) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'] & object,
  },
})

const written = (sequenceNumber: string, ids: string[], version = 1) =>
  recordOf(sequenceNumber, {
    version,
    sequence: ids.length,
    outboxVersion: version,
    outbox: ids.map((id) => eventOf(id)),
  })

/** A bus that refuses the entries it is told to, as often as it is told to. */
const busThatRefuses = (refusals: Record<string, number>) => {
  const [calls, taken]: [string[][], string[]] = [[], []]
  const put: PutEvents = async (entries) => {
    const ids = entries.map(({ Detail }) => String(JSON.parse(Detail ?? '{}').id))
    calls.push(ids)
    return {
      Entries: ids.map((id) => {
        if ((refusals[id] ?? 0) > 0) {
          refusals[id] = (refusals[id] ?? 0) - 1
          return { ErrorCode: 'ThrottlingException' }
        }
        taken.push(id)
        return {}
      }),
    }
  }
  return { put, calls, taken }
}

const relay = (records: DynamoDBRecord[], put: PutEvents, givenUp: string[] = []) =>
  relayRecords(records, {
    put,
    giveUp: async ({ event }) => void givenUp.push(event.id),
    source: 'shop.test',
    bus: 'bus',
    sleep: async () => undefined,
    random: () => 0.5,
  })

describe('the relay', () => {
  test('mistake 2: tries again what PutEvents refused, and only that', async () => {
    const bus = busThatRefuses({ b: 2 })
    const answer = await relay([written('1', ['a', 'b', 'c'])], bus.put)
    assert.deepEqual(answer, { batchItemFailures: [] })
    assert.deepEqual(bus.calls, [['a', 'b', 'c'], ['b'], ['b']])
  })

  test('mistake 2: what stays refused is delivered again from there, not lost', async () => {
    const bus = busThatRefuses({ b: 99 })
    const answer = await relay([written('1', ['a']), written('2', ['b']), written('3', ['c'])], bus.put)
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: '2' }] })
  })

  test('mistake 2: of several that stay refused, the first is where the stream goes on from', async () => {
    const bus = busThatRefuses({ b: 99, d: 99 })
    const batch = [written('1', ['a']), written('2', ['b']), written('3', ['c']), written('4', ['d', 'e'])]
    assert.deepEqual(await relay(batch, bus.put), { batchItemFailures: [{ itemIdentifier: '2' }] })
    assert.deepEqual(bus.taken, ['a', 'c', 'e'])
  })

  test('an event that no call takes is given up at once, and holds up none of the others', async () => {
    const bus = busThatRefuses({})
    const outbox = [
      eventOf('a'),
      eventOf('huge', { data: { text: 'é'.repeat(relayLimits.bytesPerCall / 2) } }),
      eventOf('b'),
    ]
    const givenUp: string[] = []
    const record = recordOf('1', { version: 1, sequence: 3, outboxVersion: 1, outbox })
    assert.deepEqual(await relay([record, written('2', ['c'])], bus.put, givenUp), { batchItemFailures: [] })
    assert.deepEqual(givenUp, ['huge'])
    assert.deepEqual(bus.taken, ['a', 'b', 'c'])
  })

  test('publishes at most ten at a time, in the order in which they were written', async () => {
    const bus = busThatRefuses({})
    const ids = Array.from({ length: 25 }, (_, index) => `e${index}`)
    await relay(
      ids.map((id, index) => written(String(index), [id])),
      bus.put,
    )
    assert.deepEqual(
      bus.calls.map(({ length }) => length),
      [10, 10, 5],
    )
    assert.deepEqual(bus.taken, ids)
  })

  test('sends no more at a time than PutEvents takes: 256 KB', async () => {
    const calls: number[] = []
    const large = (sequenceNumber: string) =>
      recordOf(sequenceNumber, {
        version: 1,
        sequence: 1,
        outboxVersion: 1,
        outbox: [eventOf(sequenceNumber, { data: { id: sequenceNumber, text: 'ö'.repeat(20_000) } })],
      })
    await relay(['1', '2', '3', '4', '5', '6', '7'].map(large), async (entries) => {
      calls.push(entries.reduce((sum, { Detail = '' }) => sum + Buffer.byteLength(Detail), 0))
      return { Entries: entries.map(() => ({})) }
    })
    assert.equal(calls.length, 2)
    for (const bytes of calls) assert.ok(bytes < 256 * 1024, `${bytes} bytes`)
  })

  test('a bus that cannot be reached fails the whole batch, so the stream keeps it', async () => {
    await assert.rejects(
      relay([written('1', ['a'])], async () => Promise.reject(new Error('away'))),
      /away/,
    )
  })

  test('an event goes on in the trace of the request that caused it, recorded if that was', () => {
    const traceparent = (flags: string) => `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`
    const outbox = [
      eventOf('a', { traceparent: traceparent('01') }),
      eventOf('b', { traceparent: traceparent('00') }),
      eventOf('c'),
    ]
    const image = { version: 1, sequence: 3, outboxVersion: 1, outbox }
    assert.deepEqual(
      eventsOf(recordOf('1', image), 'shop.test', 'bus').map(({ entry }) => entry.TraceHeader),
      [
        'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1',
        'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=0',
        undefined,
      ],
    )
  })

  test('a later write that publishes nothing repeats nothing', () => {
    const image = { version: 3, sequence: 1, outboxVersion: 2, outbox: [eventOf('a')] }
    assert.deepEqual(eventsOf(recordOf('1', image), 'shop.test', 'bus'), [])
    assert.deepEqual(eventsOf(recordOf('1', { version: 1 }), 'shop.test', 'bus'), [])
    assert.deepEqual(eventsOf({ dynamodb: { SequenceNumber: '1' } }, 'shop.test', 'bus'), [])
  })

  test('E3: numbers an aggregate’s events without gaps, and adds what only the table knew', () => {
    const image = {
      version: 7,
      sequence: 12,
      outboxVersion: 7,
      available: 4,
      outbox: [eventOf('a', { copy: ['available'] }), eventOf('b')],
    }
    const details = eventsOf(recordOf('1', image), 'shop.test', 'bus').map(({ entry }) =>
      JSON.parse(entry.Detail ?? '{}'),
    )
    assert.deepEqual(
      details.map(({ sequence, data }) => [sequence, data]),
      [
        [11, { id: 'a', available: 4 }],
        [12, { id: 'b' }],
      ],
    )
    assert.ok(details.every((detail) => !('copy' in detail)))
  })
})
