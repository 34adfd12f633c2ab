/**
 * A service's stack, made from its declaration: table, outbox relay, endpoints, procedures, consumers, projections,
 * schedules, and what watches them. What a declaration cannot say (a signing key, a mail identity) the service's own stack file adds.
 */
import { Duration, Stack, Tags, Validations } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  FilterCriteria,
  FilterRule,
  type IFunction,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import {
  type ConsumerDeclaration,
  type EndpointDeclaration,
  type FunctionNeeds,
  kebab,
  maxReceiveCount,
  type ProcedureDeclaration,
  type ProjectionDeclaration,
  routeKeysOf,
  type ServiceDeclaration,
  visibilitySecondsOf,
} from '../../../shared/contract/endpoint.ts'
import { sourceOf } from '../../../shared/contract/event.ts'
import { callsOf } from '../../../shared/contract/standing.ts'
import { queueVariable } from '../../../shared/contract/task-queue.ts'
import { entriesOf, type FunctionEntry, relayEntry } from '../entries.ts'
import { deadLettersOf } from '../messaging/dead-letters.ts'
import type { Gateway, StackContext } from '../stack-context.ts'
import { serviceAlarms } from '../watch/alarms.ts'
import { serviceDashboard, serviceQueries } from '../watch/dashboard.ts'
import { Releases } from './releases.ts'
import { route } from './route.ts'
import { shopFunction } from './shop-function.ts'

/** How a function gets what its declaration names under `uses`: grants and environment. */
export type Resource = (fn: LambdaFunction) => void

export class ServiceStack extends Stack {
  readonly table: ITable | undefined
  /** By the last part of their names. */
  readonly functions = new Map<string, LambdaFunction>()
  /** By the name of the function that works them off. */
  private readonly queues = new Map<string, Queue>()
  private readonly deadLetters = new Map<string, Queue>()
  /** By the last part of their names. */
  private readonly streamReaders = new Set<string>()
  private readonly context: StackContext
  private readonly gateway: Gateway
  private readonly service: ServiceDeclaration

  constructor(
    scope: Construct,
    context: StackContext,
    gateway: Gateway,
    service: ServiceDeclaration,
    resources: (stack: Stack) => Readonly<Record<string, Resource>> = () => ({}),
  ) {
    super(scope, `${context.stage.prefix}-${service.name}`, {
      description: `${context.stage.shop.name}: ${service.summary}`,
    })
    this.context = context
    this.gateway = gateway
    this.service = service
    Tags.of(this).add('service', service.name)
    this.table = service.table && this.makeTable(service.table)
    if (service.events && Object.keys(service.events).length > 0) this.makeRelay()
    const known = { ...resources(this), ...this.makeTaskQueues() }
    const releases = new Releases(this, context.stage, service.name, gateway.alarms)
    for (const entry of entriesOf(service)) {
      const { name } = entry
      const fn = releases.target(this.makeFunction(entry, known), entry)
      if (entry.kind === 'endpoint') this.makeRoute(name, fn, entry.declaration)
      if (entry.kind === 'consumer') this.makeConsumer(name, fn, entry.declaration)
      if (entry.kind === 'projection') this.makeProjection(name, fn, entry.declaration)
      if (entry.kind === 'task') this.pollQueue(fn, this.taskQueue(name))
      if (entry.kind === 'schedule') this.makeSchedule(name, fn, entry.declaration.everyMinutes)
    }
    this.watch()
  }

  private watch(): void {
    const { stage } = this.context
    const { service, table, functions, streamReaders, queues, deadLetters } = this
    if (functions.size === 0) return
    const watched = { stage, service, table, functions, streamReaders, queues, deadLetters }
    const alarms = serviceAlarms(this, watched, this.gateway.alarms)
    serviceQueries(this, watched)
    if (stage.serviceDashboards) serviceDashboard(this, watched, alarms)
  }

