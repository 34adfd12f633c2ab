import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { clientLimits } from '../../../shared/runtime/aws.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { endpoints } from '../contract.ts'

/**
 * @param keyId the signing key, whose id is the `kid` of the tokens
 * @param publicKey gives its public half: SubjectPublicKeyInfo, DER
 */
export const jwks = ({
  keyId,
  publicKey,
}: {
  keyId: string
  publicKey: () => Promise<Uint8Array>
}): Handle<typeof endpoints.jwks> => {
  let known: { n: string; e: string } | undefined
  return async () => {
    if (!known) {
      const { n, e } = createPublicKey({ key: Buffer.from(await publicKey()), format: 'der', type: 'spki' }).export({
        format: 'jwk',
      })
      if (!n || !e) throw new Error('the signing key is not an RSA key')
      known = { n, e }
    }
    return {
      body: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: keyId, ...known }] },
      headers: { 'cache-control': 'public, max-age=300' },
    }
  }
}

const fromKms = async (): Promise<Uint8Array> => {
  const { PublicKey } = await new KMSClient(clientLimits).send(
    new GetPublicKeyCommand({ KeyId: setting('SIGNING_KEY_ID') }),
  )
  if (!PublicKey) throw new Error('KMS gave no public key')
  return PublicKey
}

export const handler = serve(endpoints.jwks, () => jwks({ keyId: setting('SIGNING_KEY_ID'), publicKey: fromKms }))
