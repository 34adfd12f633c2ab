/** The one table of a service, and what its functions may do with it. */
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { FunctionNeeds, ServiceDeclaration } from '../../../shared/contract/endpoint.ts'
import type { Stage } from '../stage.ts'

type Capacity = NonNullable<Stage['provisionedCapacity'][string]>

export type ServiceTableProps = {
  stage: Stage
  service: string
  declaration: NonNullable<ServiceDeclaration['table']>
  /** The stream's ARN of a table that a backup was restored to: the table that is made here then stays beside it, unused. */
  restored?: string | undefined
}

/** Part of the capacity that is meant to be used: the rest is for the minutes until more is there. */
const targetUtilizationPercent = 70

/** An index has a capacity of its own, and one that lacks it holds up the writes of its table. */
const followLoad = (table: Table, indexes: number, { readUnits, writeUnits }: Capacity): void => {
  const reads = { minCapacity: readUnits.from, maxCapacity: readUnits.to }
  const writes = { minCapacity: writeUnits.from, maxCapacity: writeUnits.to }
  const names = Array.from({ length: indexes }, (_, index) => `gsi${index + 1}`)
  for (const scaled of [
    table.autoScaleReadCapacity(reads),
    table.autoScaleWriteCapacity(writes),
    ...names.map((name) => table.autoScaleGlobalSecondaryIndexReadCapacity(name, reads)),
    ...names.map((name) => table.autoScaleGlobalSecondaryIndexWriteCapacity(name, writes)),
  ])
    scaled.scaleOnUtilization({ targetUtilizationPercent })
}

/** A sort key follows each partition key: the items of an aggregate lie together. */
const keysOf = (index = '') => ({
  partitionKey: { name: `${index}pk`, type: AttributeType.STRING },
  sortKey: { name: `${index}sk`, type: AttributeType.STRING },
})

export class ServiceTable extends Construct {
  /** What functions read and write: the table itself, or the one that took its place. */
  readonly table: ITable
  private readonly indexes: number

  constructor(scope: Construct, id: string, { stage, service, declaration, restored }: ServiceTableProps) {
    super(scope, id)
    const { indexes, keysOnly = [] } = declaration
    this.indexes = indexes
    const capacity = stage.provisionedCapacity[service]
    const atFirst = capacity && { readCapacity: capacity.readUnits.from, writeCapacity: capacity.writeUnits.from }
    const table = new Table(this, 'table', {
      ...keysOf(),
      billingMode: capacity ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
      ...atFirst,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removalPolicy,
      timeToLiveAttribute: 'expiresAt',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    })
    for (let index = 1; index <= indexes; index += 1)
      table.addGlobalSecondaryIndex({
        indexName: `gsi${index}`,
        ...keysOf(`gsi${index}`),
        ...atFirst,
        projectionType: keysOnly.includes(index) ? ProjectionType.KEYS_ONLY : ProjectionType.ALL,
      })
    if (capacity) followLoad(table, indexes, capacity)
    this.table = restored === undefined ? table : this.restoredTable(restored)
  }

  private restoredTable(tableStreamArn: string): ITable {
    const tableArn = tableStreamArn.slice(0, tableStreamArn.indexOf('/stream/'))
    return Table.fromTableAttributes(this, 'restored', { tableArn, tableStreamArn })
  }

  /**
   * Lets a function do what its declaration names, and no more. Idempotency keys live in the same table: reading one, and
   * writing one, come with the declaration.
   */
  grant(fn: LambdaFunction, needs: FunctionNeeds & { idempotency?: string }): void {
    const actions = new Set<string>([...(needs.table ?? []), ...(needs.idempotency ? ['GetItem', 'PutItem'] : [])])
    if (actions.size === 0) return
    const { tableArn } = this.table
    const indexes = actions.has('Query') ? this.indexes : 0
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions].map((action) => `dynamodb:${action}`),
        resources: [tableArn, ...Array.from({ length: indexes }, (_, index) => `${tableArn}/index/gsi${index + 1}`)],
      }),
    )
  }
}
