/** Declares what templates may say about buckets. */
import * as z from 'zod/mini'
import { policyDocument } from '../iam/resources.ts'
import { bucketName, byLogicalId } from '../template/resource-names.ts'
import { type PropertiesOf, resourceType } from '../template/resource-type.ts'
import { ignored, listOf, number, text } from '../template/values.ts'

export const corsRules = listOf(
  z.strictObject({
    AllowedHeaders: listOf(text),
    AllowedMethods: listOf(text),
    AllowedOrigins: listOf(text),
    ExposedHeaders: listOf(text),
    MaxAge: z.optional(number),
  }),
)

export type CorsRules = z.infer<typeof corsRules>

export const bucketType = resourceType(
  'AWS::S3::Bucket',
  z.strictObject({
    BucketEncryption: ignored,
    BucketName: ignored,
    CorsConfiguration: z.optional(z.strictObject({ CorsRules: corsRules })),
    LifecycleConfiguration: z.optional(
      z.strictObject({
        Rules: listOf(
          z.strictObject({
            AbortIncompleteMultipartUpload: z.optional(z.strictObject({ DaysAfterInitiation: ignored })),
            ExpirationInDays: z.optional(number),
            Id: ignored,
            Prefix: z._default(text, ''),
            Status: z.enum(['Enabled', 'Disabled']),
          }),
        ),
      }),
    ),
    OwnershipControls: ignored,
    PublicAccessBlockConfiguration: ignored,
    Tags: ignored,
  }),
  { ref: bucketName, attributes: { Arn: (i) => `arn:aws:s3:::${bucketName(i)}` } },
)

export type BucketProperties = PropertiesOf<typeof bucketType>

export const bucketPolicyType = resourceType(
  'AWS::S3::BucketPolicy',
  z.strictObject({ Bucket: text, PolicyDocument: policyDocument }),
  { ref: byLogicalId },
)
