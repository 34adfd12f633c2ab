/** A function of a service with what its declaration asks for: its table, calls of procedures, queues of tasks. */
import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { type FunctionNeeds, functionNameOf } from '../../../shared/contract/endpoint.ts'
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
  /** By the names of their tasks. */
  taskQueues: ReadonlyMap<string, TaskQueue>
}

export class ServiceFunction extends ShopFunction {
  /** Names of the resources that only the stack knows, which it lends to the function. */
  readonly uses: readonly string[]

  constructor(scope: Construct, id: string, context: StackContext, props: ServiceFunctionProps) {
    const { service, entry, table, taskQueues } = props
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
    table?.grant(this.lambda, needs)
    this.grantCalls(context.stage.prefix, callsOf(declaration))
    for (const task of needs.defers ?? []) {
      const queue = taskQueues.get(task)
      if (!queue) throw new Error(`${service}/${name} defers to "${task}", which is no task of its service`)
      queue.openTo(this.lambda)
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
