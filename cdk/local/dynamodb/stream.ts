/** Reads a table's stream from where its reader last stood, so that a restart loses and repeats as little as on AWS. */
import { createHash } from 'node:crypto'
import type { State } from '../state/state.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../template/json.ts'
import type { Dynamodb } from './dynamodb.ts'
import { type Engine, operationPrefix } from './engine.ts'
import type { Table } from './tables.ts'

/** Reads one table's stream on behalf of one mapping, from where that mapping last stood. */
export type StreamReader = {
  /** The next records, oldest first; empty at the stream's end. */
  read(limit: number): Promise<JsonObject[]>
  /** Notes that everything up to the last of `records` is done; survives the end of the process. */
  checkpoint(records: JsonObject[]): void
  shardId(): string
}

export const streams = 'DynamoDBStreams_20120810.'
const maxRecords = 1000
// AWS's sequence numbers are long; the engine's count from 1. Both ways must keep the order, also as text.
const sequenceOffset = 10n ** 20n

/** A sequence number as AWS writes them, from the engine's; one that is so already stays. */
export const toPublic = (sequenceNumber: string): string =>
  sequenceNumber.length < 20 ? String(sequenceOffset + BigInt(sequenceNumber)) : sequenceNumber

/** The way back. */
export const toEngine = (sequenceNumber: string): string =>
  sequenceNumber.length === 21 && sequenceNumber.startsWith('1')
    ? String(BigInt(sequenceNumber) - sequenceOffset)
    : sequenceNumber

export const sequenceNumberOf = (record: JsonObject): string => textOf(objectOf(record.dynamodb).SequenceNumber)

export type StreamStart = { mapping: string; table: Table; startingPosition: string; region: string }

/** Opens the table's stream. Its starting position counts only where the mapping has never read before. */
export const openStream = async (
  { mapping, table, startingPosition, region }: StreamStart,
  engine: Engine,
  state: State,
  dynamodb: Dynamodb,
): Promise<StreamReader> => {
  const described = await engine.call(`${operationPrefix}DescribeTable`, { TableName: table.name })
  const StreamArn = textOf(objectOf(described.Table).LatestStreamArn)
  // A table made anew has a stream of its own, and nothing of the old one's position holds for it.
  const key = `${mapping} ${StreamArn}`
  const { database } = state
  const saved = database.prepare('select sequence_number from stream_position where mapping = ?')
  const save = database.prepare('insert or replace into stream_position (mapping, sequence_number) values (?, ?)')
  let position = textOf(saved.get(key)?.sequence_number?.toString())
  let shardId = ''
  let iterator: string | undefined

  const shards = async (): Promise<string[]> => {
    const { StreamDescription } = await engine.call(`${streams}DescribeStream`, { StreamArn })
    return listOf(objectOf(StreamDescription).Shards).map((shard) => textOf(objectOf(shard).ShardId))
  }

  const iteratorFor = async (ShardId: string, after: string): Promise<string> => {
    const where: JsonObject =
      after === ''
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }
    const { ShardIterator } = await engine.call(`${streams}GetShardIterator`, { StreamArn, ShardId, ...where })
    return textOf(ShardIterator)
  }

  /** Opens the oldest shard that still knows the position; the first one where none does. */
  const open = async (): Promise<string> => {
    const known = await shards()
    for (const shard of position === '' ? [] : known) {
      try {
        const opened = await iteratorFor(shard, toEngine(position))
        shardId = shard
        return opened
      } catch {
        // The position is another shard's, or too old.
      }
    }
    shardId = known[0] ?? ''
    return iteratorFor(shardId, '')
  }

  const nextShard = async (): Promise<string | undefined> => {
    const known = await shards()
    const next = known[known.indexOf(shardId) + 1]
    if (next === undefined) return undefined
    shardId = next
    return iteratorFor(next, '')
  }

  const toRecord = (record: JsonObject): JsonObject => {
    const change = objectOf(record.dynamodb)
    const sequenceNumber = toPublic(textOf(change.SequenceNumber))
    const byService = record.eventName === 'REMOVE' && dynamodb.tookExpired(table.name, change.Keys ?? null)
    return {
      ...record,
      eventID: createHash('md5').update(`${table.streamArn} ${sequenceNumber}`).digest('hex'),
      awsRegion: region,
      dynamodb: { ...change, SequenceNumber: sequenceNumber },
      eventSourceARN: table.streamArn,
      ...(byService ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } } : {}),
    }
  }

  const read = async (limit: number): Promise<JsonObject[]> => {
    iterator ??= await open()
    const page = await engine.call(`${streams}GetRecords`, {
      ShardIterator: iterator,
      Limit: Math.min(limit, maxRecords),
    })
    const records = listOf(page.Records).map((record) => toRecord(objectOf(record)))
    iterator = textOf(page.NextShardIterator) || undefined
    if (iterator !== undefined) return records
    iterator = await nextShard()
    return iterator === undefined || records.length === limit
      ? records
      : [...records, ...(await read(limit - records.length))]
  }

  const checkpoint = (records: JsonObject[]): void => {
    const last = records.at(-1)
    if (last === undefined) return
    position = sequenceNumberOf(last)
    save.run(key, position)
  }

  if (position === '' && startingPosition === 'LATEST') {
    for (let records = await read(maxRecords); records.length > 0; records = await read(maxRecords)) checkpoint(records)
  }
  return { read, checkpoint, shardId: () => shardId }
}
