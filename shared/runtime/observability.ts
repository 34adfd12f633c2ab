/** Logger, metrics and tracer of the function, and the middleware that gives each invocation its context. */
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import { once } from './once.ts'
import { currentTrace } from './trace.ts'

/** Structured logs. Never personal data, secrets or whole inputs: ids and codes only. */
export const logger = new Logger()

export const metrics = new Metrics({ namespace: 'Shop' })

/** Adds to a metric of this service; published when the invocation ends. */
export const count = (name: string, amount = 1): void => {
  metrics.addMetric(name, MetricUnit.Count, amount)
}

/** Puts the trace on every log line of this invocation, with what else tells it apart (the order, the cart). */
export const logContext = (keys: Record<string, string> = {}): void => {
  const { traceId, spanId } = currentTrace()
  logger.appendKeys({ trace_id: traceId, span_id: spanId, ...keys })
}

/**
 * The X-Ray SDK costs as much start-up as all the rest together, so it is loaded by the first invocation that is
 * sampled, and by none where tracing is off.
 */
const tracer = once(async () => {
  const { Tracer } = await import('@aws-lambda-powertools/tracer')
  return new Tracer()
})

const isTraced = (): boolean =>
  /Sampled=1/.test(process.env._X_AMZN_TRACE_ID ?? '') && process.env.POWERTOOLS_TRACE_ENABLED !== 'false'

type TracedSegment = { close: () => void }

/** What middy runs around every handler. */
export const observe = (): MiddlewareObj<unknown, unknown, Error, Context> => {
  let open: TracedSegment | undefined
  const end = async (): Promise<void> => {
    open?.close()
    open = undefined
    logger.resetKeys()
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
  }
  return {
    before: async ({ context }) => {
      logger.addContext(context)
      metrics.setFunctionName(context.functionName)
      metrics.captureColdStartMetric()
      if (!isTraced()) return
      const active = await tracer()
      const parent = active.getSegment()
      const segment = parent?.addNewSubsegment(`## ${process.env._HANDLER ?? 'handler'}`)
      if (!parent || !segment) return
      active.setSegment(segment)
      active.annotateColdStart()
      active.addServiceNameAnnotation()
      open = {
        close: () => {
          segment.close()
          active.setSegment(parent)
        },
      }
    },
    after: end,
    onError: end,
  }
}
