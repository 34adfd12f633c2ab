/** Logger, metrics and tracer of the function, and the middleware that gives each invocation its context. */
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import type { MetricDeclaration } from '../contract/metric.ts'
import type { Money } from '../domain/money.ts'
import { once } from './once.ts'
import { currentTrace } from './trace.ts'

/** Structured logs. Never personal data, secrets or whole inputs: ids and codes only. */
export const logger = new Logger()

/** Stages may share an account: each has a namespace, which costs nothing, rather than one more dimension. */
export const metrics = new Metrics({ namespace: process.env.SHOP_PREFIX ?? 'shop' })

/** Adds to a metric of this service; published when the invocation ends. */
export const count = ({ name }: MetricDeclaration, amount = 1): void => {
  metrics.addMetric(name, MetricUnit.Count, amount)
}

/** Adds an amount, in minor units, to a metric of money; published at once, since it has a dimension of its own. */
export const countMoney = ({ name }: MetricDeclaration & { unit: 'money' }, { amount, currency }: Money): void => {
  metrics.singleMetric().addDimension('currency', currency).addMetric(name, MetricUnit.Count, amount)
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
      // By service alone: for each function it would be a metric of its own, and these cost. The log tells them apart.
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
