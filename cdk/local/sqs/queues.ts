/** Reads every queue with its policies, and which of them take what failed elsewhere. */
import { eventSourceMappingType } from '../event-sources/resources.ts'
import { ruleType } from '../events/resources.ts'
import { type ResourcePolicy, resourcePolicy } from '../iam/iam.ts'
import { eventInvokeConfigType } from '../lambda/resources.ts'
import { StartError } from '../start-error.ts'
import type { Template } from '../template/template.ts'
import { queuePolicyType, queueType } from './resources.ts'

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

/** The queues that take what failed elsewhere, by ARN, whoever sends it. */
const deadLetterArns = (template: Template): Set<string | undefined> =>
  new Set([
    ...template.ofType(queueType).map(({ properties }) => properties.RedrivePolicy?.deadLetterTargetArn),
    ...template
      .ofType(ruleType)
      .flatMap(({ properties }) => properties.Targets.map((each) => each.DeadLetterConfig?.Arn)),
    ...[...template.ofType(eventSourceMappingType), ...template.ofType(eventInvokeConfigType)].map(
      ({ properties }) => properties.DestinationConfig?.OnFailure?.Destination,
    ),
  ])

/** Reads every queue with its policies, and which of them take what failed elsewhere. */
export const readQueues = (template: Template): Map<string, Queue> => {
  const policies = template.ofType(queuePolicyType).map(({ properties }) => properties)
  const deadLetters = deadLetterArns(template)
  const queues = new Map<string, Queue>()
  for (const { properties, where, name: url, attribute } of template.ofType(queueType)) {
    const { RedrivePolicy } = properties
    const arn = attribute('Arn')
    const queue: Queue = {
      name: attribute('QueueName'),
      arn,
      url,
      visibilityTimeoutMs: properties.VisibilityTimeout * 1000,
      retentionMs: properties.MessageRetentionPeriod * 1000,
      delayMs: properties.DelaySeconds * 1000,
      waitMs: properties.ReceiveMessageWaitTimeSeconds * 1000,
      policy: resourcePolicy(
        policies.filter(({ Queues }) => Queues.includes(url)).map(({ PolicyDocument }) => PolicyDocument),
        where,
      ),
      isDeadLetterQueue: deadLetters.has(arn),
      ...(RedrivePolicy && {
        redrive: {
          deadLetterQueue: RedrivePolicy.deadLetterTargetArn.split(':').at(-1) ?? '',
          maxReceiveCount: RedrivePolicy.maxReceiveCount,
        },
      }),
    }
    queues.set(queue.name, queue)
  }
  for (const { name, redrive } of queues.values())
    if (redrive !== undefined && !queues.has(redrive.deadLetterQueue))
      throw new StartError(`queue ${name}: its dead-letter queue ${redrive.deadLetterQueue} does not exist`)
  return queues
}
