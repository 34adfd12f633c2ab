/** Feeds a table's stream to a function: in order, one batch at a time, until it passes or is given up. */
import type { Clock } from '../clock.ts'
import { type StreamReader, sequenceNumberOf } from '../dynamodb/stream.ts'
import type { Lambda } from '../lambda/lambda.ts'
import type { Queue, Sqs } from '../sqs/sqs.ts'
import { type JsonObject, numberOf, objectOf } from '../template/json.ts'
import { type EventSource, itemFailures, type Mapping } from './event-source.ts'

const firstRetryMs = 100
const longestRetryMs = 30_000
// A page ends at 1 MB even where more records wait.
const likelyCutBytes = 256 * 1024

type Batch = { records: JsonObject[]; failures: number }

const createdAtMs = (record: JsonObject): number =>
  numberOf(objectOf(record.dynamodb).ApproximateCreationDateTime, 0) * 1000

const sizeOf = (record: JsonObject): number => numberOf(objectOf(record.dynamodb).SizeBytes, 0)

/** Records of one item always share a lane, so that they stay in order. */
const intoLanes = (records: JsonObject[], count: number): JsonObject[][] => {
  const lanes: JsonObject[][] = Array.from({ length: count }, () => [])
  for (const record of records) {
    const keys = JSON.stringify(Object.entries(objectOf(objectOf(record.dynamodb).Keys)).sort())
    let hash = 0
    for (let index = 0; index < keys.length; index++) hash = (hash * 31 + keys.charCodeAt(index)) | 0
    lanes[Math.abs(hash) % count]?.push(record)
  }
  return lanes.filter((lane) => lane.length > 0)
}

export type StreamSourceDependencies = {
  reader: StreamReader
  onFailure: Queue | undefined
  sqs: Sqs
  lambda: Lambda
  clock: Clock
  log: (line: string) => void
}

