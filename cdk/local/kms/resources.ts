/** Declares what templates may say about keys. */
import * as z from 'zod/mini'
import { textOf } from '../template/json.ts'
import { arn, keyId } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { ignored, text } from '../template/values.ts'

export const aliasType = resourceType('AWS::KMS::Alias', z.strictObject({ AliasName: text, TargetKeyId: text }), {
  ref: (i) => textOf(i.properties.AliasName),
})

export const keyType = resourceType(
  'AWS::KMS::Key',
  z.strictObject({
    Description: ignored,
    EnableKeyRotation: ignored,
    Enabled: ignored,
    KeyPolicy: ignored,
    KeySpec: z.literal('RSA_2048'),
    KeyUsage: z.literal('SIGN_VERIFY'),
    MultiRegion: ignored,
    PendingWindowInDays: ignored,
    Tags: ignored,
  }),
  { ref: keyId, attributes: { Arn: arn('kms', (i) => `key/${keyId(i)}`), KeyId: keyId } },
)
