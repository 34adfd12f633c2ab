/**
 * Keeps the events that functions are invoked with asynchronously. Each is tried until its function has passed, as often and
 * as long as AWS would: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import type { Clock, Timer } from '../clock.ts'
import type { Sqs } from '../sqs/sqs.ts'
import type { State } from '../state/state.ts'
import type { Invocation, Lambda } from './lambda.ts'

/** An event that is tried no more. */
export type FailedEvent = {
  functionName: string
  condition: 'RetriesExhausted' | 'EventAgeExceeded'
  /** Of the last attempt; empty where there was none. */
  requestId: string
  /** JSON text: what the function was given, and what it answered last, if it was ever run. */
  payload: string
  answer: string | undefined
  attempts: number
}

/** What has become of a function's events since the start. */
export type Deliveries = { accepted: number; passed: number; givenUp: number; waiting: number }

/** How a function's events are tried, and who hears of those that are tried no more. */
export type Handling = { retries: number; maxAgeMs: number; giveUp: (event: FailedEvent) => void }

export type AsyncEvents = {
  /** Stores the event, which survives the end of the process from then on, and soon runs the function. */
  accept(functionName: string, payload: string, traceHeader?: string): void
  configure(functionName: string, handling: Handling): void
  /** Goes on with what an earlier process has left. */
  resume(): void
  /** How many events run or wait. */
  pending(): number
  deliveries(): ReadonlyMap<string, Readonly<Deliveries>>
  stop(): void
}

/** What Lambda does where nothing else is said. */
const unconfigured = { retries: 2, maxAgeMs: 6 * 3_600_000 }
const retryDelaysMs = [60_000, 120_000]

/** An event that meets too many others counts no attempt; it waits longer each time. */
const throttleDelayMs = (times: number): number => Math.min(1_000 * 2 ** times, 300_000)

/** Where an event stands when it is tried; times in milliseconds since the epoch. */
type Stored = {
  functionName: string
  payload: string
  traceHeader: string
  acceptedAtMs: number
  dueAtMs: number
  attempts: number
}

const openStore = ({ database }: State) => {
  const insert = database.prepare(
    'insert into async_event (function, payload, trace_header, accepted_at, due_at) values (?, ?, ?, ?, ?)',
  )
  const select = database.prepare('select * from async_event where id = ?')
  const selectAll = database.prepare('select id from async_event order by id')
  const update = database.prepare('update async_event set attempts = ?, due_at = ? where id = ?')
  const discard = database.prepare('delete from async_event where id = ?')
  return {
    add: (functionName: string, payload: string, traceHeader: string, nowMs: number): number =>
      Number(insert.run(functionName, payload, traceHeader, nowMs, nowMs).lastInsertRowid),
    read(id: number): Stored | undefined {
      const row = select.get(id)
      return (
        row && {
          functionName: String(row.function),
          payload: String(row.payload),
          traceHeader: String(row.trace_header),
          acceptedAtMs: Number(row.accepted_at),
          dueAtMs: Number(row.due_at),
          attempts: Number(row.attempts),
        }
      )
    },
    ids: (): number[] => selectAll.all().map(({ id }) => Number(id)),
    postpone: (id: number, attempts: number, dueAtMs: number) => void update.run(attempts, dueAtMs, id),
    remove: (id: number) => void discard.run(id),
  }
}

type Next =
  | { is: 'passed' }
  | { is: 'again'; delayMs: number; attempts: number }
  | ({ is: 'over' } & Pick<FailedEvent, 'condition' | 'requestId' | 'answer' | 'attempts'>)

/** @param about how often it has failed before and was turned away since, and the time until it is too old */
const nextOf = (
  result: Invocation,
  about: { failed: number; throttles: number; retries: number; leftMs: number },
): Next => {
  if (result.kind === 'throttled')
    return { is: 'again', delayMs: throttleDelayMs(about.throttles), attempts: about.failed }
  if (result.functionError === undefined) return { is: 'passed' }
  const attempts = about.failed + 1
  const delayMs = retryDelaysMs[about.failed]
  const over = { is: 'over', requestId: result.requestId, answer: result.payload, attempts } as const
  if (delayMs === undefined || attempts > about.retries) return { ...over, condition: 'RetriesExhausted' }
  return delayMs < about.leftMs ? { is: 'again', delayMs, attempts } : { ...over, condition: 'EventAgeExceeded' }
}

