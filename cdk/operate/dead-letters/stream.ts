/** A stream reader's failed batch once more: its records are read from the stream again and handed to the function. */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import * as z from 'zod/mini'
import { services } from '../../../functions/services.ts'
import { kebab } from '../../../shared/contract/endpoint.ts'
import type { Access } from './access.ts'
import { CannotError } from './cannot-error.ts'
import { invoke } from './invoke.ts'
import type { StreamBatch } from './messages.ts'

/** Lambda takes 6 MB; the mapping itself hands over as many records. */
const limits = { records: 100, bytes: 4 * 1024 * 1024, emptyPages: 100 } as const

/** What a function reads of its table's stream, and what is to be done where the stream has lost it. */
type Reader = { passes: (record: StreamRecord) => boolean; nextStep: string }

/** The relay reads records whose write has something to publish. */
const relayReader: Reader = {
  passes: ({ dynamodb }) => dynamodb?.NewImage?.outboxVersion?.N !== undefined,
  nextStep:
    'the writes are kept, their events were not published: npm run reconcile says which orders hang; carry those on by hand, then drop the message',
}

/** By the ends of their functions' names: `catalog-index-products`. */
const projectionReaders: ReadonlyMap<string, Reader> = new Map(
  services.flatMap((service) =>
    Object.entries(service.projections ?? {}).map(([key, { of }]): [string, Reader] => [
      `-${service.name}-${kebab(key)}`,
      {
        passes: ({ dynamodb }) => dynamodb?.Keys?.sk?.S === of,
        nextStep:
          'the writes are kept, the view does not show them: rebuild it (search: npm run rebuild-search), then drop the message',
      },
    ]),
  ),
)

/** Undefined where the function reads no stream. */
export const streamReaderNamed = (functionName: string): Reader | undefined =>
  functionName.endsWith('-relay')
    ? relayReader
    : [...projectionReaders].find(([end]) => functionName.endsWith(end))?.[1]

const lost = (
  { approximateArrivalOfFirstRecord: first, approximateArrivalOfLastRecord: last, batchSize }: StreamBatch,
  nextStep: string,
) =>
  new CannotError(
    `the stream no longer holds these ${batchSize} record(s), written between ${first} and ${last}: it keeps them for 24 hours`,
    nextStep,
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
const readBatch = async (access: Access, batch: StreamBatch, nextStep: string): Promise<StreamRecord[]> => {
  const [start, end] = [BigInt(batch.startSequenceNumber), BigInt(batch.endSequenceNumber)]
  const records: StreamRecord[] = []
  try {
    for await (const page of pagesFrom(access, batch)) {
      records.push(...page.filter((record) => sequenceOf(record) <= end))
      if (page.some((record) => sequenceOf(record) >= end)) break
    }
  } catch (error) {
    if (error instanceof Error && /^(TrimmedDataAccess|ResourceNotFound)Exception$/.test(error.name))
      throw lost(batch, nextStep)
    throw error
  }
  if (!records[0] || sequenceOf(records[0]) !== start) throw lost(batch, nextStep)
  return records
}

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
 * Has a function work a batch off after all, in order; it takes what comes twice.
 * @returns how many records were handed to it
 * @throws CannotError when the stream has lost them; Error when the function fails again
 */
export const handAgain = async (access: Access, functionName: string, batch: StreamBatch): Promise<number> => {
  const reader = streamReaderNamed(functionName)
  if (!reader) throw new Error(`${functionName} reads no stream`)
  const records = (await readBatch(access, batch, reader.nextStep)).filter(reader.passes)
  const events = records.map((record) => JSON.stringify(forLambda({ ...record, eventSourceARN: batch.streamArn })))
  for (const portion of intoPortions(events)) {
    const answer = Answer.parse(await invoke(access, functionName, `{"Records":[${portion.join(',')}]}`))
    const [failed] = answer.batchItemFailures
    if (failed) throw new Error(`${functionName} failed again at record ${failed.itemIdentifier}`)
  }
  return records.length
}
