/** What a dead letter says about itself: five kinds of them, told apart by what their bodies hold. */
import { isDeepStrictEqual } from 'node:util'
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

/** An event as the bus hands it over. */
const BusEvent = z.object({
  'detail-type': z.string(),
  detail: z.object({
    id: z.optional(z.string()),
    traceparent: z.optional(z.string()),
    aggregateId: z.optional(z.string()),
    data: z.optional(Ids),
  }),
})
type BusEvent = z.infer<typeof BusEvent>

const Body = z.object({
  detail: z.optional(z.looseObject({})),
  /** A task's. */
  traceparent: z.optional(z.string()),
  message: z.optional(Ids),
  /** Lambda's word on what it gave up. */
  requestContext: z.optional(
    z.object({ condition: z.optional(z.string()), approximateInvokeCount: z.optional(z.number()) }),
  ),
  /** What the function was given. */
  requestPayload: z.optional(z.unknown()),
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

/** The event that a consumer failed on, or that its rule could not hand over: the message itself. */
const givenEvent = ({ body }: DeadLetter): unknown => {
  const parsed = jsonOf(body)
  return Body.safeParse(parsed).data?.requestPayload ?? parsed
}

const busEventOf = (message: DeadLetter): BusEvent | undefined => BusEvent.safeParse(givenEvent(message)).data

/** @returns the event as it was handed over, JSON text; undefined where the message holds none */
export const eventOf = (message: DeadLetter): string | undefined =>
  busEventOf(message) && JSON.stringify(givenEvent(message))

/** By this a consumer logs what it failed on. */
export const eventIdOf = (message: DeadLetter): string | undefined => busEventOf(message)?.detail.id

const unknown = 'not a message of this shop'

const whatOf = (body: Body, event: BusEvent | undefined): string => {
  if (event) return event['detail-type']
  if (body.DDBStreamBatchInfo) return `${body.DDBStreamBatchInfo.batchSize} stream record(s)`
  if (body.message) return 'a task'
  // A schedule hands over an empty object.
  return isDeepStrictEqual(body.requestPayload ?? {}, {}) ? 'a scheduled run' : unknown
}

const orderIdOf = ({ message }: Body, event: BusEvent | undefined): string | undefined => {
  const { aggregateId, data } = event?.detail ?? {}
  return data?.orderId ?? message?.orderId ?? (aggregateId?.startsWith('ord_') ? aggregateId : undefined)
}

/** Of an event that nobody was free to work off, Lambda knows no error. */
const errorOf = ({ requestContext, responsePayload }: Body): string => {
  if (requestContext?.condition === 'EventAgeExceeded') return 'it waited too long'
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
  return `the task gave up after ${maxReceiveCount} attempts${lastError ? `: ${lastError}` : ''}`
}

/** @param lastError what a task's log says about the message, if anything */
export const describe = (message: DeadLetter, lastError?: string): Description => {
  const body = bodyOf(message)
  const event = busEventOf(message)
  return {
    reason: reasonOf(message, body, lastError),
    what: body ? whatOf(body, event) : unknown,
    orderId: body && orderIdOf(body, event),
    traceparent: event?.detail.traceparent ?? body?.traceparent,
  }
}
