/** The dead-letter queues of a shop, and the messages in them. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { services } from '../../../functions/services.ts'
import { kebab } from '../../../shared/contract/endpoint.ts'
import { functionOfDeadLetters } from '../../constructs/messaging/dead-letters.ts'
import type { Access } from './access.ts'
import { CannotError } from './cannot-error.ts'
import type { DeadLetter } from './messages.ts'
import { streamReaderNamed } from './stream.ts'

export type DeadLetterQueue = {
  /** Without the stage's prefix and without `-dead-letters`: `orders-relay`. */
  name: string
  /** The function whose failures it holds. */
  functionName: string
  url: string
  arn: string
  /** How many messages lie there, those that someone looks at just now included; about right, as SQS counts. */
  depth: number
  /** What redrive has to do: put messages back, invoke with events again, read a stream again, or run a function once more. */
  kind: 'task' | 'consumer' | 'stream' | 'schedule'
  /** The queue that its messages come from; only of the kind `task`. */
  sourceUrl: string | undefined
}

const listUrls = async ({ sqs, prefix }: Access): Promise<string[]> => {
  const urls: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: `${prefix}-`, MaxResults: 1000, ...(NextToken && { NextToken }) }),
    )
    urls.push(...(page.QueueUrls ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return urls
}

/** How the names of consumers' functions end: `-orders-settle-order`. */
const consumerEnds = services.flatMap(({ name, consumers = {} }) =>
  Object.keys(consumers).map((key) => `-${name}-${kebab(key)}`),
)

const nameIn = (url: string): string => url.split('/').at(-1) ?? ''

const kindOf = (functionName: string, hasSource: boolean): DeadLetterQueue['kind'] => {
  if (hasSource) return 'task'
  if (streamReaderNamed(functionName)) return 'stream'
  return consumerEnds.some((end) => functionName.endsWith(end)) ? 'consumer' : 'schedule'
}

/** Every dead-letter queue of the shop, by name. @throws CannotError when there is none: no shop is deployed there */
export const findQueues = async (access: Access): Promise<DeadLetterQueue[]> => {
  const urls = await listUrls(access)
  const urlOf = new Map(urls.map((url) => [nameIn(url), url]))
  const found = urls.flatMap((url) => {
    const functionName = functionOfDeadLetters(nameIn(url))
    return functionName === undefined ? [] : [{ url, functionName, sourceUrl: urlOf.get(functionName) }]
  })
  if (found.length === 0)
    throw new CannotError(
      `${access.shop} has no queues whose names begin with ${access.prefix}-`,
      'is this the right account and region (AWS_PROFILE, AWS_REGION)?',
    )
  const queues = found.map(async ({ url, functionName, sourceUrl }) => {
    const { Attributes = {} } = await access.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    )
    return {
      name: functionName.slice(access.prefix.length + 1),
      functionName,
      url,
      arn: Attributes.QueueArn ?? '',
      depth:
        Number(Attributes.ApproximateNumberOfMessages ?? 0) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      kind: kindOf(functionName, sourceUrl !== undefined),
      sourceUrl,
    }
  })
  return (await Promise.all(queues)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The queue of this name, long or short. @throws CannotError that says which there are */
export const queueNamed = (queues: readonly DeadLetterQueue[], name: string): DeadLetterQueue => {
  const wanted = functionOfDeadLetters(name) ?? name
  const queue = queues.find((each) => each.name === wanted || each.functionName === wanted)
  if (queue) return queue
  const filled = queues.filter(({ depth }) => depth > 0).map((each) => each.name)
  throw new CannotError(
    `there is no dead-letter queue "${name}"`,
    filled.length > 0 ? `these hold messages: ${filled.join(', ')}` : 'none of them holds a message',
  )
}

const toDeadLetter = ({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }: Message): DeadLetter => ({
  id: MessageId ?? '',
  receipt: ReceiptHandle ?? '',
  body: Body ?? '',
  sentAtMs: Number(Attributes?.SentTimestamp ?? 0),
  attributes: Object.fromEntries(
    Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
      StringValue === undefined ? [] : [[name, StringValue]],
    ),
  ),
})

const receive = async ({ sqs }: Access, { url }: DeadLetterQueue, seconds: number): Promise<DeadLetter[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: seconds,
      // Asks all of SQS's servers: without waiting, an answer may be empty though there are messages.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp'],
      MessageAttributeNames: ['All'],
    }),
  )
  return Messages.map(toDeadLetter)
}

/** Takes up to `limit` messages; nobody else sees them for `seconds`. */
export const take = async (
  access: Access,
  queue: DeadLetterQueue,
  { limit, seconds }: { limit: number; seconds: number },
): Promise<DeadLetter[]> => {
  const taken = new Map<string, DeadLetter>()
  while (taken.size < Math.min(limit, queue.depth)) {
    const messages = await receive(access, queue, seconds)
    if (messages.length === 0) break
    for (const message of messages) taken.set(message.id, message)
  }
  return [...taken.values()].sort((a, b) => a.sentAtMs - b.sentAtMs)
}

/** Lets everyone see the messages again. */
export const giveBack = async ({ sqs }: Access, { url }: DeadLetterQueue, messages: readonly DeadLetter[]) => {
  for (let start = 0; start < messages.length; start += 10)
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: messages.slice(start, start + 10).map(({ receipt }, index) => ({
          Id: String(index),
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        })),
      }),
    )
}

/** The oldest messages, up to `limit`, which stay where they are. */
export const look = async (access: Access, queue: DeadLetterQueue, limit: number): Promise<DeadLetter[]> => {
  const messages = await take(access, queue, { limit, seconds: 60 })
  await giveBack(access, queue, messages)
  return messages
}

export const remove = async ({ sqs }: Access, { url }: DeadLetterQueue, { receipt }: DeadLetter): Promise<void> => {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }))
}
