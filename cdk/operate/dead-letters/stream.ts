/** A relay's failed batch once more: its records are read from the stream again and handed to the relay. */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import * as z from 'zod/mini'
import type { Access } from './access.ts'
import { CannotError } from './cannot-error.ts'
import { invoke } from './invoke.ts'
import type { StreamBatch } from './messages.ts'

/** Lambda takes 6 MB; the mapping itself hands over as many records. */
const limits = { records: 100, bytes: 4 * 1024 * 1024, emptyPages: 100 } as const

const lost = ({
  approximateArrivalOfFirstRecord: first,
  approximateArrivalOfLastRecord: last,
  batchSize,
}: StreamBatch) =>
  new CannotError(
    `the stream no longer holds these ${batchSize} record(s), written between ${first} and ${last}: it keeps them for 24 hours`,
    'the writes are kept, their events were not published: npm run reconcile says which orders hang; carry those on by hand, then drop the message',
  )

const sequenceOf = ({ dynamodb }: StreamRecord): bigint => BigInt(dynamodb?.SequenceNumber ?? '0')

const pagesFrom = async function* ({ streams }: Access, batch: StreamBatch): AsyncGenerator<StreamRecord[]> {
  const { ShardIterator: first } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: batch.streamArn,
      ShardId: batch.shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: batch.startSequenceNumber,
    }),
  )
  let iterator = first
  for (let empty = 0; iterator !== undefined && empty < limits.emptyPages; ) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }))
    const records: StreamRecord[] = page.Records ?? []
    if (records.length > 0) yield records
    empty = records.length === 0 ? empty + 1 : 0
    iterator = page.NextShardIterator
  }
}

/** Everything between the batch's first and last record. @throws CannotError when the stream has lost the first */
const readBatch = async (access: Access, batch: StreamBatch): Promise<StreamRecord[]> => {
  const [start, end] = [BigInt(batch.startSequenceNumber), BigInt(batch.endSequenceNumber)]
  const records: StreamRecord[] = []
  try {
    for await (const page of pagesFrom(access, batch)) {
      records.push(...page.filter((record) => sequenceOf(record) <= end))
      if (page.some((record) => sequenceOf(record) >= end)) break
    }
  } catch (error) {
    if (error instanceof Error && /^(TrimmedDataAccess|ResourceNotFound)Exception$/.test(error.name)) throw lost(batch)
    throw error
  }
  if (!records[0] || sequenceOf(records[0]) !== start) throw lost(batch)
  return records
}

/** What the mapping's filter lets through: records whose write has something to publish. */
const hasOutbox = ({ dynamodb }: StreamRecord): boolean => dynamodb?.NewImage?.outboxVersion?.N !== undefined

/** As Lambda hands it over: times are seconds, bytes are base64. */
const forLambda = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(forLambda)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, forLambda(content)]))
}

const intoPortions = (records: readonly string[]): string[][] => {
  const portions: string[][] = []
  let bytes = 0
  for (const record of records) {
    const last = portions.at(-1)
    bytes += Buffer.byteLength(record)
    if (last && last.length < limits.records && bytes <= limits.bytes) last.push(record)
    else {
      portions.push([record])
      bytes = Buffer.byteLength(record)
    }
  }
  return portions
}

const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) })

/**
 * Publishes a batch's events after all, in order; consumers take what comes twice.
 * @returns how many records were handed to the relay
 * @throws CannotError when the stream has lost them; Error when the relay fails again
 */
export const relayAgain = async (access: Access, functionName: string, batch: StreamBatch): Promise<number> => {
  const records = (await readBatch(access, batch)).filter(hasOutbox)
  const events = records.map((record) => JSON.stringify(forLambda({ ...record, eventSourceARN: batch.streamArn })))
  for (const portion of intoPortions(events)) {
    const answer = Answer.parse(await invoke(access, functionName, `{"Records":[${portion.join(',')}]}`))
    const [failed] = answer.batchItemFailures
    if (failed) throw new Error(`${functionName} still cannot publish record ${failed.itemIdentifier}`)
  }
  return records.length
}
