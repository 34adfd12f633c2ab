/** Declares what templates may say about roles and policies. */
import * as z from 'zod/mini'
import { arn, hash, named, roleName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { ignored, listOf, text } from '../template/values.ts'

/** A policy, wherever it stands; which operators and keys of conditions are known is said where they are evaluated. */
export const policyDocument = z.strictObject({
  Id: ignored,
  Statement: listOf(
    z.strictObject({
      Action: listOf(text),
      Condition: z._default(z.record(z.string(), z.record(z.string(), listOf(text))), {}),
      Effect: z.enum(['Allow', 'Deny']),
      Principal: z.optional(z.union([text, z.record(z.string(), listOf(text))])),
      Resource: listOf(text),
      Sid: ignored,
    }),
  ),
  Version: ignored,
})

export type PolicyDocument = z.infer<typeof policyDocument>

export const policyType = resourceType(
  'AWS::IAM::Policy',
  z.strictObject({ PolicyDocument: policyDocument, PolicyName: ignored, Roles: listOf(text) }),
  { ref: named('PolicyName', 128) },
)

export const roleType = resourceType(
  'AWS::IAM::Role',
  z.strictObject({
    AssumeRolePolicyDocument: ignored,
    Description: ignored,
    ManagedPolicyArns: listOf(text),
    MaxSessionDuration: ignored,
    Policies: listOf(z.strictObject({ PolicyDocument: policyDocument, PolicyName: ignored })),
    RoleName: ignored,
    Tags: ignored,
  }),
  {
    ref: roleName,
    attributes: { Arn: arn('iam', (i) => `role/${roleName(i)}`), RoleId: (i) => `AROA${hash(i, 17).toUpperCase()}` },
  },
)
