/** What the command prints: an overview, and messages in full. */
import { styled } from '../command-line/console.ts'
import type { Access } from './access.ts'
import { lastErrors, logCommand } from './logs.ts'
import { type DeadLetter, describe, eventIdOf } from './messages.ts'
import { type DeadLetterQueue, look } from './queues.ts'

/** Reasons are read from so many messages of a queue at most: looking at one costs a request to SQS. */
const sampleSize = 50

const ageOf = (sentAtMs: number): string => {
  const minutes = Math.max(0, Math.round((Date.now() - sentAtMs) / 60_000))
  if (minutes < 120) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} days`
}

/** How often each reason occurs, the most frequent first. */
const tally = (reasons: readonly string[]): [string, number][] => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])
}

/** What a task failed on stands in its log only; of the others, the message says it. */
const errorsOf = (access: Access, { kind, functionName }: DeadLetterQueue): ReadonlyMap<string, string> =>
  kind === 'task' ? lastErrors(access, functionName) : new Map()

const longestReason = 140

const inShort = (reason: string): string =>
  reason.length > longestReason ? `${reason.slice(0, longestReason - 1)}…` : reason

const printQueue = async (access: Access, queue: DeadLetterQueue): Promise<void> => {
  const messages = await look(access, queue, sampleSize)
  const errors = errorsOf(access, queue)
  const oldest = messages[0] ? `oldest ${ageOf(messages[0].sentAtMs)}` : 'in use just now'
  const count = queue.depth === 1 ? '1 message' : `${queue.depth} messages`
  console.log(`\n${styled('bold', queue.name)}  ${styled('red', count)}  ${styled('dim', oldest)}`)
  for (const [reason, times] of tally(messages.map((message) => describe(message, errors.get(message.id)).reason)))
    console.log(`  ${times > 1 ? styled('yellow', `${times} × `) : ''}${inShort(reason)}`)
  if (messages.length < queue.depth && messages.length > 0)
    console.log(styled('dim', `  (reasons and age of ${messages.length} of them)`))
}

export const printList = async (access: Access, queues: readonly DeadLetterQueue[]): Promise<void> => {
  const filled = queues.filter(({ depth }) => depth > 0)
  if (filled.length === 0) {
    console.log(
      `${styled('green', '✓')} no dead letters in ${access.shop}  ${styled('dim', `${queues.length} queues`)}`,
    )
    return
  }
  console.log(`${styled('red', '✗')} dead letters in ${access.shop}`)
  for (const queue of filled) await printQueue(access, queue)
  const [first] = filled
  console.log(styled('dim', `\nlook: show ${first?.name}   when the cause is mended: redrive ${first?.name}`))
}

const inFull = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

const printMessage = (
  access: Access,
  { functionName, kind }: DeadLetterQueue,
  message: DeadLetter,
  lastError: string | undefined,
): void => {
  const { reason, what, orderId, traceparent } = describe(message, lastError)
  const row = (name: string, value: string | undefined) => {
    if (value) console.log(`  ${styled('dim', name.padEnd(7))} ${value}`)
  }
  console.log(styled('bold', message.id))
  row('what', what)
  row('reason', reason)
  row('sent', `${new Date(message.sentAtMs).toISOString()} (${ageOf(message.sentAtMs)} ago)`)
  row('order', orderId)
  row('trace', traceparent)
  const logged = kind === 'task' ? message.id : kind === 'consumer' ? eventIdOf(message) : undefined
  if (logged) row('log', logCommand(access, functionName, logged))
  for (const [name, value] of Object.entries(message.attributes)) row(name, value)
  console.log(`${inFull(message.body)}\n`)
}

/** Messages in full, with what helps to find their like in the logs. */
export const printMessages = (access: Access, queue: DeadLetterQueue, messages: readonly DeadLetter[]): void => {
  const errors = errorsOf(access, queue)
  for (const message of messages) printMessage(access, queue, message, errors.get(message.id))
}
