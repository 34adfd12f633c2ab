/**
 * The relay: from a table's stream to the bus. Publishes each written outbox at least once, in order per item, and
 * answers with the first record that it could not publish, so that the stream goes on from there.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import middy from '@middy/core'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import * as z from 'zod/mini'
import { deadLettersVariable } from '../contract/task-queue.ts'
import { eventsApi } from './aws/events.ts'
import { queuesApi } from './aws/sqs.ts'
import { type Random, type Sleep, random as systemRandom, sleep as systemSleep } from './clock.ts'
import { logEvents } from './events-logged.ts'
import { lazy } from './lazy.ts'
import { correlationOf, logger, observe } from './observability.ts'
import { OutboxEvent } from './outbox.ts'
import { setting } from './settings.ts'
import { xrayHeaderOf } from './trace.ts'

const Image = z.looseObject({
  version: z.int(),
  sequence: z.int(),
  outboxVersion: z.int(),
  outbox: z.array(OutboxEvent),
})

/**
 * PutEvents takes at most 10 entries and 256 KB in all, of which a part stays free for what it counts besides the text; attempts
 * within one invocation, before the stream's own retries.
 */
export const relayLimits = { entriesPerCall: 10, bytesPerCall: 200 * 1024, attempts: 4 } as const

/** One event to publish, and the stream record that it came with. */
type Outgoing = { entry: PutEventsRequestEntry; sequenceNumber: string; event: OutboxEvent }

type Published = { Entries?: { ErrorCode?: string | undefined }[] | undefined }

/** An event that no call takes, and the sum of what it says: bytes. */
export type TooLarge = { event: OutboxEvent; bytes: number }

export type PutEvents = (entries: PutEventsRequestEntry[]) => Promise<Published>

/** As Lambda tells of an event that failed for good, but for its data, which would not fit there either. */
const letterOf = ({ event: { data: _, ...detail }, bytes }: TooLarge, source: string): string =>
  JSON.stringify({
    requestContext: { condition: 'EventTooLarge', approximateInvokeCount: 1 },
    requestPayload: { 'detail-type': detail.type, source, detail },
    responsePayload: {
      errorType: 'EventTooLarge',
      errorMessage: `${bytes} bytes; ${relayLimits.bytesPerCall} are the limit`,
    },
  })

/** The events that a record's write published: none when a later write left an older outbox standing. */
export const eventsOf = (record: DynamoDBRecord, source: string, bus: string): Outgoing[] => {
  const image = record.dynamodb?.NewImage
  const sequenceNumber = record.dynamodb?.SequenceNumber
  if (!image?.outbox || !sequenceNumber) return []
  const item = Image.parse(unmarshall(image as Record<string, AttributeValue>))
  if (item.outboxVersion !== item.version) return []
  return item.outbox.map(({ copy, ...event }, index) => {
    const copied = Object.fromEntries((copy ?? []).map((name) => [name, item[name]]))
    const sequence = item.sequence - item.outbox.length + 1 + index
    const traceHeader = xrayHeaderOf(event.traceparent)
    return {
      sequenceNumber,
      event,
      entry: {
        EventBusName: bus,
        Source: source,
        DetailType: event.type,
        Detail: JSON.stringify({ ...event, sequence, data: { ...event.data, ...copied } }),
        // That of the request which caused it, not of this invocation: EventBridge hands it to the queues.
        ...(traceHeader && { TraceHeader: traceHeader }),
      },
    }
  })
}

/** Publishes up to ten entries; those that failed are tried again, the others are not. Gives back what stayed unpublished. */
const publish = async (batch: Outgoing[], put: PutEvents, sleep: Sleep, random: Random): Promise<Outgoing[]> => {
  let left = batch
  for (let attempt = 1; left.length > 0 && attempt <= relayLimits.attempts; attempt += 1) {
    if (attempt > 1) await sleep(random() * 50 * 2 ** attempt)
    const answer = await put(left.map(({ entry }) => entry))
    left = left.filter((_, index) => answer.Entries?.[index]?.ErrorCode !== undefined || !answer.Entries?.[index])
  }
  return left
}

/** Each in the trace of the request that caused it: a batch holds what many requests have written. */
const loggedOf = ({ event }: Outgoing) => {
  const [, trace_id = '', span_id = ''] = event.traceparent.split('-')
  const { aggregateId } = event
  const about = correlationOf({ orderId: aggregateId, cartId: aggregateId }, event.data)
  return { event, fields: { trace_id, span_id, ...about } }
}

const logPublished = logEvents('published')

/** As PutEvents counts it: UTF-8 of what the entry says. */
const bytesOf = ({ entry }: Outgoing): number =>
  Buffer.byteLength(`${entry.Source}${entry.DetailType}${entry.Detail}${entry.TraceHeader ?? ''}`)

export type RelayParts = {
  put: PutEvents
  /** Takes what can never be published: to try it again would hold up all that comes after it. */
  giveUp: (tooLarge: TooLarge) => Promise<void>
  source: string
  bus: string
  sleep: Sleep
  random: Random
}

/** @returns the stream's partial batch response: the lowest sequence number that failed, from which it delivers again */
export const relayRecords = async (
  records: readonly DynamoDBRecord[],
  { put, giveUp, source, bus, sleep, random }: RelayParts,
): Promise<DynamoDBBatchResponse> => {
  let batch: Outgoing[] = []
  let bytes = 0
  const flush = async (): Promise<Outgoing | undefined> => {
    const left = await publish(batch, put, sleep, random)
    logPublished(batch.filter((each) => !left.includes(each)).map(loggedOf))
    batch = []
    bytes = 0
    return left[0]
  }
  const failedAt = (sequenceNumber: string): DynamoDBBatchResponse => {
    logger.error('events stay unpublished for now', { sequence_number: sequenceNumber })
    return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] }
  }
  for (const record of records) {
    for (const outgoing of eventsOf(record, source, bus)) {
      const size = bytesOf(outgoing)
      if (size > relayLimits.bytesPerCall) {
        await giveUp({ event: outgoing.event, bytes: size })
        continue
      }
      const isFull = batch.length === relayLimits.entriesPerCall || bytes + size > relayLimits.bytesPerCall
      const failed = isFull && batch.length > 0 ? await flush() : undefined
      if (failed) return failedAt(failed.sequenceNumber)
      batch.push(outgoing)
      bytes += size
    }
  }
  const failed = await flush()
  return failed ? failedAt(failed.sequenceNumber) : { batchItemFailures: [] }
}

/** The handler of every service's relay function. */
export const relay = () => {
  const bus = lazy(eventsApi)
  const queues = lazy(queuesApi)
  const source = () => `shop.${setting('SHOP_SERVICE')}`
  return middy((event: DynamoDBStreamEvent) =>
    relayRecords(event.Records, {
      put: (Entries) => bus()('PutEvents', { Entries }),
      async giveUp(tooLarge) {
        logger.error('an event is too large to be published', { event_id: tooLarge.event.id, bytes: tooLarge.bytes })
        await queues()('SendMessage', {
          QueueUrl: setting(deadLettersVariable),
          MessageBody: letterOf(tooLarge, source()),
        })
      },
      source: source(),
      bus: setting('EVENT_BUS_NAME'),
      sleep: systemSleep,
      random: systemRandom,
    }),
  ).use(observe())
}
