/** The keys that sign tokens. KMS holds them, and gives their public halves. */
import { createPublicKey } from 'node:crypto'
import type * as z from 'zod/mini'
import { aliasOf, publishedAt, type SigningKey } from '../../shared/contract/signing-keys.ts'
import { keysApi } from '../../shared/runtime/aws/kms.ts'
import { now } from '../../shared/runtime/clock.ts'
import { lazy } from '../../shared/runtime/lazy.ts'
import type { JsonWebKey } from './contract.ts'

type PublicKey = z.input<typeof JsonWebKey>

const kms = lazy(keysApi)

const publicHalfOf = async (alias: string, kid: string): Promise<PublicKey> => {
  const { PublicKey: der } = await kms()('GetPublicKey', { KeyId: alias })
  if (!der) throw new Error('KMS gave no public key')
  const { n, e } = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  })
  if (!n || !e) throw new Error('the signing key is not an RSA key')
  return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }
}

/** The public keys that verify tokens now, or soon will. Reads each once: the public half of a key never changes. */
export const publicKeysOf = (prefix: string, keys: readonly SigningKey[]) => {
  const known = new Map<string, PublicKey>()
  const find = async (key: SigningKey): Promise<PublicKey> => {
    const found = known.get(key.name) ?? (await publicHalfOf(aliasOf(prefix, key), key.name))
    known.set(key.name, found)
    return found
  }
  return (): Promise<PublicKey[]> => Promise.all(publishedAt(keys, now()).map(find))
}
