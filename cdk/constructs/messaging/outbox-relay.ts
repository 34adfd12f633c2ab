/** Publishes the events that a service's writes carry. It reads only images with an outbox, so other writes cost no invocation. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { FilterRule, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { deadLettersVariable } from '../../../shared/contract/task-queue.ts'
import { relayEntry } from '../entries.ts'
import { ShopFunction } from '../shop-function.ts'
import type { StackContext } from '../stack-context.ts'
import { StreamReader } from './stream-reader.ts'

export type OutboxRelayProps = { context: StackContext; service: string; table: ITable; bus: IEventBus }

export class OutboxRelay extends Construct {
  readonly lambda: LambdaFunction
  readonly reader: StreamReader

  constructor(scope: Construct, id: string, { context, service, table, bus }: OutboxRelayProps) {
    super(scope, id)
    const { lambda, functionName } = new ShopFunction(this, 'function', context, {
      kind: 'relay',
      service,
      name: 'relay',
      entry: relayEntry,
      needs: { summary: `Publishes the events that ${service} wrote` },
      environment: { EVENT_BUS_NAME: bus.eventBusName },
    })
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        // In no other service's name: who hears of a payment acts on it.
        conditions: { StringEquals: { 'events:source': `shop.${service}` } },
      }),
    )
    this.lambda = lambda
    this.reader = new StreamReader(this, 'reader', {
      table,
      fn: lambda,
      functionName,
      records: { NewImage: { outboxVersion: { N: FilterRule.exists() } } },
    })
    // It may send there already, as what its reader gives up goes there by its role.
    lambda.addEnvironment(deadLettersVariable, this.reader.deadLetters.queueUrl)
  }
}
