/** Answers SQS's JSON protocol. */
import type { Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import { type Iam, likePattern } from '../iam/iam.ts'
import { type Json, type JsonObject, listOf, numberOf, objectOf, textOf, textsOf } from '../template/json.ts'
import { attributesMd5, md5, queueAttributes, systemAttributes } from './attributes.ts'
import { createMoves } from './moves.ts'
import type { Message, Queue, Sqs } from './sqs.ts'

const maxMessageBytes = 1_048_576
const maxWaitMs = 20_000

/** Those that the names ask for: `All`, a name, or the beginning of one with `.*` behind it. */
const only = (values: JsonObject, names: string[]): JsonObject => {
  const patterns = names.map((name) => (name === 'All' ? /^/ : likePattern(name.replace(/\.\*$/, '*'))))
  return Object.fromEntries(Object.entries(values).filter(([name]) => patterns.some((pattern) => pattern.test(name))))
}

/** A message as its receiver asked for it. */
const describe = (message: Message, input: JsonObject): JsonObject => {
  const own = only(message.attributes, textsOf(input.MessageAttributeNames))
  const names = [...textsOf(input.MessageSystemAttributeNames), ...textsOf(input.AttributeNames)]
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
export const createSqsApi = (sqs: Sqs, iam: Iam) => {
  const moves = createMoves(sqs)

  const queueOf = (input: JsonObject): Queue => {
    const queue = sqs.byUrl(textOf(input.QueueUrl))
    if (queue !== undefined) return queue
    throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.')
  }

  const permit = ({ caller, operation }: Call, resource: string): void => {
    const refusal = iam.refusal(caller, actionOf(operation), resource)
    if (refusal !== undefined) throw accessDenied(refusal)
  }

  const send = (call: Call, queue: Queue, entry: JsonObject): JsonObject => {
    const body = textOf(entry.MessageBody)
    const attributes = objectOf(entry.MessageAttributes)
    if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.')
    if (Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes)) > maxMessageBytes)
      throw new AwsError('InvalidParameterValue', 'One or more parameters are invalid. Reason: Message must be shorter')
    const delaySeconds = entry.DelaySeconds === undefined ? undefined : numberOf(entry.DelaySeconds, 0)
    if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900))
      throw new AwsError('InvalidParameterValue', 'DelaySeconds must be >= 0 and <= 900.')
    const system = objectOf(objectOf(entry.MessageSystemAttributes).AWSTraceHeader)
    const sender = call.caller.kind === 'function' ? `${call.caller.role}:${call.caller.functionName}` : 'local'
    const messageId = sqs.send(queue, {
      body,
      attributes,
      sender,
      traceHeader: textOf(system.StringValue) || call.traceHeader,
      ...(delaySeconds === undefined ? {} : { delayMs: delaySeconds * 1000 }),
    })
    const digest: JsonObject =
      Object.keys(attributes).length > 0 ? { MD5OfMessageAttributes: attributesMd5(attributes) } : {}
    return { MessageId: messageId, MD5OfMessageBody: md5(body), ...digest }
  }

  /** Runs each entry of a batch alone; one may fail while others succeed. */
  const batch = (input: JsonObject, run: (entry: JsonObject) => JsonObject): JsonObject => {
    const entries = listOf(input.Entries).map((entry) => objectOf(entry))
    if (entries.length === 0) throw new AwsError('AWS.SimpleQueueService.EmptyBatchRequest', 'The batch is empty.')
    if (entries.length > 10)
      throw new AwsError('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 'A batch holds at most 10 entries.')
    const Successful: Json[] = []
    const Failed: Json[] = []
    sqs.together(() => {
      for (const entry of entries) {
        try {
          Successful.push({ Id: entry.Id ?? '', ...run(entry) })
        } catch (error) {
          if (!(error instanceof AwsError)) throw error
          Failed.push({ Id: entry.Id ?? '', SenderFault: true, Code: error.code, Message: error.message })
        }
      }
    })
    return { Successful, Failed }
  }

  const receive = async ({ input, closed }: Call, queue: Queue): Promise<JsonObject> => {
    const limit = Math.min(Math.max(numberOf(input.MaxNumberOfMessages, 1), 1), 10)
    const visibility = input.VisibilityTimeout === undefined ? undefined : numberOf(input.VisibilityTimeout, 30) * 1000
    const waitMs = Math.min(numberOf(input.WaitTimeSeconds, queue.waitMs / 1000) * 1000, maxWaitMs)
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
    const Messages = messages.map((message) => describe(message, input))
    return Messages.length > 0 ? { Messages } : {}
  }

  const changeVisibility = (queue: Queue, entry: JsonObject): JsonObject => {
    const timeoutMs = numberOf(entry.VisibilityTimeout, 0) * 1000
    if (sqs.changeVisibility(queue, textOf(entry.ReceiptHandle), timeoutMs)) return {}
    throw new AwsError('InvalidParameterValue', 'The receipt handle belongs to no message in flight.')
  }

  const remove = (queue: Queue, entry: JsonObject): JsonObject => {
    sqs.remove(queue, textOf(entry.ReceiptHandle))
    return {}
  }

  return async (call: Call): Promise<JsonObject> => {
    const { operation, input } = call
    if (operation === 'ListQueues') {
      permit(call, '*')
      const prefix = textOf(input.QueueNamePrefix)
      return { QueueUrls: [...sqs.queues.values()].filter((q) => q.name.startsWith(prefix)).map((q) => q.url) }
    }
    if (operation === 'StartMessageMoveTask') return moves.start(input, (arn) => permit(call, arn))
    if (operation === 'ListMessageMoveTasks') return moves.list(input, (arn) => permit(call, arn))
    const queue = operation === 'GetQueueUrl' ? queueOf({ QueueUrl: textOf(input.QueueName) }) : queueOf(input)
    permit(call, queue.arn)
    switch (operation) {
      case 'GetQueueUrl':
        return { QueueUrl: queue.url }
      case 'SendMessage':
        return send(call, queue, input)
      case 'SendMessageBatch':
        return batch(input, (entry) => send(call, queue, entry))
      case 'ReceiveMessage':
        return receive(call, queue)
      case 'DeleteMessage':
        return remove(queue, input)
      case 'DeleteMessageBatch':
        return batch(input, (entry) => remove(queue, entry))
      case 'ChangeMessageVisibility':
        return changeVisibility(queue, input)
      case 'ChangeMessageVisibilityBatch':
        return batch(input, (entry) => changeVisibility(queue, entry))
      case 'GetQueueAttributes': {
        const names = textsOf(input.AttributeNames)
        const all = Object.entries(queueAttributes(sqs, queue))
        return { Attributes: Object.fromEntries(all.filter(([name]) => names.includes('All') || names.includes(name))) }
      }
      default:
        throw unknownOperation('SQS', operation)
    }
  }
}
