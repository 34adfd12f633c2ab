/** Answers SQS's JSON protocol. */
import type * as z from 'zod/mini'
import type { Call, Service } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import { readInput } from '../endpoint/input.ts'
import { type Iam, likePattern } from '../iam/iam.ts'
import type { Json, JsonObject } from '../template/json.ts'
import { attributesMd5, md5, queueAttributes, systemAttributes } from './attributes.ts'
import { type AskedMessages, entries, inputs, type SentMessage } from './inputs.ts'
import { createMoves } from './moves.ts'
import type { Message, Queue, Sqs } from './sqs.ts'

const maxMessageBytes = 1_048_576

const read = <Schema extends z.core.$ZodType>(schema: Schema, given: unknown): z.output<Schema> =>
  readInput(schema, given, { invalid: 'InvalidParameterValue', missing: 'MissingParameter' })

/** Those that the names ask for: `All`, a name, or the beginning of one with `.*` behind it. */
const only = (values: JsonObject, names: string[]): JsonObject => {
  const patterns = names.map((name) => (name === 'All' ? /^/ : likePattern(name.replace(/\.\*$/, '*'))))
  return Object.fromEntries(Object.entries(values).filter(([name]) => patterns.some((pattern) => pattern.test(name))))
}

/** A message as its receiver asked for it. */
const describe = (message: Message, asked: AskedMessages): JsonObject => {
  const own = only(message.attributes, asked.MessageAttributeNames)
  const names = [...asked.MessageSystemAttributeNames, ...asked.AttributeNames]
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: only(systemAttributes(message), names),
    ...(Object.keys(own).length > 0 && { MessageAttributes: own, MD5OfMessageAttributes: attributesMd5(own) }),
  }
}

/** The action of each operation, where it is not the operation's own name. */
const actionOf = (operation: string): string => `sqs:${operation.replace(/Batch$/, '')}`

