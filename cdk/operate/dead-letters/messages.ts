/** What a dead letter says about itself: five kinds of them, told apart by what their bodies hold. */
import * as z from 'zod/mini'
import { maxReceiveCount } from '../../../shared/contract/endpoint.ts'

export type DeadLetter = {
  id: string
  receipt: string
  body: string
  sentAtMs: number
  /** `MessageAttributes` that are text. */
  attributes: Readonly<Record<string, string>>
}

/** What Lambda leaves of a batch of stream records that it gave up: where they stand in the stream, not what they hold. */
export const StreamBatch = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
  approximateArrivalOfFirstRecord: z.string(),
  approximateArrivalOfLastRecord: z.string(),
  batchSize: z.int(),
})
export type StreamBatch = z.infer<typeof StreamBatch>

const Ids = z.object({ orderId: z.optional(z.string()) })

const Body = z.object({
  'detail-type': z.optional(z.string()),
  detail: z.optional(
    z.object({ traceparent: z.optional(z.string()), aggregateId: z.optional(z.string()), data: z.optional(Ids) }),
  ),
  /** A task's. */
  traceparent: z.optional(z.string()),
  message: z.optional(Ids),
  /** Lambda's word on what it gave up. */
  requestContext: z.optional(
    z.object({ condition: z.optional(z.string()), approximateInvokeCount: z.optional(z.number()) }),
  ),
  DDBStreamBatchInfo: z.optional(StreamBatch),
  responsePayload: z.optional(z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })),
})
type Body = z.infer<typeof Body>

export type Description = {
  reason: string
  /** The event's type, or what else the message is. */
  what: string
  orderId: string | undefined
  traceparent: string | undefined
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined where the message is nothing that the shop itself sends. */
const bodyOf = ({ body }: DeadLetter): Body | undefined => {
  const parsed = Body.safeParse(jsonOf(body))
  return parsed.success ? parsed.data : undefined
}

export const streamBatchOf = (message: DeadLetter): StreamBatch | undefined => bodyOf(message)?.DDBStreamBatchInfo

const whatOf = (body: Body): string => {
  if (body['detail-type']) return body['detail-type']
  if (body.DDBStreamBatchInfo) return `${body.DDBStreamBatchInfo.batchSize} stream record(s)`
  if (body.message) return 'a task'
  return 'a scheduled run'
}

const orderIdOf = ({ detail, message }: Body): string | undefined => {
  const aggregate = detail?.aggregateId
  return detail?.data?.orderId ?? message?.orderId ?? (aggregate?.startsWith('ord_') ? aggregate : undefined)
}

const errorOf = ({ responsePayload }: Body): string => {
  const { errorType = 'an error', errorMessage = '' } = responsePayload ?? {}
  return [errorType, errorMessage].filter(Boolean).join(': ')
}

const reasonOf = ({ attributes }: DeadLetter, body: Body | undefined, lastError: string | undefined): string => {
  const { ERROR_CODE, ERROR_MESSAGE } = attributes
  if (ERROR_CODE) return `the rule could not deliver it: ${ERROR_CODE}${ERROR_MESSAGE ? ` (${ERROR_MESSAGE})` : ''}`
  const { condition, approximateInvokeCount = 0 } = body?.requestContext ?? {}
  if (body?.DDBStreamBatchInfo)
    return `the reader of the stream gave up after ${approximateInvokeCount} attempts (${condition})`
  if (body?.requestContext) return `failed ${approximateInvokeCount} times: ${errorOf(body)}`
  return `the consumer gave up after ${maxReceiveCount} attempts${lastError ? `: ${lastError}` : ''}`
}

/** @param lastError what the consumer's log says about the message, if anything */
export const describe = (message: DeadLetter, lastError?: string): Description => {
  const body = bodyOf(message)
  return {
    reason: reasonOf(message, body, lastError),
    what: body ? whatOf(body) : 'not a message of this shop',
    orderId: body && orderIdOf(body),
    traceparent: body?.detail?.traceparent ?? body?.traceparent,
  }
}
