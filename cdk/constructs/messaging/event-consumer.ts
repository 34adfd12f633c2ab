/** Events reach a function by a rule and a queue; what fails for good, at either end, lies in the dead-letter queue. */
import { Duration } from 'aws-cdk-lib'
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { ConsumerDeclaration } from '../../../shared/contract/endpoint.ts'
import { sourceOf } from '../../../shared/contract/event.ts'
import { WorkQueue } from './work-queue.ts'

export type EventConsumerProps = {
  bus: IEventBus
  fn: IFunction
  functionName: string
  declaration: ConsumerDeclaration
}

export class EventConsumer extends WorkQueue {
  constructor(scope: Construct, id: string, { bus, fn, functionName, declaration }: EventConsumerProps) {
    super(scope, id, { functionName, needs: declaration })
    new Rule(this, 'rule', {
      eventBus: bus,
      description: declaration.summary,
      eventPattern: {
        source: [...new Set(declaration.on.map(sourceOf))],
        detailType: declaration.on.map(({ type }) => type),
      },
      targets: [
        new SqsQueue(this.queue, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    })
    this.workedOffBy(fn)
  }
}
