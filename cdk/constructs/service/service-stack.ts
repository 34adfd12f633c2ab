/**
 * A service's stack, made from its declaration: table, outbox relay, endpoints, procedures, consumers, projections, tasks,
 * schedules, and what watches them. What a declaration cannot say (a signing key, a mail identity) the service's own stack lends
 * to the functions that name it under `uses`.
 */
import { Stack, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { functionNameOf, kebab, type ServiceDeclaration } from '../../../shared/contract/endpoint.ts'
import { entriesOf } from '../entries.ts'
import { OutboxRelay } from '../messaging/outbox-relay.ts'
import { TaskQueue } from '../messaging/task-queue.ts'
import type { Resource } from '../shop-function.ts'
import type { Gateway, StackContext } from '../stack-context.ts'
import { watchService } from '../watch/watch-service.ts'
import type { WatchedFunction } from '../watch/watched.ts'
import { Releases } from './releases.ts'
import { ServiceFunction } from './service-function.ts'
import { ServiceTable } from './service-table.ts'
import { triggerOf } from './trigger.ts'

const makeTable = (scope: Construct, { stage }: StackContext, { name, table }: ServiceDeclaration) =>
  table &&
  new ServiceTable(scope, 'table', { stage, service: name, declaration: table, restored: stage.restoredTables[name] })

/** @returns further tables by their names */
const makeTables = (scope: Construct, { stage }: StackContext, { name: service, tables = {} }: ServiceDeclaration) =>
  new Map(
    Object.entries(tables).map(([name, declaration]) => {
      const second = { maxReadUnitsPerSecond: stage.throttle.tables[`${service}/${name}`]?.readUnitsPerSecond }
      return [name, new ServiceTable(scope, `${name}-table`, { stage, service, declaration, second })] as const
    }),
  )

/** @returns nothing to watch where the service publishes no events */
const makeRelay = (
  scope: Construct,
  context: StackContext,
  { bus }: Gateway,
  { name, events = {} }: ServiceDeclaration,
  table: ServiceTable | undefined,
): WatchedFunction[] => {
  if (Object.keys(events).length === 0) return []
  if (!table) throw new Error(`${name} publishes events but has no table to keep them in`)
  const { lambda, reader } = new OutboxRelay(scope, 'relay', { context, service: name, table: table.table, bus })
  return [{ name: 'relay', kind: 'relay', lambda, trigger: reader }]
}

/** @returns the queues by the names of their tasks */
const makeTaskQueues = (scope: Construct, { stage }: StackContext, { name: service, tasks = {} }: ServiceDeclaration) =>
  new Map(
    Object.entries(tasks).map(([key, declaration]) => {
      const task = kebab(key)
      const functionName = functionNameOf(stage.prefix, { service, name: task })
      return [task, new TaskQueue(scope, `${task}-tasks`, { task, functionName, declaration })] as const
    }),
  )

export class ServiceStack extends Stack {
  private readonly functions: readonly ServiceFunction[]
  private readonly lent = new Set<string>()

  constructor(scope: Construct, context: StackContext, gateway: Gateway, service: ServiceDeclaration) {
    const { stage } = context
    super(scope, `${stage.prefix}-${service.name}`, { description: `${stage.shop.name}: ${service.summary}` })
    Tags.of(this).add('service', service.name)
    if (Object.keys(service.projections ?? {}).length > 1)
      throw new Error(`${service.name}: a stream has two readers at most, the relay and one projection`)
    const table = makeTable(this, context, service)
    const tables = makeTables(this, context, service)
    const relay = makeRelay(this, context, gateway, service, table)
    const taskQueues = makeTaskQueues(this, context, service)
    const releases = new Releases(this, 'releases', { stage, service: service.name, alarms: gateway.alarms })
    const parts = entriesOf(service).map((entry) => {
      const fn = new ServiceFunction(this, entry.name, context, {
        service: service.name,
        entry,
        table,
        tables,
        taskQueues,
      })
      const live = releases.target(fn, entry)
      return { entry, fn, trigger: triggerOf(fn, { entry, live, gateway, table, taskQueues }) }
    })
    this.functions = parts.map(({ fn }) => fn)
    const watched = parts.map(({ entry: { name, kind }, fn: { lambda }, trigger }) => ({ name, kind, lambda, trigger }))
    const stores = { table: table?.table, tables: new Map([...tables].map(([name, one]) => [name, one.table])) }
    watchService(this, { stage, service, ...stores, functions: [...relay, ...watched] }, gateway.alarms)
    this.node.addValidation({ validate: () => this.faults() })
  }

  /** Lends a resource to the functions whose declarations name it under `uses`. */
  protected lend(use: string, resource: Resource): void {
    this.lent.add(use)
    for (const { uses, lambda } of this.functions) if (uses.includes(use)) resource(lambda)
  }

  /** @returns a line for each resource that a function asks for and the stack does not lend, or the other way round */
  private faults(): string[] {
    const asked = new Set(this.functions.flatMap(({ uses }) => uses))
    return [
      ...[...asked.difference(this.lent)].map((use) => `a function uses "${use}", which this stack does not lend`),
      ...[...this.lent.difference(asked)].map((use) => `this stack lends "${use}", which no function uses`),
    ]
  }
}
