/** Work that lies in a dead-letter queue is tried once more. Nothing is deleted before that has succeeded. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { asError } from '../../../shared/runtime/errors.ts'
import type { Access } from './access.ts'
import { CannotError } from './cannot-error.ts'
import { invoke } from './invoke.ts'
import { type DeadLetter, eventOf, streamBatchOf } from './messages.ts'
import { type DeadLetterQueue, giveBack, remove, take } from './queues.ts'
import { handAgain } from './stream.ts'

export type Redriven = {
  /** Messages that are off the dead-letter queue now. */
  done: number
  /** Why the others are still there. */
  failures: Error[]
}

const moveLimitMs = 600_000
/** Nobody else may take a message while its work is done again: a batch may need many pages and invocations. */
const holdSeconds = 900

const arnOf = async ({ sqs }: Access, url: string): Promise<string> => {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] })
  return (await sqs.send(command)).Attributes?.QueueArn ?? ''
}

/**
 * SQS moves the messages itself. The destination is named, since of those that a rule put into the dead-letter queue
 * SQS does not know where they come from.
 */
const moveBack = async (access: Access, queue: DeadLetterQueue, sourceUrl: string): Promise<Redriven> => {
  const { sqs } = access
  const DestinationArn = await arnOf(access, sourceUrl)
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queue.arn, DestinationArn }))
  for (const until = Date.now() + moveLimitMs; Date.now() < until; await sleep(1_000)) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: 1 }))
    const [task] = Results
    const done = Number(task?.ApproximateNumberOfMessagesMoved ?? 0)
    if (task?.Status === 'COMPLETED') return { done, failures: [] }
    if (task?.Status === 'FAILED' || task?.Status === 'CANCELLED')
      return { done, failures: [new Error(`SQS stopped moving messages: ${task.FailureReason ?? task.Status}`)] }
  }
  throw new CannotError('SQS is still moving messages after ten minutes', 'it goes on by itself: list again later')
}

/** Oldest records first, so that the writes of one item keep their order. */
const readAgain = async (access: Access, queue: DeadLetterQueue): Promise<Redriven> => {
  const messages = await take(access, queue, { limit: queue.depth, seconds: holdSeconds })
  const outcome: Redriven = { done: 0, failures: [] }
  const batches = messages
    .map((message) => ({ message, batch: streamBatchOf(message) }))
    .toSorted((a, b) => Number(BigInt(a.batch?.startSequenceNumber ?? 0) - BigInt(b.batch?.startSequenceNumber ?? 0)))
  for (const { message, batch } of batches) {
    try {
      if (!batch) throw new CannotError(`message ${message.id} is not what a stream leaves`, 'look at it with show')
      await handAgain(access, queue.functionName, batch)
      await remove(access, queue, message)
      outcome.done += 1
    } catch (error) {
      outcome.failures.push(asError(error))
      await giveBack(access, queue, [message])
    }
  }
  return outcome
}

/** Side by side, as the bus would: consumers know no order. */
const eventsAtOnce = 10

const invokeAgain = async (access: Access, queue: DeadLetterQueue): Promise<Redriven> => {
  const messages = await take(access, queue, { limit: queue.depth, seconds: holdSeconds })
  const outcome: Redriven = { done: 0, failures: [] }
  const again = async (message: DeadLetter): Promise<void> => {
    try {
      const event = eventOf(message)
      if (event === undefined)
        throw new CannotError(`message ${message.id} is no event`, 'look at it with show, drop it')
      await invoke(access, queue.functionName, event)
      await remove(access, queue, message)
      outcome.done += 1
    } catch (error) {
      outcome.failures.push(asError(error))
      await giveBack(access, queue, [message])
    }
  }
  for (let from = 0; from < messages.length; from += eventsAtOnce)
    await Promise.all(messages.slice(from, from + eventsAtOnce).map(again))
  return outcome
}

/** One run makes up for all that did not happen: a scheduled function does whatever is due. */
const runOnce = async (access: Access, queue: DeadLetterQueue): Promise<Redriven> => {
  const messages = await take(access, queue, { limit: queue.depth, seconds: holdSeconds })
  if (messages.length === 0) return { done: 0, failures: [] }
  try {
    await invoke(access, queue.functionName, '{}')
  } catch (error) {
    await giveBack(access, queue, messages)
    return { done: 0, failures: [asError(error)] }
  }
  for (const message of messages) await remove(access, queue, message)
  return { done: messages.length, failures: [] }
}

/** Tries all messages of a dead-letter queue again. @throws Error when AWS refuses, before anything was changed */
export const redrive = (access: Access, queue: DeadLetterQueue): Promise<Redriven> => {
  if (queue.sourceUrl !== undefined) return moveBack(access, queue, queue.sourceUrl)
  if (queue.kind === 'consumer') return invokeAgain(access, queue)
  return queue.kind === 'stream' ? readAgain(access, queue) : runOnce(access, queue)
}

/** What `redrive` will do, for the person who has to agree. */
export const planOf = ({ kind, depth, functionName }: DeadLetterQueue): string => {
  const messages = depth === 1 ? '1 message' : `${depth} messages`
  if (kind === 'task') return `${messages} back to the queue of ${functionName}`
  if (kind === 'consumer') return `${messages}: run ${functionName} with each once more`
  if (kind === 'stream')
    return `${messages}: read their records from the stream again, and hand them to ${functionName}`
  return `${messages}: run ${functionName} once`
}
