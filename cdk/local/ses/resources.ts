/** Declares what templates may say about mail. */
import * as z from 'zod/mini'
import { named } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { flag, ignored, listOf, text } from '../template/values.ts'

export const configurationSetType = resourceType(
  'AWS::SES::ConfigurationSet',
  z.strictObject({
    Name: text,
    ReputationOptions: z.optional(z.strictObject({ ReputationMetricsEnabled: flag })),
    SuppressionOptions: z.optional(z.strictObject({ SuppressedReasons: listOf(z.enum(['BOUNCE', 'COMPLAINT'])) })),
    Tags: ignored,
  }),
  { ref: named('Name', 64) },
)