export type AsyncEventsDependencies = {
  lambda: Pick<Lambda, 'functions' | 'invoke'>
  clock: Clock
  log: (line: string) => void
  together: Sqs['together']
}

export const createAsyncEvents = (state: State, dependencies: AsyncEventsDependencies): AsyncEvents => {
  const { lambda, clock, log, together } = dependencies
  const store = openStore(state)
  const handlings = new Map<string, Handling>()
  const deliveries = new Map<string, Deliveries>()
  const timers = new Set<Timer>()
  let stopped = false

  const countOf = (functionName: string): Deliveries => {
    const known = deliveries.get(functionName) ?? { accepted: 0, passed: 0, givenUp: 0, waiting: 0 }
    deliveries.set(functionName, known)
    return known
  }
  const ended = (functionName: string, how: 'passed' | 'givenUp'): void => {
    const count = countOf(functionName)
    count[how] += 1
    count.waiting -= 1
  }
  const tryIn = (delayMs: number, id: number, throttles = 0): void => {
    const timer = clock.after(delayMs, () => {
      timers.delete(timer)
      void attempt(id, throttles)
    })
    timers.add(timer)
  }
  const giveUp = (id: number, event: FailedEvent): void => {
    const { functionName, attempts, condition } = event
    log(`${functionName}: gave up an event after ${attempts} attempt(s) (${condition})`)
    together(() => {
      store.remove(id)
      handlings.get(functionName)?.giveUp(event)
    })
    ended(functionName, 'givenUp')
  }

  const follow = (id: number, { functionName, payload }: Stored, next: Next, throttles: number): void => {
    if (next.is === 'over') giveUp(id, { functionName, payload, ...next })
    else if (next.is === 'again') {
      store.postpone(id, next.attempts, clock.now() + next.delayMs)
      tryIn(next.delayMs, id, throttles)
    } else {
      store.remove(id)
      ended(functionName, 'passed')
    }
  }

  const attempt = async (id: number, throttles: number): Promise<void> => {
    const stored = stopped ? undefined : store.read(id)
    if (stored === undefined) return
    const { functionName, attempts: failed } = stored
    const { retries, maxAgeMs } = handlings.get(functionName) ?? unconfigured
    const leftMs = () => stored.acceptedAtMs + maxAgeMs - clock.now()
    if (leftMs() <= 0) {
      const tooOld = { condition: 'EventAgeExceeded', requestId: '', answer: undefined, attempts: failed } as const
      return follow(id, stored, { is: 'over', ...tooOld }, 0)
    }
    const result = await lambda.invoke(functionName, stored.payload, stored.traceHeader)
    if (stopped) return
    const next = nextOf(result, { failed, throttles, retries, leftMs: leftMs() })
    follow(id, stored, next, result.kind === 'throttled' ? throttles + 1 : 0)
  }

  return {
    accept(functionName, payload, traceHeader = '') {
      const id = store.add(functionName, payload, traceHeader, clock.now())
      const count = countOf(functionName)
      count.accepted += 1
      count.waiting += 1
      // After the caller's transaction: what is not stored must not run.
      queueMicrotask(() => void attempt(id, 0))
    },
    configure: (functionName, handling) => void handlings.set(functionName, handling),
    resume() {
      for (const id of store.ids()) {
        const { functionName = '', dueAtMs = 0 } = store.read(id) ?? {}
        if (lambda.functions.has(functionName)) {
          countOf(functionName).waiting += 1
          tryIn(Math.max(0, dueAtMs - clock.now()), id)
        } else {
          log(`${functionName} is no more; an event that waited for it is gone`)
          store.remove(id)
        }
      }
    },
    pending: () => [...deliveries.values()].reduce((sum, { waiting }) => sum + waiting, 0),
    deliveries: () => deliveries,
    stop() {
      stopped = true
      for (const timer of timers) timer.cancel()
    },
  }
}
