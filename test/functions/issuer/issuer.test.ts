import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { issuer } from '../../../functions/issuer/contract.ts'
import { startService } from '../../support/service.ts'

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
let asked = 0
const service = await startService(
  issuer,
  {
    operations: {
      GetPublicKey: () => {
        asked += 1
        return { KeyId: 'key-1', PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
      },
    },
  },
  { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEY_ID: 'key-1' },
)
after(() => service.stop())

describe('discovery', () => {
  test('names the issuer and where its keys are', async () => {
    const { status, body } = await service.request('discovery')
    assert.equal(status, 200)
    assert.equal(body.issuer, 'https://issuer.example')
    assert.equal(body.jwks_uri, 'https://issuer.example/.well-known/jwks.json')
  })
})

describe('jwks', () => {
  test('gives the public key, and asks KMS for it once', async () => {
    const { n } = publicKey.export({ format: 'jwk' })
    for (const _ of [1, 2]) {
      const { status, body } = await service.request('jwks')
      assert.equal(status, 200)
      assert.deepEqual(body.keys, [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'key-1', n, e: 'AQAB' }])
    }
    assert.equal(asked, 1)
  })
})
