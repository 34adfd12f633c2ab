/** What functions of the issuer need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type * as z from 'zod/mini'
import { clientLimits } from '../../shared/runtime/aws.ts'
import { setting } from '../../shared/runtime/settings.ts'
import type { JsonWebKey } from './contract.ts'

/** The issuer's address, without a trailing slash. */
export const issuer = () => setting('TOKEN_ISSUER')

/** The public half of the signing key, read once; its id is the `kid` of the tokens. */
export const signingKey = () => {
  const kid = setting('SIGNING_KEY_ID')
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
