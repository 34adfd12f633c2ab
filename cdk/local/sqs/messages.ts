/** Keeps messages in the state's database. Times in milliseconds since the epoch. */
import { randomUUID } from 'node:crypto'
import type { State } from '../state/state.ts'
import { type JsonObject, parseObject } from '../template/json.ts'

/** A message as its queue keeps it. */
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

/** A message that may be taken; `taken` is how who takes it now knows it. */
export type DueMessage = { id: number; expiresAtMs: number; sentAtMs: number; receiveCount: number; taken: Message }

type Row = Readonly<Record<string, unknown>>

const dueOf = (row: Row, nowMs: number): DueMessage => {
  const [id, sentAtMs, receiveCount] = [Number(row.id), Number(row.sent_at), Number(row.receive_count)]
  const taken = {
    id,
    messageId: String(row.message_id),
    body: String(row.body),
    attributes: parseObject(String(row.attributes)) ?? {},
    traceHeader: String(row.trace_header ?? ''),
    sender: String(row.sender),
    sentAtMs,
    receiveCount: receiveCount + 1,
    firstReceivedAtMs: Number(row.first_received_at ?? nowMs),
    receipt: randomUUID(),
  }
  return { id, expiresAtMs: Number(row.expires_at), sentAtMs, receiveCount, taken }
}

/** Queues by their names. */
export const openMessages = ({ database }: State) => {
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

  return {
    add(
      queue: string,
      message: Pick<Message, 'messageId' | 'body' | 'attributes' | 'traceHeader' | 'sender'>,
      times: { sentAtMs: number; visibleAtMs: number; expiresAtMs: number },
    ): void {
      const { messageId, body, traceHeader, sender } = message
      const attributes = JSON.stringify(message.attributes)
      const { sentAtMs, visibleAtMs, expiresAtMs } = times
      insert.run(queue, messageId, body, attributes, traceHeader, sender, sentAtMs, visibleAtMs, expiresAtMs)
    },
    hasDue: (queue: string, nowMs: number): boolean => due.get(queue, nowMs, 1) !== undefined,
    due: (queue: string, nowMs: number, limit: number): DueMessage[] =>
      due.all(queue, nowMs, limit).map((row) => dueOf(row, nowMs)),
    take({ id, receipt }: Message, nowMs: number, visibleAtMs: number): void {
      take.run(visibleAtMs, receipt, nowMs, id)
    },
    discard: (id: number): void => void discard.run(id),
    relocate: (id: number, queue: string, visibleAtMs: number, expiresAtMs: number): void =>
      void relocate.run(queue, visibleAtMs, expiresAtMs, id),
    /** @returns how many there were: 1, or 0 */
    remove: (queue: string, receipt: string): number => Number(removeTaken.run(receipt, queue).changes),
    /** @returns whether it is in flight */
    show: (queue: string, receipt: string, visibleAtMs: number): boolean =>
      Number(setVisible.run(visibleAtMs, receipt, queue).changes) > 0,
    showAll: (queue: string, visibleAtMs: number): void => void release.run(visibleAtMs, queue),
    /** @returns when the next one becomes visible after that moment; undefined where none does */
    nextVisibleMs(queue: string, afterMs: number): number | undefined {
      const at = next.get(queue, afterMs)?.at
      return typeof at === 'number' ? at : undefined
    },
    counts(queue: string, nowMs: number): Counts {
      const row = count.get(nowMs, queue)
      return {
        visible: Number(row?.visible ?? 0),
        inFlight: Number(row?.in_flight ?? 0),
        delayed: Number(row?.delayed ?? 0),
      }
    },
    /** Runs `action` as one write. */
    together<T>(action: () => T): T {
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
    },
  }
}

export type Messages = ReturnType<typeof openMessages>
