/** Declares what operations on queues may be told. What is for FIFO queues alone is left out. */
import * as z from 'zod/mini'

const text = z.string().check(z.minLength(1))
const names = z._default(z.array(text), [])
const secondsUpTo = (most: number) => z.int().check(z.minimum(0), z.maximum(most))
const visibilitySeconds = secondsUpTo(43_200)

const attribute = z.strictObject({
  DataType: text,
  StringValue: z.exactOptional(z.string()),
  BinaryValue: z.exactOptional(z.string()),
})

const queue = { QueueUrl: text }
const message = {
  MessageBody: text,
  DelaySeconds: z.optional(secondsUpTo(900)),
  MessageAttributes: z._default(z.record(z.string(), attribute), {}),
  MessageSystemAttributes: z.optional(z.strictObject({ AWSTraceHeader: z.optional(attribute) })),
}
const received = { ReceiptHandle: text }
const visible = { ...received, VisibilityTimeout: visibilitySeconds }

/** Its entries are read one by one, since each may fail alone. */
const batch = z.strictObject({ ...queue, Entries: z.array(z.looseObject({ Id: text })) })

export const inputs = {
  Batch: batch,
  ChangeMessageVisibility: z.strictObject({ ...queue, ...visible }),
  DeleteMessage: z.strictObject({ ...queue, ...received }),
  GetQueueAttributes: z.strictObject({ ...queue, AttributeNames: names }),
  GetQueueUrl: z.strictObject({ QueueName: text }),
  ListMessageMoveTasks: z.strictObject({
    SourceArn: text,
    MaxResults: z.optional(z.int().check(z.minimum(1), z.maximum(10))),
  }),
  // All are listed at once: as many as an answer of AWS holds at most.
  ListQueues: z.strictObject({ QueueNamePrefix: z._default(z.string(), ''), MaxResults: z.optional(z.literal(1000)) }),
  ReceiveMessage: z.strictObject({
    ...queue,
    AttributeNames: names,
    MaxNumberOfMessages: z._default(z.int().check(z.minimum(1), z.maximum(10)), 1),
    MessageAttributeNames: names,
    MessageSystemAttributeNames: names,
    VisibilityTimeout: z.optional(visibilitySeconds),
    WaitTimeSeconds: z.optional(secondsUpTo(20)),
  }),
  SendMessage: z.strictObject({ ...queue, ...message }),
  StartMessageMoveTask: z.strictObject({ SourceArn: text, DestinationArn: z.optional(text) }),
}

const id = { Id: text }
export const entries = {
  ChangeMessageVisibilityBatch: z.strictObject({ ...id, ...visible }),
  DeleteMessageBatch: z.strictObject({ ...id, ...received }),
  SendMessageBatch: z.strictObject({ ...id, ...message }),
}

const sent = z.strictObject(message)
export type SentMessage = z.output<typeof sent>
export type AskedMessages = z.output<typeof inputs.ReceiveMessage>
export type AskedMove = z.output<typeof inputs.StartMessageMoveTask>
