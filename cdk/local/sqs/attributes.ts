/** Writes attributes of messages and queues as SQS does, with the digests that the SDK checks. */
import { createHash } from 'node:crypto'
import { type JsonObject, objectOf, textOf } from '../template/json.ts'
import type { Message, Queue, Sqs } from './sqs.ts'

export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex')

/** The digest that the SDK checks: name, type and value of each attribute in order of the names. */
export const attributesMd5 = (attributes: JsonObject): string => {
  const parts: Buffer[] = []
  const add = (data: Buffer): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    parts.push(length, data)
  }
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = objectOf(attributes[name])
    add(Buffer.from(name))
    add(Buffer.from(textOf(DataType)))
    parts.push(Buffer.from([BinaryValue === undefined ? 1 : 2]))
    add(BinaryValue === undefined ? Buffer.from(textOf(StringValue)) : Buffer.from(textOf(BinaryValue), 'base64'))
  }
  return md5(Buffer.concat(parts))
}

/** The system attributes of a received message, as text. */
export const systemAttributes = (message: Message): { [name: string]: string } => ({
  ApproximateReceiveCount: String(message.receiveCount),
  ...(message.traceHeader === '' ? {} : { AWSTraceHeader: message.traceHeader }),
  SentTimestamp: String(message.sentAtMs),
  SenderId: message.sender,
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
})

/** A queue's attributes, as text. */
export const queueAttributes = (sqs: Sqs, queue: Queue): { [name: string]: string } => {
  const { visible, inFlight, delayed } = sqs.counts(queue)
  const { redrive } = queue
  const target = redrive === undefined ? undefined : sqs.queues.get(redrive.deadLetterQueue)
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(queue.visibilityTimeoutMs / 1000),
    MessageRetentionPeriod: String(queue.retentionMs / 1000),
    DelaySeconds: String(queue.delayMs / 1000),
    ReceiveMessageWaitTimeSeconds: String(queue.waitMs / 1000),
    ...(redrive === undefined || target === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: target.arn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
  }
}
