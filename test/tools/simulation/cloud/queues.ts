/** Queues and their consumers: messages come late, twice, again after they were done, and lie dead after their last attempt. */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { maxReceiveCount, visibilitySecondsOf } from '../../../../shared/contract/endpoint.ts'
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
  visibilityMs: number
  delayMs: number
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

const failedOf = (outcome: Outcome, messages: readonly Message[]): readonly Message[] => {
  if (!outcome.ok) return messages
  const { batchItemFailures } = outcome.value as { batchItemFailures: { itemIdentifier: string }[] }
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return messages.filter(({ name }) => failed.has(name))
}

/** Every consumer's and every task's queue, of one run. @param workedOff hears of each message at the moment when its function has done with it */
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
    for (const { kind, name, declaration } of entriesOf(service)) {
      if (kind !== 'consumer' && kind !== 'task') continue
      const delayMs = kind === 'task' ? declaration.delaySeconds * 1000 : 0
      const visibilityMs = visibilitySecondsOf(declaration) * 1000
      const queue = { name: `${service.name}/${name}`, visibilityMs, delayMs, ready: [], isPolled: false, dead: [] }
      queues.set(queue.name, queue)
    }

  const show = (queue: Queue, message: Message, delayMs: number): void => {
    run.at(delayMs, () => {
      queue.ready.push(message)
      poll(queue, message)
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
    const [first] = messages
    if (!first) return
    for (const message of messages) message.receives += 1
    const Records = messages.map(({ name, body, receives }) => ({
      messageId: name,
      body,
      attributes: { ApproximateReceiveCount: String(receives) },
    }))
    run.tell(() => `${queue.name} <- ${messages.map(({ name }) => name).join(', ')}`)
    invoke(queue.name, `${queue.name} <- ${first.name} ${first.receives}`, { Records }, (outcome) =>
      settle(queue, messages, outcome),
    )
    if (queue.ready[0]) poll(queue, queue.ready[0])
  }
  const settle = (queue: Queue, messages: readonly Message[], outcome: Outcome): void => {
    const failed = failedOf(outcome, messages)
    if (failed.length > 0) run.tell(() => `${queue.name} FAILED ${failed.map(({ name }) => name).join(', ')}`)
    for (const message of messages) {
      if (!failed.includes(message)) {
        done.add(`${queue.name} ${message.body}`)
        workedOff(queue.name, message.body)
        const name = `${queue.name} ${message.name} ${message.receives}`
        // Done, but not acknowledged: it comes once more.
        if (run.fault('again', name)) show(queue, message, run.pick(`again ${name}`, longDelaysMs))
      } else if (message.receives < maxReceiveCount) show(queue, message, queue.visibilityMs)
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
