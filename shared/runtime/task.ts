/** Work put aside for later: messages through a queue of the service's own. */
import middy from '@middy/core'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod/mini'
import type { TaskDeclaration } from '../contract/endpoint.ts'
import { commonMetrics } from '../contract/metric.ts'
import { queueVariable } from '../contract/task-queue.ts'
import { queuesApi } from './aws/sqs.ts'
import { asError } from './errors.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { lazy } from './lazy.ts'
import { correlate, count, logger, observe } from './observability.ts'
import { setting } from './settings.ts'
import { continueTrace, currentTrace, joinTrace, traceparentOf, withTrace, xrayHeaderOf } from './trace.ts'

const Message = z.object({ traceparent: z.string(), message: z.unknown() })

const queues = lazy(queuesApi)

export type Defer<T extends TaskDeclaration> = (message: z.input<T['message']>) => Promise<void>

/** @param name the task's name in kebab case, as the declaration of the function that defers says it */
export const defer =
  <T extends TaskDeclaration>(name: string, _declaration: T): Defer<T> =>
  async (message) => {
    const traceparent = traceparentOf(currentTrace())
    await queues()('SendMessage', {
      QueueUrl: setting(queueVariable(name)),
      MessageBody: JSON.stringify({ traceparent, message }),
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: xrayHeaderOf(traceparent) } },
    })
  }

/**
 * Each message stands for itself: one that fails comes again alone, and after its last attempt lies in the dead-letter
 * queue. Messages of one batch run side by side, as they would in different instances.
 */
export const handleRecords = (deliver: (record: SQSRecord) => Promise<void>) => {
  /** Each in a trace of its own, which `deliver` leaves for the message's as soon as it has read that. */
  const attempt = (record: SQSRecord): Promise<string | undefined> =>
    withTrace(continueTrace(undefined), async () => {
      try {
        await deliver(record)
        return undefined
      } catch (error) {
        logger.error('message failed', { message_id: record.messageId, error: asError(error) })
        return record.messageId
      }
    })
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = (await Promise.all(event.Records.map(attempt))).filter((id) => id !== undefined)
    if (failed.length > 0) count(commonMetrics.failedMessages, failed.length)
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

/** Wraps the function that works a task's messages off; each may come more than once. @param makers of the parts that it needs */
export const work = <T extends TaskDeclaration, M extends Makers>(
  declaration: T,
  makers: M,
  handle: (message: z.output<T['message']>, parts: PartsOf<M>) => Promise<void>,
) =>
  instantiable(makers, (parts) =>
    middy(
      handleRecords(async (record) => {
        const { traceparent, message } = Message.parse(JSON.parse(record.body))
        joinTrace(traceparent)
        const put = declaration.message.parse(message) as z.output<T['message']>
        correlate(put)
        await handle(put, parts())
        logger.info('worked off')
      }),
    ).use(observe()),
  )
