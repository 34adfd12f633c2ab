/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/): read at each edge, carried by everything that leaves. The trace's
 * id is X-Ray's, unless a client brought one along, so that logs and X-Ray tell of the same.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomHex } from './clock.ts'

export type Trace = {
  /** 32 hexadecimal digits, the same from the gateway to the mail. */
  traceId: string
  /** 16 hexadecimal digits, this function's part of it. */
  spanId: string
  /** Whether X-Ray records it, as was decided for the request that began it. */
  sampled: boolean
}

/** A request or message at hand: its trace, and which order or cart it is about, once that is known. */
type Work = { trace: Trace; about: Record<string, string> }

const form = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const current = new AsyncLocalStorage<Work>()

const parsed = (traceparent: string | undefined): Trace | undefined => {
  const [, traceId = '', spanId = '', flags = ''] = form.exec(traceparent ?? '') ?? []
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** What Lambda says of the invocation at hand, in its own form: `Root=1-5f84c7a1-…;Parent=…;Sampled=1`. */
const invocationTrace = (): { traceId: string; sampled: boolean } | undefined => {
  const header = process.env._X_AMZN_TRACE_ID ?? ''
  const [, time, rest] = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(header) ?? []
  return time && rest ? { traceId: time + rest, sampled: header.includes('Sampled=1') } : undefined
}

/** Whether X-Ray records the invocation at hand. */
export const isRecorded = (): boolean => invocationTrace()?.sampled ?? false

/** Goes on with the caller's trace, or begins one where it sent none or nonsense: Lambda's own. */
export const continueTrace = (traceparent: string | undefined): Trace => ({
  traceId: randomHex(16),
  sampled: false,
  ...(parsed(traceparent) ?? invocationTrace()),
  spanId: randomHex(8),
})

/** As `continueTrace`, for strangers: whether a request is recorded is for X-Ray to decide, not for whoever sends it. */
export const acceptTrace = (traceparent: string | undefined): Trace => ({
  ...continueTrace(traceparent),
  sampled: isRecorded(),
})

export const traceparentOf = (trace: Trace): string =>
  `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`

const xrayRoot = (traceId: string): string => `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`

/** The same in the form in which X-Ray, and with it the bus and queues, hand it on; undefined of what is no traceparent. */
export const xrayHeaderOf = (traceparent: string): string | undefined => {
  const trace = parsed(traceparent)
  return trace && `Root=${xrayRoot(trace.traceId)};Parent=${trace.spanId};Sampled=${trace.sampled ? 1 : 0}`
}

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

/** X-Ray's trace of the invocation, where one is recorded under another id than `traceId`: a client's own, a batch of messages. */
export const recordedElsewhere = (traceId: string | undefined): string | undefined => {
  const invocation = invocationTrace()
  return invocation?.sampled && invocation.traceId !== traceId ? xrayRoot(invocation.traceId) : undefined
}
