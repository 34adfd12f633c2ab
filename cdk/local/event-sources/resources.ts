/** Declares what templates may say about event source mappings. */
import * as z from 'zod/mini'
import { destinationConfig } from '../lambda/resources.ts'
import { byLogicalId } from '../template/resource-names.ts'
import { type PropertiesOf, resourceType } from '../template/resource-type.ts'
import { flag, ignored, listOf, number, text } from '../template/values.ts'

export const eventSourceMappingType = resourceType(
  'AWS::Lambda::EventSourceMapping',
  z.strictObject({
    BatchSize: z.optional(number),
    BisectBatchOnFunctionError: z._default(flag, false),
    DestinationConfig: destinationConfig,
    Enabled: z._default(flag, true),
    EventSourceArn: text,
    FilterCriteria: z.optional(z.strictObject({ Filters: listOf(z.strictObject({ Pattern: text })) })),
    FunctionName: text,
    FunctionResponseTypes: listOf(z.literal('ReportBatchItemFailures')),
    MaximumBatchingWindowInSeconds: z._default(number, 0),
    MaximumRecordAgeInSeconds: z._default(number, -1),
    MaximumRetryAttempts: z._default(number, -1),
    MetricsConfig: ignored,
    ParallelizationFactor: z._default(number, 1),
    ScalingConfig: z.optional(z.strictObject({ MaximumConcurrency: z.optional(number) })),
    StartingPosition: z.optional(z.enum(['LATEST', 'TRIM_HORIZON'])),
    Tags: ignored,
  }),
  { ref: byLogicalId },
)

export type MappingProperties = PropertiesOf<typeof eventSourceMappingType>
