/** Keeps queues in the state's database: a message that was accepted survives the end of the process. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { State } from '../state/state.ts'
import type { JsonObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { type Counts, type DueMessage, type Message, openMessages } from './messages.ts'
import { type Queue, readQueues } from './queues.ts'
import { createWatchers } from './watchers.ts'

export type { Counts, Message } from './messages.ts'
export type { Queue } from './queues.ts'

/** What has happened to a queue's messages since the start. */
export type Traffic = {
  /** Taken in, from whomever. */
  sent: number
  /** Those of them that came over a bus. */
  fromBus: number
  /** Worked off, or removed by a reader. */
  removed: number
  /** Given up, and moved to the dead-letter queue. */
  deadLettered: number
}

export type NewMessage = {
  body: string
  attributes?: JsonObject
  delayMs?: number
  traceHeader?: string
  sender: string
}

export type Sqs = {
  queues: Map<string, Queue>
  byArn(arn: string): Queue | undefined
  byUrl(url: string): Queue | undefined
  /** Stores the message and gives its id; it survives the end of the process from then on. */
  send(queue: Queue, message: NewMessage): string
  /** Takes up to `limit` visible messages; moves those received too often to the dead-letter queue. */
  receive(queue: Queue, limit: number, visibilityTimeoutMs?: number): Message[]
  remove(queue: Queue, receipt: string): void
  changeVisibility(queue: Queue, receipt: string, timeoutMs: number): boolean
  /** Makes every message in flight visible again: at a start, whoever had taken them is gone. */
  releaseAll(queue: Queue): void
  /** Calls `action` whenever a message may have become visible; returns what stops that. */
  onVisible(queue: Queue, action: () => void): () => void
  counts(queue: Queue): Counts
  traffic(queue: Queue): Traffic
  /** Moves every visible message of a dead-letter queue to where it came from or to `destination`. */
  move(source: Queue, destination: Queue): number
  /** Runs `action` as one write. */
  together<T>(action: () => T): T
  stop(): void
}

/** The queues, kept in the state's database. */
export const createSqs = (template: Template, state: State, clock: Clock): Sqs => {
  const queues = readQueues(template)
  const messages = openMessages(state)
  const watchers = createWatchers(clock, messages.nextVisibleMs)
  const traffic = new Map<string, Traffic>()
  const trafficOf = ({ name }: Queue): Traffic => {
    const known = traffic.get(name) ?? { sent: 0, fromBus: 0, removed: 0, deadLettered: 0 }
    traffic.set(name, known)
    return known
  }

  const giveUp = (queue: Queue, deadLetterQueue: string, { id, sentAtMs }: DueMessage, nowMs: number): void => {
    const retentionMs = queues.get(deadLetterQueue)?.retentionMs ?? 0
    messages.relocate(id, deadLetterQueue, nowMs, sentAtMs + retentionMs)
    trafficOf(queue).deadLettered += 1
    watchers.wakeSoon(deadLetterQueue)
  }

  /** @returns the message where it may be had; one that is too old is gone, and one that failed too often is given up */
  const take = (queue: Queue, due: DueMessage, nowMs: number, visibleAtMs: number): Message | undefined => {
    if (due.expiresAtMs <= nowMs) {
      messages.discard(due.id)
      return undefined
    }
    if (queue.redrive !== undefined && due.receiveCount >= queue.redrive.maxReceiveCount) {
      giveUp(queue, queue.redrive.deadLetterQueue, due, nowMs)
      return undefined
    }
    messages.take(due.taken, nowMs, visibleAtMs)
    return due.taken
  }

  return {
    queues,
    byArn: (arn) => [...queues.values()].find((queue) => queue.arn === arn),
    byUrl: (url) => queues.get(url.split('/').at(-1) ?? ''),
    together: messages.together,
    receive(queue, limit, visibilityTimeoutMs = queue.visibilityTimeoutMs) {
      const nowMs = clock.now()
      if (!messages.hasDue(queue.name, nowMs)) return []
      const taken = messages.together(() =>
        messages
          .due(queue.name, nowMs, limit)
          .flatMap((due) => take(queue, due, nowMs, nowMs + visibilityTimeoutMs) ?? []),
      )
      watchers.schedule(queue.name, nowMs)
      return taken
    },
    send(queue, { body, attributes = {}, delayMs = queue.delayMs, traceHeader = '', sender }) {
      const messageId = randomUUID()
      const nowMs = clock.now()
      messages.add(
        queue.name,
        { messageId, body, attributes, traceHeader, sender },
        { sentAtMs: nowMs, visibleAtMs: nowMs + delayMs, expiresAtMs: nowMs + queue.retentionMs },
      )
      trafficOf(queue).sent += 1
      if (sender === 'events.amazonaws.com') trafficOf(queue).fromBus += 1
      watchers.wakeSoon(queue.name)
      return messageId
    },
    remove(queue, receipt) {
      trafficOf(queue).removed += messages.remove(queue.name, receipt)
    },
    changeVisibility(queue, receipt, timeoutMs) {
      const isInFlight = messages.show(queue.name, receipt, clock.now() + timeoutMs)
      watchers.wakeSoon(queue.name)
      return isInFlight
    },
    releaseAll: (queue) => messages.showAll(queue.name, clock.now()),
    onVisible: (queue, action) => watchers.add(queue.name, action),
    counts: (queue) => messages.counts(queue.name, clock.now()),
    traffic: trafficOf,
    move(source, destination) {
      const nowMs = clock.now()
      const moved = messages.due(source.name, nowMs, 1_000_000)
      messages.together(() => {
        for (const { id } of moved) messages.relocate(id, destination.name, nowMs, nowMs + destination.retentionMs)
      })
      trafficOf(source).removed += moved.length
      trafficOf(destination).sent += moved.length
      watchers.wakeSoon(destination.name)
      return moved.length
    },
    stop: watchers.stop,
  }
}
