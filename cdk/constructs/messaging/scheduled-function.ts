/**
 * Runs a function by the clock. A run that could not be started, and one whose function failed for good, leave word in the
 * dead-letter queue.
 */
import { Duration } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { giveUpInto } from './async-invocation.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export type ScheduledFunctionProps = { fn: IFunction; functionName: string; everyMinutes: number }

export class ScheduledFunction extends Construct {
  readonly deadLetters: DeadLetterQueue

  constructor(scope: Construct, id: string, { fn, functionName, everyMinutes }: ScheduledFunctionProps) {
    super(scope, id)
    this.deadLetters = new DeadLetterQueue(this, 'dead-letters', functionName)
    new Rule(this, 'rule', {
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [
        new LambdaTarget(fn, {
          event: RuleTargetInput.fromObject({}),
          retryAttempts: 0,
          deadLetterQueue: this.deadLetters,
        }),
      ],
    })
    giveUpInto(fn, this.deadLetters)
  }
}
