/**
 * What waits for a function: events that Lambda keeps for consumers, one to an invocation, and the queues of tasks, by tens. Both
 * come late, twice, again after they were done, and lie dead after their last attempt.
 */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import {
  asyncAttempts,
  maxReceiveCount,
  type TaskDeclaration,
  visibilitySecondsOf,
} from '../../../../shared/contract/endpoint.ts'
import { createConsumerOutage } from '../faults/consumer-outage.ts'
import { longDelaysMs } from '../faults/faults.ts'
import { latencyMs } from '../faults/gate.ts'
import type { InvokeFunction, Outcome } from '../world/functions.ts'
import { services } from '../world/functions.ts'
import type { RunContext } from '../world/run-context.ts'

type Message = {
  /** What it tells, and which copy of it this is. */
  name: string
  body: string
  receives: number
}

type Queue = {
  /** That of the function it feeds: `orders/settle-order`. */
  name: string
  delayMs: number
  /** After which time a message comes again that has failed once, twice, …; after the last of them it lies dead. */
  retryDelaysMs: readonly number[]
  isBatched: boolean
  ready: Message[]
  isPolled: boolean
  dead: Message[]
}

export type Queues = {
  send(queue: string, name: string, body: string): void
  /** Puts all dead letters back, as an operator would. @returns how many */
  redrive(): number
  /** Messages that were worked off at least once. */
  done: ReadonlySet<string>
  deadLetters(): string[]
}

type Kept = Pick<Queue, 'delayMs' | 'retryDelaysMs' | 'isBatched'>

/** As Lambda tries what it was given asynchronously. */
const eventQueue: Kept = { delayMs: 0, retryDelaysMs: [60_000, 120_000].slice(0, asyncAttempts - 1), isBatched: false }

const taskQueue = (declaration: TaskDeclaration): Kept => ({
  delayMs: declaration.delaySeconds * 1000,
  retryDelaysMs: Array.from({ length: maxReceiveCount - 1 }, () => visibilitySecondsOf(declaration) * 1000),
  isBatched: true,
})

const failedOf = (outcome: Outcome, messages: readonly Message[], { isBatched }: Queue): readonly Message[] => {
  if (!outcome.ok) return messages
  if (!isBatched) return []
  const { batchItemFailures } = outcome.value as { batchItemFailures: { itemIdentifier: string }[] }
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return messages.filter(({ name }) => failed.has(name))
}

/**
 * Those of one run.
 * @param workedOff hears of each message at the moment when its function has done with it
 */
export const createQueues = (
  run: RunContext,
  invoke: InvokeFunction,
  workedOff: (queue: string, body: string) => void,
): Queues => {
  const queues = new Map<string, Queue>()
  const done = new Set<string>()
  /** How often a message of a name was sent: whoever sends it twice sends two messages, which know nothing of each other. */
  const sent = new Map<string, number>()
  const standsMs = createConsumerOutage(run)
  for (const service of services)
    for (const entry of entriesOf(service)) {
      const { kind, name } = entry
      if (kind !== 'consumer' && kind !== 'task') continue
      const common = { name: `${service.name}/${name}`, ready: [], isPolled: false, dead: [] }
      const kept = kind === 'task' ? taskQueue(entry.declaration) : eventQueue
      queues.set(common.name, { ...common, ...kept })
    }

  const show = (queue: Queue, message: Message, delayMs: number): void => {
    run.at(delayMs, () => {
      if (queue.isBatched) {
        queue.ready.push(message)
        poll(queue, message)
      } else hand(queue, [message], JSON.parse(message.body))
    })
  }
  const poll = (queue: Queue, { name, receives }: Message): void => {
    if (queue.isPolled) return
    queue.isPolled = true
    run.at(latencyMs(run, `poll ${queue.name} ${name} ${receives}`), () => {
      queue.isPolled = false
      deliver(queue)
    })
  }
  const deliver = (queue: Queue): void => {
    const messages = queue.ready.splice(0, 10)
    if (!messages[0]) return
    const Records = messages.map(({ name, body, receives }) => ({
      messageId: name,
      body,
      attributes: { ApproximateReceiveCount: String(receives + 1) },
    }))
    hand(queue, messages, { Records })
    if (queue.ready[0]) poll(queue, queue.ready[0])
  }
  const hand = (queue: Queue, messages: readonly Message[], event: unknown): void => {
    for (const message of messages) message.receives += 1
    run.tell(() => `${queue.name} <- ${messages.map(({ name }) => name).join(', ')}`)
    const invocation = `${queue.name} <- ${messages[0]?.name} ${messages[0]?.receives}`
    invoke(queue.name, invocation, event, (outcome) => settle(queue, messages, outcome))
  }
  const settle = (queue: Queue, messages: readonly Message[], outcome: Outcome): void => {
    const failed = failedOf(outcome, messages, queue)
    if (failed.length > 0) run.tell(() => `${queue.name} FAILED ${failed.map(({ name }) => name).join(', ')}`)
    for (const message of messages) {
      const againMs = queue.retryDelaysMs[message.receives - 1]
      if (!failed.includes(message)) {
        done.add(`${queue.name} ${message.body}`)
        workedOff(queue.name, message.body)
        const name = `${queue.name} ${message.name} ${message.receives}`
        // Done, but not acknowledged: it comes once more.
        if (run.fault('again', name)) show(queue, message, run.pick(`again ${name}`, longDelaysMs))
      } else if (againMs !== undefined) show(queue, message, againMs)
      else queue.dead.push(message)
    }
  }

  return {
    send(name, told, body) {
      const queue = queues.get(name)
      if (!queue) throw new Error(`there is no queue ${name}`)
      const times = (sent.get(`${name} ${told}`) ?? 0) + 1
      sent.set(`${name} ${told}`, times)
      const messageName = times > 1 ? `${told} (sent ${times} times)` : told
      const point = `${name} ${messageName}`
      const lateMs = run.fault('late', point) ? run.pick(`late ${point}`, longDelaysMs) : 0
      const delayMs = Math.max(lateMs, standsMs(name, point))
      show(queue, { name: messageName, body, receives: 0 }, queue.delayMs + delayMs + latencyMs(run, `send ${point}`))
      if (!run.fault('twice', point)) return
      const laterMs = run.pick(`twice ${point}`, [0, 50, 1_000, ...longDelaysMs])
      show(queue, { name: `${messageName} (copy)`, body, receives: 0 }, queue.delayMs + laterMs)
    },
    redrive() {
      let redriven = 0
      for (const queue of queues.values())
        for (const message of queue.dead.splice(0)) {
          redriven += 1
          show(queue, { ...message, receives: 0 }, 0)
        }
      return redriven
    },
    done,
    deadLetters: () =>
      [...queues.values()].flatMap(({ name, dead }) => dead.map((message) => `${name} ${message.name}`)),
  }
}
