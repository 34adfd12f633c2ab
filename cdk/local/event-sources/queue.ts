/** Feeds a queue to a function: batches, partial failures, and a limit to how many run at once. */
import { createHash } from 'node:crypto'
import type { Clock, Timer } from '../clock.ts'
import type { Lambda } from '../lambda/lambda.ts'
import { systemAttributes } from '../sqs/attributes.ts'
import type { Message, Queue, Sqs } from '../sqs/sqs.ts'
import { type Json, type JsonObject, objectOf, parseObject, textOf } from '../template/json.ts'
import { type EventSource, itemFailures, type Mapping } from './event-source.ts'

const defaultConcurrency = 5
const throttleWaitMs = 200

const toRecord = (message: Message, queue: Queue, region: string): JsonObject => ({
  messageId: message.messageId,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, value]) => {
      const { StringValue, BinaryValue, DataType = 'String' } = objectOf(value)
      const content: JsonObject =
        StringValue === undefined ? { binaryValue: BinaryValue ?? '' } : { stringValue: StringValue }
      return [name, { ...content, stringListValues: [], binaryListValues: [], dataType: textOf(DataType) }]
    }),
  ),
  md5OfBody: createHash('md5').update(message.body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
})

/** A batch is a trace of its own, recorded when one of its messages' is; Lambda would link it to theirs. */
const traceHeaderOf = (messages: Message[]): string =>
  messages.some(({ traceHeader }) => traceHeader.includes('Sampled=1')) ? 'Sampled=1' : ''

/** A filter on `body` sees it parsed where it is a JSON object, else as text. */
const filterView = (record: JsonObject): Json => ({
  ...record,
  body: parseObject(textOf(record.body)) ?? record.body ?? '',
})

/** Feeds a queue's messages to a function, woken by each send, with a limit on how many batches run at once. */
export const startQueueSource = (
  mapping: Mapping,
  queue: Queue,
  {
    sqs,
    lambda,
    clock,
    region,
    log,
  }: {
    sqs: Sqs
    lambda: Lambda
    clock: Clock
    region: string
    log: (line: string) => void
  },
): EventSource => {
  const maximum = mapping.properties.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency
  let running = 0
  let stopped = false
  let gathering: Timer | undefined

  const invoke = async (messages: Message[], records: JsonObject[]): Promise<void> => {
    const giveUpAtMs = clock.now() + queue.visibilityTimeoutMs / 2
    const payload = JSON.stringify({ Records: records })
    const traceHeader = traceHeaderOf(messages)
    let result = await lambda.invoke(mapping.lambda.name, payload, traceHeader)
    while (result.kind === 'throttled' && clock.now() < giveUpAtMs && !stopped) {
      await new Promise<void>((resolve) => clock.after(throttleWaitMs, resolve))
      result = await lambda.invoke(mapping.lambda.name, payload, traceHeader)
    }
    if (stopped || result.kind === 'throttled' || result.functionError !== undefined) return
    const known = new Set(messages.map(({ messageId }) => messageId))
    const failed = mapping.reportsItemFailures ? itemFailures(result.payload, known) : []
    if (failed === 'all') return
    // What failed stays invisible until its time is up, then comes again.
    sqs.together(() => {
      for (const { messageId, receipt } of messages) if (!failed.includes(messageId)) sqs.remove(queue, receipt)
    })
  }

  const handle = async (messages: Message[]): Promise<void> => {
    const passed: Message[] = []
    const records: JsonObject[] = []
    for (const message of messages) {
      const record = toRecord(message, queue, region)
      if (mapping.passes(filterView(record))) {
        passed.push(message)
        records.push(record)
      } else sqs.remove(queue, message.receipt)
    }
    if (passed.length > 0) await invoke(passed, records)
  }

  const pull = (): void => {
    while (!stopped && gathering === undefined && running < maximum) {
      if (mapping.windowMs > 0) {
        const { visible } = sqs.counts(queue)
        if (visible === 0) return
        if (visible < mapping.batchSize) {
          gathering = clock.after(mapping.windowMs, takeGathered)
          return
        }
      }
      if (!takeOne()) return
    }
  }

  const takeGathered = (): void => {
    gathering = undefined
    takeOne()
    pull()
  }

  const takeOne = (): boolean => {
    if (stopped) return false
    const messages = sqs.receive(queue, mapping.batchSize)
    if (messages.length === 0) return false
    running += 1
    handle(messages)
      .catch((error: Error) => {
        if (!stopped) log(`${mapping.lambda.name}: ${error.stack}`)
      })
      .finally(() => {
        running -= 1
        pull()
      })
    return true
  }

  sqs.releaseAll(queue)
  const stopWatching = sqs.onVisible(queue, pull)
  queueMicrotask(pull)
  return {
    name: `queue ${queue.name}`,
    isPending() {
      const { visible, inFlight, delayed } = sqs.counts(queue)
      return running > 0 || visible + inFlight + delayed > 0
    },
    isGathering() {
      const { inFlight, delayed } = sqs.counts(queue)
      return gathering !== undefined && running + inFlight + delayed === 0
    },
    hurry() {
      if (gathering === undefined) return
      gathering.cancel()
      takeGathered()
    },
    stop() {
      stopped = true
      stopWatching()
    },
  }
}
