import { type ResourcePolicy, resourcePolicy } from '../iam/iam.ts'
import { StartError } from '../start-error.ts'
import { numberOf, objectOf, textOf, textsOf } from '../template/json.ts'
import type { Template } from '../template/template.ts'

export type Queue = {
  name: string
  arn: string
  url: string
  visibilityTimeoutMs: number
  retentionMs: number
  delayMs: number
  waitMs: number
  redrive?: { deadLetterQueue: string; maxReceiveCount: number }
  policy: ResourcePolicy
  /** Some queue's redrive policy, a rule's target, a stream's mapping or a function sends its failures here. */
  isDeadLetterQueue: boolean
}

/** Reads every queue with its policies, and which of them take what failed elsewhere. */
export const readQueues = (template: Template): Map<string, Queue> => {
  const policies = template.ofType('AWS::SQS::QueuePolicy')
  const resources = template.ofType('AWS::SQS::Queue')
  const queues = new Map<string, Queue>()
  const deadLetterArns = new Set<string>()
  for (const { properties, logicalId, stack, name: url, attribute } of resources) {
    const documents = policies.filter((policy) => textsOf(policy.properties.Queues).includes(url))
    const redrive = objectOf(properties.RedrivePolicy)
    const target = textOf(redrive.deadLetterTargetArn)
    if (target !== '') deadLetterArns.add(target)
    const queue: Queue = {
      name: attribute('QueueName'),
      arn: attribute('Arn'),
      url,
      visibilityTimeoutMs: numberOf(properties.VisibilityTimeout, 30) * 1000,
      retentionMs: numberOf(properties.MessageRetentionPeriod, 345_600) * 1000,
      delayMs: numberOf(properties.DelaySeconds, 0) * 1000,
      waitMs: numberOf(properties.ReceiveMessageWaitTimeSeconds, 0) * 1000,
      policy: resourcePolicy(
        documents.map((policy) => policy.properties.PolicyDocument ?? null),
        `stack ${stack}, resource ${logicalId} (AWS::SQS::Queue)`,
      ),
      isDeadLetterQueue: false,
    }
    if (target !== '') {
      const deadLetterQueue = target.split(':').at(-1) ?? ''
      queue.redrive = { deadLetterQueue, maxReceiveCount: numberOf(redrive.maxReceiveCount, 10) }
    }
    queues.set(queue.name, queue)
  }
  for (const rule of template.ofType('AWS::Events::Rule')) {
    for (const target of Array.isArray(rule.properties.Targets) ? rule.properties.Targets : []) {
      deadLetterArns.add(textOf(objectOf(objectOf(target).DeadLetterConfig).Arn))
    }
  }
  for (const type of ['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig'])
    for (const { properties } of template.ofType(type))
      deadLetterArns.add(textOf(objectOf(objectOf(properties.DestinationConfig).OnFailure).Destination))
  for (const queue of queues.values()) {
    queue.isDeadLetterQueue = deadLetterArns.has(queue.arn)
    if (queue.redrive !== undefined && !queues.has(queue.redrive.deadLetterQueue)) {
      throw new StartError(`queue ${queue.name}: its dead-letter queue ${queue.redrive.deadLetterQueue} does not exist`)
    }
  }
  return queues
}
