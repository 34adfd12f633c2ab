/** Logger, metrics and tracer of the function, and the middleware that gives each invocation its context. */
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import type { MetricDeclaration } from '../contract/metric.ts'
import type { Money } from '../domain/money.ts'
import { lazy } from './lazy.ts'
import { LogLines, withoutInput } from './log-lines.ts'
import { isRecorded, logFields, noteAbout } from './trace.ts'

// The level that Lambda lets through, which is all; Powertools would take it for the one to log at, and sample nothing.
delete process.env.AWS_LAMBDA_LOG_LEVEL

/** Structured logs. Never personal data, secrets or whole inputs: ids and codes only. */
export const logger = new Logger({ logFormatter: new LogLines() })

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

/**
 * The X-Ray SDK costs as much start-up as all the rest together, so it is loaded by the first invocation that is
 * sampled, and by none where tracing is off.
 */
const tracer = lazy(async () => {
  const { Tracer } = await import('@aws-lambda-powertools/tracer')
  // Segments are those of functions, not of calls: what would follow HTTP requests is not in the bundle.
  return new Tracer({ captureHTTPsRequests: false })
})

const isTraced = (): boolean => isRecorded() && process.env.POWERTOOLS_TRACE_ENABLED !== 'false'

type TracedSegment = { annotate: (name: string, value: string) => void; close: () => void }

/** Of the one invocation that an instance runs at a time. */
let open: TracedSegment | undefined

/** By these X-Ray finds everything of one trace, order or cart: a batch of messages is a trace of its own, linked to theirs. */
const annotate = (): void => {
  for (const [name, value] of Object.entries(logFields())) if (name !== 'span_id') open?.annotate(name, value)
}

const correlated = [
  { field: 'orderId', name: 'order_id', form: /^ord_[0-9A-Z]{26}$/ },
  { field: 'cartId', name: 'cart_id', form: /^crt_[0-9A-Z]{26}$/ },
] as const

/**
 * Which order and which cart something is about, as fields of a log line.
 * @param sources objects that may hold an `orderId` or a `cartId`: parameters, a body, an event's data
 */
export const correlationOf = (...sources: readonly unknown[]): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const source of sources)
    for (const { field, name, form } of correlated) {
      const id = typeof source === 'object' && source !== null ? Reflect.get(source, field) : undefined
      if (typeof id === 'string' && form.test(id)) found[name] = id
    }
  return found
}

/** Puts what the work at hand is about on each of its log lines, and on its X-Ray segment. */
export const correlate = (...sources: Parameters<typeof correlationOf>): void => {
  noteAbout(correlationOf(...sources))
  if (open) annotate()
}

/** What middy runs around every handler. */
export const observe = (): MiddlewareObj<unknown, unknown, Error, Context> => {
  const end = (): void => {
    open?.close()
    open = undefined
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
  }
  return {
    before: async ({ context }) => {
      // Otherwise the instance's first invocation would decide for all that follow.
      if (process.env.POWERTOOLS_LOGGER_SAMPLE_RATE) logger.refreshSampleRateCalculation()
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
        annotate: (name, value) => segment.addAnnotation(name, value),
        close: () => {
          segment.close()
          active.setSegment(parent)
        },
      }
    },
    after: end,
    onError: (request) => {
      end()
      // Lambda itself logs what a function throws, with all that hangs on it.
      request.error = withoutInput(request.error)
    },
  }
}
