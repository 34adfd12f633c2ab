/** Puts before a function what starts it, by the kind of its declaration. */
import { FilterRule, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { routeKeysOf } from '../../../shared/contract/endpoint.ts'
import type { FunctionEntry } from '../entries.ts'
import { EventConsumer } from '../messaging/event-consumer.ts'
import { ScheduledFunction } from '../messaging/scheduled-function.ts'
import { StreamReader } from '../messaging/stream-reader.ts'
import type { TaskQueue } from '../messaging/task-queue.ts'
import type { Gateway } from '../stack-context.ts'
import type { Trigger } from '../watch/watched.ts'
import { Route } from './route.ts'
import type { ServiceFunction } from './service-function.ts'
import type { ServiceTable } from './service-table.ts'

export type TriggerProps = {
  entry: FunctionEntry
  /** What is called: the function itself, or its alias. */
  live: IFunction
  gateway: Gateway
  table: ServiceTable | undefined
  /** By the names of their tasks. */
  taskQueues: ReadonlyMap<string, TaskQueue>
}

/** @returns what there is to watch of it */
export const triggerOf = (scope: ServiceFunction, props: TriggerProps): Trigger => {
  const { entry, live: fn, gateway, table, taskQueues } = props
  const { functionName } = scope
  switch (entry.kind) {
    case 'procedure':
      return {}
    case 'endpoint': {
      const { apiId, authorizerId } = gateway
      const { caller } = entry.declaration
      new Route(scope, 'route', { apiId, authorizerId, routeKeys: routeKeysOf(entry.declaration), caller, fn })
      return {}
    }
    case 'consumer':
      return new EventConsumer(scope, 'events', { bus: gateway.bus, fn, functionName, declaration: entry.declaration })
    case 'projection': {
      if (!table) throw new Error(`${functionName} has no table whose stream it could read`)
      const { of, maxBatchingSeconds } = entry.declaration
      const records = { Keys: { sk: { S: FilterRule.isEqual(of) } } }
      return new StreamReader(scope, 'reader', { table: table.table, fn, functionName, records, maxBatchingSeconds })
    }
    case 'task': {
      const queue = taskQueues.get(entry.name)
      if (!queue) throw new Error(`${functionName} has no queue`)
      queue.workedOffBy(fn)
      return queue
    }
    case 'schedule':
      return new ScheduledFunction(scope, 'schedule', {
        fn,
        functionName,
        everyMinutes: entry.declaration.everyMinutes,
      })
  }
}
