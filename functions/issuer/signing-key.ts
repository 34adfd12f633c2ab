/** The key that signs tokens. KMS holds it, and gives its public half. */
import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type * as z from 'zod/mini'
import { clientLimits } from '../../shared/runtime/aws.ts'
import type { JsonWebKey } from './contract.ts'

/** Reads the public half once. @param kid the key's id, which tokens name */
export const publicKeyOf = (kid: string) => {
  let known: z.input<typeof JsonWebKey> | undefined
  return async (): Promise<z.input<typeof JsonWebKey>> => {
    if (known) return known
    const { PublicKey } = await new KMSClient(clientLimits).send(new GetPublicKeyCommand({ KeyId: kid }))
    if (!PublicKey) throw new Error('KMS gave no public key')
    const { n, e } = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }).export({
      format: 'jwk',
    })
    if (!n || !e) throw new Error('the signing key is not an RSA key')
    known = { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }
    return known
  }
}
