/** A queue that one function works off, and its dead letters. */
import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type FunctionNeeds, maxReceiveCount, visibilitySecondsOf } from '../../../shared/contract/endpoint.ts'
import { batchingWindow } from './batching-window.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export type WorkQueueProps = {
  /** The deployed name of the function; the queue is called the same, so that whoever sees one knows the other. */
  functionName: string
  needs: FunctionNeeds & { visibilitySeconds?: number; maxBatchingSeconds?: number }
  delaySeconds?: number
}

export class WorkQueue extends Construct {
  readonly queue: Queue
  readonly deadLetters: DeadLetterQueue
  private readonly maxBatchingSeconds: number | undefined

  constructor(scope: Construct, id: string, { functionName, needs, delaySeconds = 0 }: WorkQueueProps) {
    super(scope, id)
    this.maxBatchingSeconds = needs.maxBatchingSeconds
    this.deadLetters = new DeadLetterQueue(this, 'dead-letters', functionName)
    this.queue = new Queue(this, 'queue', {
      queueName: functionName,
      visibilityTimeout: Duration.seconds(visibilitySecondsOf(needs)),
      deliveryDelay: Duration.seconds(delaySeconds),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    })
  }

  /** @param fn is given its messages, by tens, to twenty instances at most */
  workedOffBy(fn: IFunction): void {
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: 20,
        ...batchingWindow(this.maxBatchingSeconds),
      }),
    )
  }
}
