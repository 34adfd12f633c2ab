/**
 * Events reach a function by a rule that invokes it; what fails for good, at either end, lies in the dead-letter queue. There is
 * no queue between the two: Lambda keeps events and tries them again by itself, which costs nothing, where a queue costs three
 * requests a message and is asked for some all the time.
 */
import { Duration } from 'aws-cdk-lib'
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { ConsumerDeclaration } from '../../../shared/contract/endpoint.ts'
import { sourceOf } from '../../../shared/contract/event.ts'
import { giveUpInto } from './async-invocation.ts'
import { DeadLetterQueue } from './dead-letter-queue.ts'

export type EventConsumerProps = {
  bus: IEventBus
  fn: IFunction
  functionName: string
  declaration: ConsumerDeclaration
}

export class EventConsumer extends Construct {
  readonly deadLetters: DeadLetterQueue
  readonly hearsEvents = true

  constructor(scope: Construct, id: string, { bus, fn, functionName, declaration }: EventConsumerProps) {
    super(scope, id)
    this.deadLetters = new DeadLetterQueue(this, 'dead-letters', functionName)
    new Rule(this, 'rule', {
      eventBus: bus,
      description: declaration.summary,
      eventPattern: {
        source: [...new Set(declaration.on.map(sourceOf))],
        detailType: declaration.on.map(({ type }) => type),
      },
      targets: [
        // So long the bus offers an event that Lambda does not take in: the function's own attempts begin only then.
        new LambdaTarget(fn, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    })
    giveUpInto(fn, this.deadLetters)
  }
}
