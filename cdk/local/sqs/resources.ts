/** Declares what templates may say about queues. */
import * as z from 'zod/mini'
import { policyDocument } from '../iam/resources.ts'
import { arn, byLogicalId, type Identity, queueName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { ignored, listOf, number, text } from '../template/values.ts'

const queueUrl = (identity: Identity): string => `${identity.awsEndpoint}/${identity.account}/${queueName(identity)}`

export const queueType = resourceType(
  'AWS::SQS::Queue',
  z.strictObject({
    DelaySeconds: z._default(number, 0),
    KmsMasterKeyId: ignored,
    MessageRetentionPeriod: z._default(number, 345_600),
    QueueName: ignored,
    ReceiveMessageWaitTimeSeconds: z._default(number, 0),
    RedriveAllowPolicy: ignored,
    RedrivePolicy: z.optional(z.strictObject({ deadLetterTargetArn: text, maxReceiveCount: z._default(number, 10) })),
    SqsManagedSseEnabled: ignored,
    Tags: ignored,
    VisibilityTimeout: z._default(number, 30),
  }),
  { ref: queueUrl, attributes: { Arn: arn('sqs', queueName), QueueName: queueName, QueueUrl: queueUrl } },
)

export const queuePolicyType = resourceType(
  'AWS::SQS::QueuePolicy',
  z.strictObject({ PolicyDocument: policyDocument, Queues: listOf(text) }),
  { ref: byLogicalId },
)
