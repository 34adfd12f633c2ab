/** Declares what templates may say about tables. */
import * as z from 'zod/mini'
import { arn, tableName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { flag, ignored, listOf, text } from '../template/values.ts'

/** Every stream has this label: what the engine calls it is not known before the table is made. */
const streamLabel = '2026-01-01T00:00:00.000'

const keySchema = listOf(z.strictObject({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) }))

export const tableType = resourceType(
  'AWS::DynamoDB::Table',
  z.strictObject({
    AttributeDefinitions: listOf(z.strictObject({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) })),
    BillingMode: ignored,
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
        ContributorInsightsSpecification: ignored,
      }),
    ),
    KeySchema: keySchema,
    OnDemandThroughput: ignored,
    PointInTimeRecoverySpecification: ignored,
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