/** Feeds a table's stream to a function: in order, batch by batch, blocked by a batch that fails until it is given up. */
export const startStreamSource = (
  mapping: Mapping,
  dependencies: StreamSourceDependencies,
): EventSource & { wake(): void } => {
  const { reader, onFailure, sqs, lambda, clock, log } = dependencies
  const { BisectBatchOnFunctionError: bisects, MaximumRetryAttempts: maxRetries, ...properties } = mapping.properties
  const maxAgeMs = properties.MaximumRecordAgeInSeconds * 1000
  const laneCount = properties.ParallelizationFactor
  let running = false
  let dirty = false
  let stopped = false
  const waits = new Set<() => void>()
  let endWindow: (() => void) | undefined
  // The engine dates records by real time; their age from then on goes by the clock.
  const bornAtMs = new WeakMap<JsonObject, number>()

  /** @returns what ends the wait early */
  const startWait = (delayMs: number, then: () => void): (() => void) => {
    const timer = clock.after(delayMs, () => release())
    const release = (): void => {
      waits.delete(release)
      timer.cancel()
      then()
    }
    waits.add(release)
    return release
  }

  const wait = (delayMs: number): Promise<void> => new Promise((resolve) => void startWait(delayMs, resolve))

  const gather = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      endWindow = startWait(mapping.windowMs, resolve)
    })
    endWindow = undefined
  }

  /** Skips records for good, leaving word in the mapping's on-failure queue. */
  const giveUp = ({ records, failures }: Batch, condition: string, requestId: string): void => {
    const [first, last] = [records[0], records.at(-1)]
    if (first === undefined || last === undefined) return
    log(`${mapping.lambda.name}: gave up ${records.length} stream record(s) (${condition})`)
    if (onFailure === undefined) return
    const arrival = (record: JsonObject) => new Date(createdAtMs(record)).toISOString()
    const responseContext = { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' }
    const body = {
      requestContext: { requestId, functionArn: mapping.lambda.arn, condition, approximateInvokeCount: failures },
      ...(failures > 0 ? { responseContext } : {}),
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: reader.shardId(),
        startSequenceNumber: sequenceNumberOf(first),
        endSequenceNumber: sequenceNumberOf(last),
        approximateArrivalOfFirstRecord: arrival(first),
        approximateArrivalOfLastRecord: arrival(last),
        batchSize: records.length,
        streamArn: mapping.sourceArn,
      },
    }
    sqs.send(onFailure, { body: JSON.stringify(body), sender: 'lambda.amazonaws.com' })
  }

  /** The index of the first record that failed; the batch's length when none did. */
  const attempt = async (records: JsonObject[]): Promise<{ firstFailed: number; requestId: string }> => {
    const result = await lambda.invoke(mapping.lambda.name, JSON.stringify({ Records: records }))
    const { requestId } = result
    if (result.kind === 'throttled' || result.functionError !== undefined) return { firstFailed: 0, requestId }
    if (!mapping.reportsItemFailures) return { firstFailed: records.length, requestId }
    const numbers = records.map(sequenceNumberOf)
    const failed = itemFailures(result.payload, new Set(numbers))
    if (failed === 'all') return { firstFailed: 0, requestId }
    const firstFailed = Math.min(records.length, ...failed.map((number) => numbers.indexOf(number)))
    return { firstFailed, requestId }
  }

  /** Runs one batch to its end: every record is processed or given up, or the mapping has stopped. */
  const work = async (first: Batch): Promise<void> => {
    const todo = [first]
    for (let batch = todo.pop(); batch !== undefined && !stopped; batch = todo.pop()) {
      const { records, failures } = batch
      const old = maxAgeMs < 0 ? [] : records.filter((record) => clock.now() - (bornAtMs.get(record) ?? 0) > maxAgeMs)
      if (old.length > 0) {
        giveUp({ records: old, failures }, 'RecordAgeExceeded', '')
        todo.push({ records: records.filter((record) => !old.includes(record)), failures })
        continue
      }
      if (records.length === 0) continue
      const { firstFailed, requestId } = await attempt(records)
      if (stopped || firstFailed === records.length) continue
      const rest = records.slice(firstFailed)
      // Progress starts the count of attempts anew; splitting is no attempt of its own.
      const failed = { records: rest, failures: (firstFailed > 0 ? 0 : failures) + 1 }
      if (firstFailed === 0 && bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2)
        todo.push({ records: rest.slice(middle), failures }, { records: rest.slice(0, middle), failures })
        continue
      }
      if (maxRetries >= 0 && failed.failures > maxRetries) {
        giveUp(failed, 'RetryAttemptsExhausted', requestId)
        continue
      }
      todo.push(failed)
      await wait(Math.min(firstRetryMs * 2 ** (failed.failures - 1), longestRetryMs))
    }
  }

  const workLane = async (records: JsonObject[]): Promise<void> => {
    for (let start = 0; start < records.length && !stopped; start += mapping.batchSize)
      await work({ records: records.slice(start, start + mapping.batchSize), failures: 0 })
  }

  /** Handles one page. True where more may stand behind it: every write wakes, so a page that is not full is the last. */
  const round = async (): Promise<boolean> => {
    const limit = mapping.batchSize * laneCount
    const records = await reader.read(limit)
    for (const record of records) bornAtMs.set(record, clock.now() - (Date.now() - createdAtMs(record)))
    if (records.length === 0) return false
    if (mapping.windowMs > 0 && records.length < mapping.batchSize) await gather()
    const passed = records.filter((record) => mapping.passes(record))
    await Promise.all(intoLanes(passed, laneCount).map(workLane))
    // Only now: after a crash everything since the last checkpoint comes again.
    if (!stopped) reader.checkpoint(records)
    return records.length === limit || records.reduce((bytes, record) => bytes + sizeOf(record), 0) > likelyCutBytes
  }

  const run = async (): Promise<void> => {
    running = true
    try {
      do {
        dirty = false
        while (!stopped && (await round()));
      } while (dirty && !stopped)
    } catch (error) {
      if (stopped) return
      log(`${mapping.lambda.name}: its stream could not be read: ${(error as Error).message}`)
      await wait(1_000)
      dirty = true
    } finally {
      running = false
      if (dirty && !stopped) void run()
    }
  }

  const wake = (): void => {
    if (running) dirty = true
    else if (!stopped) void run()
  }
  wake()

  return {
    name: `stream of ${mapping.lambda.name}`,
    wake,
    isPending: () => running || dirty,
    isGathering: () => endWindow !== undefined,
    hurry: () => endWindow?.(),
    stop() {
      stopped = true
      for (const release of waits) release()
    },
  }
}
