/** A table of a service, and what its functions may do with it. */
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
import type { ServiceDeclaration, TableAction } from '../../../shared/contract/endpoint.ts'
import type { Stage } from '../stage.ts'

type Capacity = NonNullable<Stage['provisionedCapacity'][string]>

export type ServiceTableProps = {
  stage: Stage
  service: string
  declaration: NonNullable<ServiceDeclaration['table']>
  /** The stream's ARN of a table that a backup was restored to: the table that is made here then stays beside it, unused. */
  restored?: string | undefined
  /** A table besides the service's first: paid by use, and nothing reads its writes. */
  second?: { maxReadUnitsPerSecond: number | undefined } | undefined
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

  constructor(scope: Construct, id: string, { stage, service, declaration, restored, second }: ServiceTableProps) {
    super(scope, id)
    const { indexes, keysOnly = [] } = declaration
    this.indexes = indexes
    const capacity = second ? undefined : stage.provisionedCapacity[service]
    const atFirst = capacity && { readCapacity: capacity.readUnits.from, writeCapacity: capacity.writeUnits.from }
    const table = new Table(this, 'table', {
      ...keysOf(),
      billingMode: capacity ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
      ...atFirst,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removalPolicy,
      timeToLiveAttribute: 'expiresAt',
      ...(second ? {} : { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      ...(second?.maxReadUnitsPerSecond !== undefined && { maxReadRequestUnits: second.maxReadUnitsPerSecond }),
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

  /** Lets a function do this, and no more. */
  grant(fn: LambdaFunction, actions: readonly TableAction[]): void {
    if (actions.length === 0) return
    const { tableArn } = this.table
    const indexes = actions.includes('Query') ? this.indexes : 0
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [...new Set(actions)].map((action) => `dynamodb:${action}`),
        resources: [tableArn, ...Array.from({ length: indexes }, (_, index) => `${tableArn}/index/gsi${index + 1}`)],
      }),
    )
  }
}
