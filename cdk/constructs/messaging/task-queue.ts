/**
 * The queue of a task: functions of its service put messages aside in it, and one works them off later. It takes a queue because
 * messages wait for their time, and because a function can put one there in the very moment in which it ends.
 */
import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { maxReceiveCount, type TaskDeclaration, visibilitySecondsOf } from '../../../shared/contract/endpoint.ts'
import { queueVariable } from '../../../shared/contract/task-queue.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export type TaskQueueProps = {
  /** As its function's file: `send-mail`. */
  task: string
  /** The queue is called the same, so that whoever sees one knows the other. */
  functionName: string
  declaration: TaskDeclaration
}

export class TaskQueue extends Construct {
  readonly queue: Queue
  readonly deadLetters: DeadLetterQueue
  private readonly task: string

  constructor(scope: Construct, id: string, { task, functionName, declaration }: TaskQueueProps) {
    super(scope, id)
    this.task = task
    this.deadLetters = new DeadLetterQueue(this, 'dead-letters', functionName)
    this.queue = new Queue(this, 'queue', {
      queueName: functionName,
      visibilityTimeout: Duration.seconds(visibilitySecondsOf(declaration)),
      deliveryDelay: Duration.seconds(declaration.delaySeconds),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    })
  }

  /** Lets a function put messages into it. */
  openTo(fn: LambdaFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }))
    fn.addEnvironment(queueVariable(this.task), this.queue.queueUrl)
  }

  /**
   * @param fn is given its messages, by tens. How many instances may do so at once is not limited: under such a limit Lambda
   * asks an empty queue with five pollers instead of two, and every question costs.
   */
  workedOffBy(fn: IFunction): void {
    fn.addEventSource(new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }))
  }
}
