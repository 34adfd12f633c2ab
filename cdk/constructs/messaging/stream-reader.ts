/** Tells a function of writes to a table, by the table's stream; what it fails on for good is noted in its dead-letter queue. */
import { Duration, Validations } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export type StreamReaderProps = {
  table: ITable
  fn: IFunction
  functionName: string
  /** Which records start the function, as Lambda's filters say it; other writes cost no invocation. */
  records: object
  maxBatchingSeconds?: number | undefined
}

export class StreamReader extends Construct {
  readonly deadLetters: DeadLetterQueue
  readonly readsStream = true

  constructor(scope: Construct, id: string, props: StreamReaderProps) {
    super(scope, id)
    const { table, fn, functionName, records, maxBatchingSeconds } = props
    this.deadLetters = new DeadLetterQueue(this, 'dead-letters', functionName)
    if (fn.role)
      Validations.of(fn.role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'dynamodb:ListStreams knows no resources to name; test/cdk holds that nothing else is meant',
      })
    fn.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 50,
        maxRecordAge: Duration.hours(20),
        onFailure: new SqsDlq(this.deadLetters),
        filters: [FilterCriteria.filter({ dynamodb: records })],
        ...(maxBatchingSeconds !== undefined && { maxBatchingWindow: Duration.seconds(maxBatchingSeconds) }),
      }),
    )
  }
}
