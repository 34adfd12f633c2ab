/** Declares what templates may say about functions. */
import * as z from 'zod/mini'
import { arn, byLogicalId, functionName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { ignored, number, text } from '../template/values.ts'

/** Where what failed for good goes. */
export const destinationConfig = z.optional(
  z.strictObject({ OnFailure: z.optional(z.strictObject({ Destination: text })) }),
)

export const functionType = resourceType(
  'AWS::Lambda::Function',
  z.strictObject({
    Architectures: ignored,
    Code: z.strictObject({ S3Bucket: ignored, S3Key: text }),
    Description: ignored,
    Environment: z.optional(z.strictObject({ Variables: z.optional(z.record(z.string(), text)) })),
    FunctionName: ignored,
    Handler: text,
    LoggingConfig: z.optional(
      z.strictObject({
        ApplicationLogLevel: z.optional(text),
        LogFormat: z.optional(text),
        LogGroup: z.optional(text),
        SystemLogLevel: ignored,
      }),
    ),
    MemorySize: z._default(number, 128),
    // Runaway loops are not looked for here.
    RecursiveLoop: ignored,
    ReservedConcurrentExecutions: z.optional(number),
    Role: text,
    Runtime: z.enum(['nodejs22.x', 'nodejs24.x']),
    Tags: ignored,
    Timeout: z._default(number, 3),
    TracingConfig: z.optional(z.strictObject({ Mode: ignored })),
  }),
  { ref: functionName, attributes: { Arn: arn('lambda', (i) => `function:${functionName(i)}`) } },
)

export const permissionType = resourceType(
  'AWS::Lambda::Permission',
  z.strictObject({
    Action: ignored,
    FunctionName: text,
    Principal: text,
    SourceAccount: ignored,
    SourceArn: z._default(text, '*'),
  }),
  { ref: byLogicalId },
)

export const eventInvokeConfigType = resourceType(
  'AWS::Lambda::EventInvokeConfig',
  z.strictObject({
    DestinationConfig: destinationConfig,
    FunctionName: text,
    MaximumEventAgeInSeconds: z._default(number.check(z.minimum(60), z.maximum(21_600)), 21_600),
    MaximumRetryAttempts: z._default(number.check(z.minimum(0), z.maximum(2)), 2),
    Qualifier: ignored,
  }),
  { ref: byLogicalId },
)