  private makeTable({ indexes, keysOnly = [] }: NonNullable<ServiceDeclaration['table']>): ITable {
    const { stage } = this.context
    const table = new Table(this, 'table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removalPolicy,
      timeToLiveAttribute: 'expiresAt',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    })
    for (let index = 1; index <= indexes; index += 1)
      table.addGlobalSecondaryIndex({
        indexName: `gsi${index}`,
        partitionKey: { name: `gsi${index}pk`, type: AttributeType.STRING },
        sortKey: { name: `gsi${index}sk`, type: AttributeType.STRING },
        projectionType: keysOnly.includes(index) ? ProjectionType.KEYS_ONLY : ProjectionType.ALL,
      })
    return this.restoredTable() ?? table
  }

  /** Where a backup took its place; the table of the stack stays beside it, unused. */
  private restoredTable(): ITable | undefined {
    const tableStreamArn = this.context.stage.restoredTables[this.service.name]
    if (tableStreamArn === undefined) return undefined
    const tableArn = tableStreamArn.slice(0, tableStreamArn.indexOf('/stream/'))
    return Table.fromTableAttributes(this, 'restored-table', { tableArn, tableStreamArn })
  }

  /** Reads only images that carry an outbox, so other writes cost no invocation. */
  private makeRelay(): void {
    if (!this.table) throw new Error(`${this.service.name} publishes events but has no table to keep them in`)
    const fn = shopFunction(this, this.context, {
      kind: 'relay',
      service: this.service.name,
      name: 'relay',
      entry: relayEntry,
      needs: { summary: `Publishes the events that ${this.service.name} wrote` },
      environment: { EVENT_BUS_NAME: this.gateway.bus.eventBusName },
    })
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [this.gateway.bus.eventBusArn],
        // In no other service's name: who hears of a payment acts on it.
        conditions: { StringEquals: { 'events:source': `shop.${this.service.name}` } },
      }),
    )
    this.functions.set('relay', fn)
    this.readStream('relay', fn, { NewImage: { outboxVersion: { N: FilterRule.exists() } } })
  }

  /** Reads only writes of the items that it keeps a view of. */
  private makeProjection(name: string, fn: IFunction, { of, maxBatchingSeconds }: ProjectionDeclaration): void {
    if (Object.keys(this.service.projections ?? {}).length > 1)
      throw new Error(`${this.service.name}: a stream has two readers at most, the relay and one projection`)
    this.readStream(name, fn, { Keys: { sk: { S: FilterRule.isEqual(of) } } }, maxBatchingSeconds)
  }

  /** From the table's stream to a function; what it fails on for good is noted in its dead-letter queue. */
  private readStream(name: string, fn: IFunction, records: object, maxBatchingSeconds?: number): void {
    this.streamReaders.add(name)
    if (fn.role)
      Validations.of(fn.role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'dynamodb:ListStreams knows no resources to name; test/cdk holds that nothing else is meant',
      })
    if (!this.table) throw new Error(`${this.service.name} has no table whose stream ${name} could read`)
    fn.addEventSource(
      new DynamoEventSource(this.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 50,
        maxRecordAge: Duration.hours(20),
        onFailure: new SqsDlq(this.makeDeadLetters(name)),
        filters: [FilterCriteria.filter({ dynamodb: records })],
        ...(maxBatchingSeconds === undefined ? {} : { maxBatchingWindow: Duration.seconds(maxBatchingSeconds) }),
      }),
    )
  }

  private makeFunction(
    { kind, name, entry, declaration }: FunctionEntry,
    known: Readonly<Record<string, Resource>>,
  ): LambdaFunction {
    const needs: FunctionNeeds & { idempotency?: string } = declaration
    const fn = shopFunction(this, this.context, {
      kind,
      service: this.service.name,
      name,
      entry,
      needs,
      environment: this.table ? { TABLE_NAME: this.table.tableName } : {},
    })
    this.grantTable(fn, needs)
    const calls = callsOf(declaration)
    if (calls.length > 0) this.grantCalls(fn, calls)
    for (const use of [...(needs.uses ?? []), ...(needs.defers ?? []).map((task) => `task ${task}`)]) {
      const resource = known[use]
      if (!resource) throw new Error(`${this.service.name}/${name} uses "${use}", which its stack does not know`)
      resource(fn)
    }
    this.functions.set(name, fn)
    return fn
  }

  /** Idempotency keys live in the service's table: reading one, and writing one, come with the declaration. */
  private grantTable(fn: LambdaFunction, needs: FunctionNeeds & { idempotency?: string }): void {
    const actions = new Set<string>([...(needs.table ?? []), ...(needs.idempotency ? ['GetItem', 'PutItem'] : [])])
    if (actions.size === 0) return
    if (!this.table) throw new Error(`${this.service.name} has no table`)
    const { tableArn } = this.table
    const indexes = actions.has('Query') ? (this.service.table?.indexes ?? 0) : 0
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions].map((action) => `dynamodb:${action}`),
        resources: [tableArn, ...Array.from({ length: indexes }, (_, index) => `${tableArn}/index/gsi${index + 1}`)],
      }),
    )
  }

  private grantCalls(fn: LambdaFunction, calls: readonly ProcedureDeclaration[]): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: calls.map(({ service, name }) =>
          this.formatArn({ service: 'lambda', resource: `function:${this.context.stage.prefix}-${service}-${name}` }),
        ),
      }),
    )
  }

  private makeRoute(name: string, handler: IFunction, declaration: EndpointDeclaration): void {
    const { apiId, authorizerId } = this.gateway
    const { caller } = declaration
    route(this, name, { apiId, authorizerId, routeKeys: routeKeysOf(declaration), caller, handler })
  }

  /** Rule -> queue -> function; what fails for good, at either end, lies in the dead-letter queue. */
  private makeConsumer(name: string, fn: IFunction, declaration: ConsumerDeclaration): void {
    const { queue, deadLetters } = this.makeQueue(name, declaration)
    new Rule(this, `${name}-rule`, {
      eventBus: this.gateway.bus,
      description: declaration.summary,
      eventPattern: {
        source: [...new Set(declaration.on.map(sourceOf))],
        detailType: declaration.on.map(({ type }) => type),
      },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: deadLetters, retryAttempts: 185, maxEventAge: Duration.hours(24) }),
      ],
    })
    this.pollQueue(fn, queue, declaration.maxBatchingSeconds)
  }

  /** A queue and its dead letters. */
  private makeQueue(
    name: string,
    needs: FunctionNeeds & { visibilitySeconds?: number; maxBatchingSeconds?: number },
    delaySeconds = 0,
  ): { queue: Queue; deadLetters: Queue } {
    const deadLetters = this.makeDeadLetters(name)
    const queue = new Queue(this, `${name}-queue`, {
      queueName: this.functionNameOf(name),
      visibilityTimeout: Duration.seconds(visibilitySecondsOf(needs)),
      deliveryDelay: Duration.seconds(delaySeconds),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    })
    this.queues.set(name, queue)
    return { queue, deadLetters }
  }

  private pollQueue(fn: IFunction, queue: Queue, maxBatchingSeconds?: number): void {
    fn.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: 20,
        ...(maxBatchingSeconds === undefined ? {} : { maxBatchingWindow: Duration.seconds(maxBatchingSeconds) }),
      }),
    )
  }

  /** A queue for each task, and what a function that puts messages into it is given. */
  private makeTaskQueues(): Record<string, Resource> {
    return Object.fromEntries(
      Object.entries(this.service.tasks ?? {}).map(([key, declaration]) => {
        const name = kebab(key)
        const { queue } = this.makeQueue(name, declaration, declaration.delaySeconds)
        const resource: Resource = (fn) => {
          fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }))
          fn.addEnvironment(queueVariable(name), queue.queueUrl)
        }
        return [`task ${name}`, resource]
      }),
    )
  }

  private taskQueue(name: string): Queue {
    const queue = this.queues.get(name)
    if (!queue) throw new Error(`${this.service.name} has no queue for the task ${name}`)
    return queue
  }

  /** A run that could not be started, and one whose function failed for good, leave word in the dead-letter queue. */
  private makeSchedule(name: string, fn: IFunction, everyMinutes: number): void {
    const deadLetterQueue = this.makeDeadLetters(name)
    new Rule(this, `${name}-schedule`, {
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaTarget(fn, { event: RuleTargetInput.fromObject({}), retryAttempts: 0, deadLetterQueue })],
    })
    fn.configureAsyncInvoke({ onFailure: new SqsDestination(deadLetterQueue), retryAttempts: 2 })
  }

  /** Queues are called as the function that works them off, so that whoever sees one knows the other. */
  private functionNameOf(name: string): string {
    return `${this.context.stage.prefix}-${this.service.name}-${name}`
  }

  private makeDeadLetters(name: string): Queue {
    const queue = new Queue(this, `${name}-dead-letters`, {
      queueName: deadLettersOf(this.functionNameOf(name)),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: also where it is that of a stream or a schedule, not of another queue',
    })
    this.deadLetters.set(name, queue)
    return queue
  }
}
