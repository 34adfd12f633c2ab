import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { issuer } from '../../../functions/issuer/contract.ts'
import { startService } from '../../support/service.ts'

const hour = 60 * 60_000
const hence = (ms: number): string => new Date(Date.now() + ms).toISOString()

const keys = ['ended', 'ending', 'signing', 'coming'].map((name) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { name, publicKey }
})
const asked: string[] = []
const service = await startService(
  issuer,
  {
    operations: {
      GetPublicKey: ({ KeyId }) => {
        asked.push(String(KeyId))
        const key = keys.find(({ name }) => KeyId === `alias/shop-test-token-${name}`)
        return { PublicKey: key?.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
      },
    },
  },
  {
    TOKEN_ISSUER: 'https://issuer.example',
    SHOP_PREFIX: 'shop-test',
    SIGNING_KEYS: JSON.stringify([
      { name: 'ended' },
      { name: 'ending', signsFrom: hence(-1.1 * hour) },
      { name: 'signing', signsFrom: hence(-0.9 * hour) },
      { name: 'coming', signsFrom: hence(hour) },
    ]),
  },
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
  test('gives the keys whose tokens are valid or will be, and asks KMS for each once', async () => {
    const published = keys.filter(({ name }) => name !== 'ended')
    for (const _ of [1, 2]) {
      const { status, body } = await service.request('jwks')
      assert.equal(status, 200)
      assert.deepEqual(
        body.keys,
        published.map(({ name, publicKey }) => {
          const { n } = publicKey.export({ format: 'jwk' })
          return { kty: 'RSA', use: 'sig', alg: 'RS256', kid: name, n, e: 'AQAB' }
        }),
      )
    }
    assert.deepEqual(
      asked.toSorted(),
      ['coming', 'ending', 'signing'].map((name) => `alias/shop-test-token-${name}`),
    )
  })
})
