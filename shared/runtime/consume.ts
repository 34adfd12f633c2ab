/** Wraps consumers of events (through SQS) and functions that run by the clock. */
import middy from '@middy/core'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod/mini'
import type { ConsumerDeclaration, ScheduleDeclaration } from '../contract/endpoint.ts'
import { type AnyOf, envelopeSchema } from '../contract/event.ts'
import { commonMetrics } from '../contract/metric.ts'
import { asError } from './errors.ts'
import { logEvents } from './events-logged.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { lazy } from './lazy.ts'
import { correlate, count, logger, observe } from './observability.ts'
import { continueTrace, joinTrace, logFields, withTrace } from './trace.ts'

/** What a consumer hears: one of its events. */
export type EventOf<C extends ConsumerDeclaration> = AnyOf<C['on']>

/** What an EventBridge rule puts into a queue. */
const BusMessage = z.object({
  'detail-type': z.string(),
  detail: z.looseObject({ traceparent: z.optional(z.string()) }),
})

const parserOf = <C extends ConsumerDeclaration>(declaration: C) => {
  const schemas = new Map(declaration.on.map((event) => [event.type, envelopeSchema(event)]))
  return (message: z.infer<typeof BusMessage>): AnyOf<C['on']> => {
    const schema = schemas.get(message['detail-type'])
    if (!schema) throw new Error(`an event of type ${message['detail-type'].slice(0, 100)} is not for this consumer`)
    // The schema is that of the one event of this type in `on`, so the result is its envelope.
    return schema.parse(message.detail) as AnyOf<C['on']>
  }
}

/**
 * Each message stands for itself: one that fails comes again alone, and after its last attempt lies in the dead-letter
 * queue. Messages of one batch run side by side, as they would in different instances.
 * @param done is told, once for the batch, what became of those that did not fail
 */
export const handleRecords = <T>(
  deliver: (record: SQSRecord) => Promise<T>,
  done: (delivered: readonly T[]) => void = () => undefined,
) => {
  /** Each in a trace of its own, which `deliver` leaves for the message's as soon as it has read that. */
  const attempt = (record: SQSRecord): Promise<{ delivered: T } | { failed: string }> =>
    withTrace(continueTrace(undefined), async () => {
      try {
        return { delivered: await deliver(record) }
      } catch (error) {
        logger.error('message failed', {
          message_id: record.messageId,
          error: asError(error),
        })
        return { failed: record.messageId }
      }
    })
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.all(event.Records.map(attempt))
    done(outcomes.flatMap((outcome) => ('delivered' in outcome ? [outcome.delivered] : [])))
    const failed = outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : []))
    if (failed.length > 0) count(commonMetrics.failedMessages, failed.length)
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

/**
 * Wraps a function that takes one event at a time. It must have its effect once however often, late or out of order it is called.
 * @param makers of the parts that it needs
 */
export const consume = <C extends ConsumerDeclaration, M extends Makers>(
  declaration: C,
  makers: M,
  handle: (event: EventOf<C>, parts: PartsOf<M>) => Promise<void>,
) => {
  const parse = lazy(() => parserOf(declaration))
  return instantiable(makers, (parts) =>
    middy(
      handleRecords(async (record) => {
        const message = BusMessage.parse(JSON.parse(record.body))
        joinTrace(message.detail.traceparent)
        const event = parse()(message)
        correlate({ orderId: event.aggregateId, cartId: event.aggregateId }, event.data)
        await handle(event, parts())
        return { event, fields: logFields() }
      }, logEvents('consumed')),
    ).use(observe()),
  )
}

/** Wraps a function that a schedule starts; it may be started late or twice. @param makers of the parts that it needs */
export const onSchedule = <M extends Makers>(
  _declaration: ScheduleDeclaration,
  makers: M,
  run: (parts: PartsOf<M>) => Promise<void>,
) =>
  instantiable(makers, (parts) =>
    middy(
      (_event: unknown): Promise<void> =>
        withTrace(continueTrace(undefined), async () => {
          await run(parts())
          logger.info('ran')
        }),
    ).use(observe()),
  )
