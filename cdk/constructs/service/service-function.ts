/** A function of a service with what its declaration asks for: its table, calls of procedures, queues of tasks. */
import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import {
  type FunctionNeeds,
  functionNameOf,
  type TableAction,
  tableVariable,
} from '../../../shared/contract/endpoint.ts'
import { callsOf } from '../../../shared/contract/staff-check.ts'
import { originHashesVariable } from '../../../shared/runtime/origin-secret.ts'
import type { FunctionEntry } from '../entries.ts'
import type { TaskQueue } from '../messaging/task-queue.ts'
import { ShopFunction } from '../shop-function.ts'
import type { StackContext } from '../stack-context.ts'
import type { ServiceTable } from './service-table.ts'

export type ServiceFunctionProps = {
  service: string
  entry: FunctionEntry
  table: ServiceTable | undefined
  /** Further ones, by name. */
  tables: ReadonlyMap<string, ServiceTable>
  /** By the names of their tasks. */
  taskQueues: ReadonlyMap<string, TaskQueue>
}

/** Idempotency keys live in the service's first table: reading one, and writing one, come with the declaration. */
const tableActionsOf = ({ table = [], idempotency }: FunctionNeeds & { idempotency?: string }): TableAction[] => [
  ...table,
  ...(idempotency ? (['GetItem', 'PutItem'] as const) : []),
]

export class ServiceFunction extends ShopFunction {
  /** Names of the resources that only the stack knows, which it lends to the function. */
  readonly uses: readonly string[]

  constructor(scope: Construct, id: string, context: StackContext, props: ServiceFunctionProps) {
    const { service, entry, table, tables, taskQueues } = props
    const { kind, name, declaration } = entry
    const { edge } = context.stage
    const needs: FunctionNeeds & { idempotency?: string } = declaration
    super(scope, id, context, {
      kind,
      service,
      name,
      entry: entry.entry,
      needs,
      environment: {
        ...(table && { TABLE_NAME: table.table.tableName }),
        ...(edge && kind === 'endpoint' && { [originHashesVariable]: edge.originSecretHashes.join(' ') }),
      },
    })
    this.uses = needs.uses ?? []
    if (!table && (needs.table || needs.idempotency)) throw new Error(`${service}/${name}: the service has no table`)
    table?.grant(this.lambda, tableActionsOf(needs))
    this.grantTables(needs, tables)
    this.grantCalls(context.stage.prefix, callsOf(declaration))
    for (const task of needs.defers ?? []) {
      const queue = taskQueues.get(task)
      if (!queue) throw new Error(`${service}/${name} defers to "${task}", which is no task of its service`)
      queue.openTo(this.lambda)
    }
  }

  private grantTables({ tables: needed = {} }: FunctionNeeds, tables: ReadonlyMap<string, ServiceTable>): void {
    for (const [name, actions] of Object.entries(needed)) {
      const table = tables.get(name)
      if (!table) throw new Error(`${this.functionName} reads or writes "${name}", which is no table of its service`)
      table.grant(this.lambda, actions)
      this.lambda.addEnvironment(tableVariable(name), table.table.tableName)
    }
  }

  private grantCalls(prefix: string, procedures: ReturnType<typeof callsOf>): void {
    if (procedures.length === 0) return
    const functionArn = (name: string) => Stack.of(this).formatArn({ service: 'lambda', resource: `function:${name}` })
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: procedures.map((procedure) => functionArn(functionNameOf(prefix, procedure))),
      }),
    )
  }
}
