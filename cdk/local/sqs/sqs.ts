/** Keeps queues in the state's database: a message that was accepted survives the end of the process. */
import { randomUUID } from 'node:crypto'
import type { Clock, Timer } from '../clock.ts'
import type { State } from '../state/state.ts'
import { type JsonObject, parseObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { type Queue, readQueues } from './queues.ts'

export type { Queue } from './queues.ts'

/** A message as its queue keeps it; times in milliseconds since the epoch. */
export type Message = {
  id: number
  messageId: string
  body: string
  /** `MessageAttributes` as the sender gave them. */
  attributes: JsonObject
  traceHeader: string
  sender: string
  sentAtMs: number
  receiveCount: number
  firstReceivedAtMs: number
  receipt: string
}

export type Counts = { visible: number; inFlight: number; delayed: number }

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
export const createSqs = (template: Template, { database }: State, clock: Clock): Sqs => {
  const queues = readQueues(template)
  const insert = database.prepare(`insert into message
    (queue, message_id, body, attributes, trace_header, sender, sent_at, visible_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const due = database.prepare(
    'select * from message where queue = ? and visible_at <= ? order by visible_at, id limit ?',
  )
  const take = database.prepare(`update message set visible_at = ?, receipt = ?, receive_count = receive_count + 1,
    first_received_at = coalesce(first_received_at, ?) where id = ?`)
  const discard = database.prepare('delete from message where id = ?')
  const relocate = database.prepare(`update message set queue = ?, visible_at = ?, receive_count = 0, receipt = null,
    first_received_at = null, expires_at = ? where id = ?`)
  const removeTaken = database.prepare('delete from message where receipt = ? and queue = ?')
  const setVisible = database.prepare('update message set visible_at = ? where receipt = ? and queue = ?')
  const release = database.prepare('update message set visible_at = ? where queue = ? and receipt is not null')
  const next = database.prepare('select min(visible_at) as at from message where queue = ? and visible_at > ?')
  const count = database.prepare(`select coalesce(sum(visible_at <= ?1), 0) as visible,
    coalesce(sum(visible_at > ?1 and receipt is not null), 0) as in_flight,
    coalesce(sum(visible_at > ?1 and receipt is null), 0) as delayed from message where queue = ?2`)

  const traffic = new Map<string, Traffic>()
  const trafficOf = ({ name }: Queue): Traffic => {
    const known = traffic.get(name) ?? { sent: 0, fromBus: 0, removed: 0, deadLettered: 0 }
    traffic.set(name, known)
    return known
  }
  const watchers = new Map<string, Set<() => void>>()
  const timers = new Map<string, { atMs: number; timer: Timer }>()
  let stopped = false

  /**
   * One timer for each watched queue, at the moment its next message becomes visible. Whoever calls says until when the watchers
   * have looked: a moment that was taken before they did. Time goes on meanwhile, and what becomes visible then is nobody's else.
   */
  const schedule = (name: string, lookedUntilMs: number): void => {
    if (stopped || (watchers.get(name)?.size ?? 0) === 0) return
    const at = next.get(name, lookedUntilMs)?.at
    if (typeof at !== 'number') return
    const known = timers.get(name)
    if (known !== undefined && known.atMs <= at) return
    known?.timer.cancel()
    const timer = clock.after(at - clock.now(), () => {
      timers.delete(name)
      wake(name)
    })
    timers.set(name, { atMs: at, timer })
  }

  const wake = (name: string): void => {
    const nowMs = clock.now()
    for (const watcher of watchers.get(name) ?? []) watcher()
    schedule(name, nowMs)
  }

  const together = <T>(action: () => T): T => {
    if (database.isTransaction) return action()
    database.exec('begin immediate')
    try {
      const result = action()
      database.exec('commit')
      return result
    } catch (error) {
      database.exec('rollback')
      throw error
    }
  }

  const tellSoon = (name: string): void => {
    // After the caller's transaction, so that a reader sees what it wakes for.
    queueMicrotask(() => {
      if (!stopped) wake(name)
    })
  }

  const receive: Sqs['receive'] = (queue, limit, visibilityTimeoutMs = queue.visibilityTimeoutMs) => {
    const nowMs = clock.now()
    const messages: Message[] = []
    if (due.get(queue.name, nowMs, 1) === undefined) return messages
    together(() => {
      for (const row of due.all(queue.name, nowMs, limit)) {
        const id = Number(row.id)
        const receiveCount = Number(row.receive_count)
        if (Number(row.expires_at) <= nowMs) {
          discard.run(id)
          continue
        }
        if (queue.redrive !== undefined && receiveCount >= queue.redrive.maxReceiveCount) {
          const target = queues.get(queue.redrive.deadLetterQueue)
          relocate.run(queue.redrive.deadLetterQueue, nowMs, Number(row.sent_at) + (target?.retentionMs ?? 0), id)
          trafficOf(queue).deadLettered += 1
          tellSoon(queue.redrive.deadLetterQueue)
          continue
        }
        const receipt = randomUUID()
        take.run(nowMs + visibilityTimeoutMs, receipt, nowMs, id)
        messages.push({
          id,
          messageId: String(row.message_id),
          body: String(row.body),
          attributes: parseObject(String(row.attributes)) ?? {},
          traceHeader: String(row.trace_header ?? ''),
          sender: String(row.sender),
          sentAtMs: Number(row.sent_at),
          receiveCount: receiveCount + 1,
          firstReceivedAtMs: Number(row.first_received_at ?? nowMs),
          receipt,
        })
      }
    })
    schedule(queue.name, nowMs)
    return messages
  }

  return {
    queues,
    byArn: (arn) => [...queues.values()].find((queue) => queue.arn === arn),
    byUrl: (url) => queues.get(url.split('/').at(-1) ?? ''),
    together,
    receive,
    send(queue, { body, attributes = {}, delayMs = queue.delayMs, traceHeader = '', sender }) {
      const messageId = randomUUID()
      const nowMs = clock.now()
      const expiresAtMs = nowMs + queue.retentionMs
      const kept = JSON.stringify(attributes)
      insert.run(queue.name, messageId, body, kept, traceHeader, sender, nowMs, nowMs + delayMs, expiresAtMs)
      trafficOf(queue).sent += 1
      if (sender === 'events.amazonaws.com') trafficOf(queue).fromBus += 1
      tellSoon(queue.name)
      return messageId
    },
    remove(queue, receipt) {
      trafficOf(queue).removed += Number(removeTaken.run(receipt, queue.name).changes)
    },
    changeVisibility(queue, receipt, timeoutMs) {
      const { changes } = setVisible.run(clock.now() + timeoutMs, receipt, queue.name)
      tellSoon(queue.name)
      return Number(changes) > 0
    },
    releaseAll(queue) {
      release.run(clock.now(), queue.name)
    },
    onVisible(queue, action) {
      const set = watchers.get(queue.name) ?? new Set()
      watchers.set(queue.name, set.add(action))
      // What has become visible since the new watcher looked is told of, too.
      schedule(queue.name, 0)
      return () => set.delete(action)
    },
    counts(queue) {
      const row = count.get(clock.now(), queue.name)
      return {
        visible: Number(row?.visible ?? 0),
        inFlight: Number(row?.in_flight ?? 0),
        delayed: Number(row?.delayed ?? 0),
      }
    },
    traffic: trafficOf,
    move(source, destination) {
      const nowMs = clock.now()
      const rows = due.all(source.name, nowMs, 1_000_000)
      together(() => {
        for (const { id } of rows) relocate.run(destination.name, nowMs, nowMs + destination.retentionMs, Number(id))
      })
      trafficOf(source).removed += rows.length
      trafficOf(destination).sent += rows.length
      tellSoon(destination.name)
      return rows.length
    },
    stop() {
      stopped = true
      for (const { timer } of timers.values()) timer.cancel()
    },
  }
}
