/** Keeps what a function failed on for good until a person has looked at it; an alarm tells when something lies there. */
import { Duration, Validations } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { deadLettersOf } from './dead-letters.ts'

export class DeadLetterQueue extends Queue {
  /** @param functionName the deployed name of the function whose failures it holds */
  constructor(scope: Construct, id: string, functionName: string) {
    super(scope, id, {
      queueName: deadLettersOf(functionName),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: also where it is that of a stream or a schedule, not of another queue',
    })
  }
}