/** SQS's JSON protocol. */
export const createSqsApi = (sqs: Sqs, iam: Iam): Service => {
  const moves = createMoves(sqs)

  const queueOf = (url: string): Queue => {
    const queue = sqs.byUrl(url)
    if (queue !== undefined) return queue
    throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.')
  }

  const permit = ({ caller, operation }: Call, resource: string): void => {
    const refusal = iam.refusal(caller, actionOf(operation), resource)
    if (refusal !== undefined) throw accessDenied(refusal)
  }

  const send = (call: Call, queue: Queue, message: SentMessage): JsonObject => {
    const { MessageBody: body, MessageAttributes: attributes, MessageSystemAttributes: system } = message
    if (Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes)) > maxMessageBytes)
      throw new AwsError('InvalidParameterValue', 'One or more parameters are invalid. Reason: Message must be shorter')
    const sender = call.caller.kind === 'function' ? `${call.caller.role}:${call.caller.functionName}` : 'local'
    const messageId = sqs.send(queue, {
      body,
      attributes,
      sender,
      traceHeader: system?.AWSTraceHeader?.StringValue || call.traceHeader,
      ...(message.DelaySeconds === undefined ? {} : { delayMs: message.DelaySeconds * 1000 }),
    })
    const digest: JsonObject =
      Object.keys(attributes).length > 0 ? { MD5OfMessageAttributes: attributesMd5(attributes) } : {}
    return { MessageId: messageId, MD5OfMessageBody: md5(body), ...digest }
  }

  const receive = async ({ closed }: Call, queue: Queue, asked: AskedMessages): Promise<JsonObject> => {
    const limit = asked.MaxNumberOfMessages
    const visibility = asked.VisibilityTimeout === undefined ? undefined : asked.VisibilityTimeout * 1000
    const waitMs = asked.WaitTimeSeconds === undefined ? queue.waitMs : asked.WaitTimeSeconds * 1000
    let messages = sqs.receive(queue, limit, visibility)
    if (messages.length === 0 && waitMs > 0) {
      messages = await new Promise<Message[]>((resolve) => {
        const finish = (found: Message[]): void => {
          stopWatching()
          clearTimeout(timer)
          resolve(found)
        }
        const timer = setTimeout(() => finish([]), waitMs)
        const stopWatching = sqs.onVisible(queue, () => {
          const found = sqs.receive(queue, limit, visibility)
          if (found.length > 0) finish(found)
        })
        closed.addEventListener('abort', () => finish([]), { once: true })
      })
    }
    const Messages = messages.map((message) => describe(message, asked))
    return Messages.length > 0 ? { Messages } : {}
  }

  const changeVisibility = (queue: Queue, receipt: string, seconds: number): JsonObject => {
    if (sqs.changeVisibility(queue, receipt, seconds * 1000)) return {}
    throw new AwsError('InvalidParameterValue', 'The receipt handle belongs to no message in flight.')
  }

  const remove = (queue: Queue, receipt: string): JsonObject => {
    sqs.remove(queue, receipt)
    return {}
  }

  /** An operation on one queue, with what it may be told. */
  const onQueue =
    <Schema extends z.core.$ZodType<{ QueueUrl: string }>>(
      schema: Schema,
      run: (queue: Queue, input: z.output<Schema>, call: Call) => JsonObject | Promise<JsonObject>,
    ): Service =>
    (call) => {
      const input = read(schema, call.input)
      const queue = queueOf(input.QueueUrl)
      permit(call, queue.arn)
      return run(queue, input, call)
    }

  /** Runs each entry of a batch alone; one may fail while others succeed. */
  const onEach = <Schema extends z.core.$ZodType>(
    schema: Schema,
    run: (queue: Queue, entry: z.output<Schema>, call: Call) => JsonObject,
  ): Service =>
    onQueue(inputs.Batch, (queue, { Entries }, call) => {
      if (Entries.length === 0) throw new AwsError('AWS.SimpleQueueService.EmptyBatchRequest', 'The batch is empty.')
      if (Entries.length > 10)
        throw new AwsError('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 'A batch holds at most 10 entries.')
      const Successful: Json[] = []
      const Failed: Json[] = []
      sqs.together(() => {
        for (const entry of Entries) {
          try {
            Successful.push({ Id: entry.Id, ...run(queue, read(schema, entry), call) })
          } catch (error) {
            if (!(error instanceof AwsError)) throw error
            Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message })
          }
        }
      })
      return { Successful, Failed }
    })

  const operations = new Map<string, Service>(
    Object.entries<Service>({
      ListQueues(call) {
        permit(call, '*')
        const { QueueNamePrefix } = read(inputs.ListQueues, call.input)
        const found = [...sqs.queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix))
        return { QueueUrls: found.map(({ url }) => url) }
      },
      GetQueueUrl(call) {
        const queue = queueOf(read(inputs.GetQueueUrl, call.input).QueueName)
        permit(call, queue.arn)
        return { QueueUrl: queue.url }
      },
      StartMessageMoveTask: (call) =>
        moves.start(read(inputs.StartMessageMoveTask, call.input), (arn) => permit(call, arn)),
      ListMessageMoveTasks: (call) =>
        moves.list(read(inputs.ListMessageMoveTasks, call.input).SourceArn, (arn) => permit(call, arn)),
      SendMessage: onQueue(inputs.SendMessage, (queue, input, call) => send(call, queue, input)),
      SendMessageBatch: onEach(entries.SendMessageBatch, (queue, entry, call) => send(call, queue, entry)),
      ReceiveMessage: onQueue(inputs.ReceiveMessage, (queue, input, call) => receive(call, queue, input)),
      DeleteMessage: onQueue(inputs.DeleteMessage, (queue, { ReceiptHandle }) => remove(queue, ReceiptHandle)),
      DeleteMessageBatch: onEach(entries.DeleteMessageBatch, (queue, { ReceiptHandle }) =>
        remove(queue, ReceiptHandle),
      ),
      ChangeMessageVisibility: onQueue(inputs.ChangeMessageVisibility, (queue, { ReceiptHandle, VisibilityTimeout }) =>
        changeVisibility(queue, ReceiptHandle, VisibilityTimeout),
      ),
      ChangeMessageVisibilityBatch: onEach(
        entries.ChangeMessageVisibilityBatch,
        (queue, { ReceiptHandle, VisibilityTimeout }) => changeVisibility(queue, ReceiptHandle, VisibilityTimeout),
      ),
      GetQueueAttributes: onQueue(inputs.GetQueueAttributes, (queue, { AttributeNames: names }) => {
        const all = Object.entries(queueAttributes(sqs, queue))
        return { Attributes: Object.fromEntries(all.filter(([name]) => names.includes('All') || names.includes(name))) }
      }),
    }),
  )

  return (call) => {
    const run = operations.get(call.operation)
    if (run === undefined) throw unknownOperation('SQS', call.operation)
    return run(call)
  }
}
