/** Declares what templates may say about secrets. */
import * as z from 'zod/mini'
import { secretArn } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { flag, ignored, number, text } from '../template/values.ts'

const generateSecretString = z.strictObject({
  ExcludeCharacters: z._default(text, ''),
  ExcludeLowercase: z._default(flag, false),
  ExcludeNumbers: z._default(flag, false),
  ExcludePunctuation: z._default(flag, false),
  ExcludeUppercase: z._default(flag, false),
  GenerateStringKey: z.optional(text),
  IncludeSpace: z._default(flag, false),
  PasswordLength: z._default(number, 32),
  RequireEachIncludedType: z._default(flag, true),
  SecretStringTemplate: z._default(text, '{}'),
})

/** What a generated secret is made of. */
export type SecretRules = z.infer<typeof generateSecretString>

export const secretType = resourceType(
  'AWS::SecretsManager::Secret',
  z.strictObject({
    Description: ignored,
    GenerateSecretString: z.prefault(generateSecretString, {}),
    Name: ignored,
    SecretString: z.optional(text),
    Tags: ignored,
  }),
  { ref: secretArn, attributes: { Id: secretArn } },
)
