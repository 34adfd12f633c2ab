/** Declares what templates may say about tables. */
import * as z from 'zod/mini'
import { arn, byLogicalId, tableName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { flag, ignored, listOf, number, text } from '../template/values.ts'

/** Every stream has this label: what the engine calls it is not known before the table is made. */
const streamLabel = '2026-01-01T00:00:00.000'

const keySchema = listOf(z.strictObject({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) }))

/** Nothing is turned away here for being too much; but AWS takes no table that says half of it. */
const throughput = z.optional(z.strictObject({ ReadCapacityUnits: number, WriteCapacityUnits: number }))

/** Auto scaling knows tables and indexes by these. */
const dimensions = ['table', 'index'].flatMap((of) =>
  ['Read', 'Write'].map((kind) => `dynamodb:${of}:${kind}CapacityUnits`),
)

export const scalableTargetType = resourceType(
  'AWS::ApplicationAutoScaling::ScalableTarget',
  z.strictObject({
    MinCapacity: number,
    MaxCapacity: number,
    ResourceId: text,
    RoleARN: z.optional(text),
    ScalableDimension: z.enum(dimensions),
    ServiceNamespace: z.literal('dynamodb'),
    Tags: ignored,
  }),
  { ref: byLogicalId },
)

export const scalingPolicyType = resourceType(
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  z.strictObject({
    PolicyName: text,
    PolicyType: z.literal('TargetTrackingScaling'),
    ScalingTargetId: text,
    TargetTrackingScalingPolicyConfiguration: z.strictObject({
      PredefinedMetricSpecification: z.strictObject({
        PredefinedMetricType: z.enum(['DynamoDBReadCapacityUtilization', 'DynamoDBWriteCapacityUtilization']),
      }),
      TargetValue: number,
    }),
  }),
  { ref: byLogicalId },
)

export const tableType = resourceType(
  'AWS::DynamoDB::Table',
  z.strictObject({
    AttributeDefinitions: listOf(z.strictObject({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) })),
    BillingMode: z.optional(z.enum(['PAY_PER_REQUEST', 'PROVISIONED'])),
    DeletionProtectionEnabled: ignored,
    GlobalSecondaryIndexes: listOf(
      z.strictObject({
        IndexName: text,
        KeySchema: keySchema,
        Projection: z.strictObject({
          ProjectionType: z.optional(z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY'])),
          NonKeyAttributes: z.optional(z.array(text)),
        }),
        OnDemandThroughput: ignored,
        ProvisionedThroughput: throughput,
        ContributorInsightsSpecification: ignored,
      }),
    ),
    KeySchema: keySchema,
    OnDemandThroughput: ignored,
    PointInTimeRecoverySpecification: ignored,
    ProvisionedThroughput: throughput,
    SSESpecification: ignored,
    StreamSpecification: z.optional(z.strictObject({ StreamViewType: text })),
    TableClass: ignored,
    TableName: z.optional(text),
    Tags: ignored,
    TimeToLiveSpecification: z.optional(z.strictObject({ AttributeName: z.optional(text), Enabled: flag })),
  }),
  {
    ref: tableName,
    attributes: {
      Arn: arn('dynamodb', (i) => `table/${tableName(i)}`),
      StreamArn: arn('dynamodb', (i) => `table/${tableName(i)}/stream/${streamLabel}`),
    },
  },
)
