/** W3C Trace Context (https://www.w3.org/TR/trace-context/): read at each edge, carried by everything that leaves. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomHex } from './clock.ts'

export type Trace = {
  /** 32 hexadecimal digits, the same from the gateway to the mail. */
  traceId: string
  /** 16 hexadecimal digits, this function's part of it. */
  spanId: string
  sampled: boolean
}

/** A request or message at hand: its trace, and which order or cart it is about, once that is known. */
type Work = { trace: Trace; about: Record<string, string> }

const form = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const current = new AsyncLocalStorage<Work>()

/** Goes on with the caller's trace, or begins one where it sent none or nonsense. */
export const continueTrace = (traceparent: string | undefined): Trace => {
  const match = form.exec(traceparent ?? '')
  const [traceId, parentId, flags] = [match?.[1], match?.[2], match?.[3]]
  const usable = traceId && parentId && !/^0+$/.test(traceId) && !/^0+$/.test(parentId)
  return {
    traceId: usable ? traceId : randomHex(16),
    spanId: randomHex(8),
    sampled: usable && flags ? (Number.parseInt(flags, 16) & 1) === 1 : true,
  }
}

export const traceparentOf = (trace: Trace): string =>
  `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`

/** Runs `work` so that everything it sends and logs carries `trace`. */
export const withTrace = <T>(trace: Trace, work: () => Promise<T>): Promise<T> =>
  current.run({ trace, about: {} }, work)

/** For a message whose trace is known only once it has been read: goes on with that, within `withTrace`. */
export const joinTrace = (traceparent: string | undefined): void => {
  const work = current.getStore()
  if (work) work.trace = continueTrace(traceparent)
}

/** The trace of the request or message at hand; a new one outside of any. */
export const currentTrace = (): Trace => current.getStore()?.trace ?? continueTrace(undefined)

/** Notes what the work at hand is about, for its log lines. */
export const noteAbout = (ids: Readonly<Record<string, string>>): void => {
  Object.assign(current.getStore()?.about ?? {}, ids)
}

/** What every log line of the work at hand carries; nothing outside of any. */
export const logFields = (): Record<string, string> => {
  const work = current.getStore()
  return work ? { trace_id: work.trace.traceId, span_id: work.trace.spanId, ...work.about } : {}
}
