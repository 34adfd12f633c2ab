/** Which tokens the gateway lets in: signed by the local KMS, or forged. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { type Cloud, startCloud } from '../../../cdk/local/cloud.ts'
import { synthesise } from '../fixtures/app.ts'
import { clientOf, temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
let cloud: Cloud

before(async () => {
  synthesise(join(folder.path, 'assembly'), join(folder.path, 'journal'))
  cloud = await startCloud({ assembly: join(folder.path, 'assembly'), stateDirectory: folder.path, port: 0 })
})
after(async () => {
  await cloud?.stop()
  folder.remove()
})

const get = (path: string, headers: { [name: string]: string } = {}) => fetch(cloud.url + path, { headers })

describe('JWT authorizer', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = () => Math.floor(Date.now() / 1000)
  const header = { alg: 'RS256', kid: 'the-key' }
  const claims = () => ({
    iss: Object.values(cloud.outputs.issuer ?? {})[0],
    aud: 'shop',
    sub: 'usr_1',
    exp: now() + 60,
    iat: now(),
    scope: 'shop staff',
    roles: ['a', 'b'],
    flag: true,
  })
  const kms = () => new KMSClient(clientOf(cloud.awsEndpoint))
  const signed = async (head: object, body: object): Promise<string> => {
    const text = `${encode(head)}.${encode(body)}`
    const request = { KeyId: 'alias/signing', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const
    const { Signature = new Uint8Array() } = await kms().send(
      new SignCommand({ ...request, Message: Buffer.from(text) }),
    )
    return `${text}.${Buffer.from(Signature).toString('base64url')}`
  }
  const ask = (path: string, token: string) => get(path, { authorization: `Bearer ${token}` })

  test('a good token passes; claims arrive as text', async () => {
    const response = await ask('/mine', await signed(header, claims()))
    assert.equal(response.status, 200)
    const { jwt } = JSON.parse(await response.text()).requestContext.authorizer
    assert.equal(jwt.claims.sub, 'usr_1')
    assert.match(jwt.claims.exp, /^\d+$/)
    assert.deepEqual(
      { roles: jwt.claims.roles, flag: jwt.claims.flag, scopes: jwt.scopes },
      { roles: '[a b]', flag: 'true', scopes: null },
    )
  })

  test('without a token: 401 and a challenge', async () => {
    const response = await get('/mine')
    assert.deepEqual(
      { status: response.status, text: await response.text() },
      { status: 401, text: '{"message":"Unauthorized"}' },
    )
    assert.equal(response.headers.get('www-authenticate'), 'Bearer')
  })

  test('one of the scopes is enough, none is 403', async () => {
    assert.equal((await ask('/staff', await signed(header, claims()))).status, 200)
    const response = await ask('/staff', await signed(header, { ...claims(), scope: 'shop staffing' }))
    assert.deepEqual(
      { status: response.status, text: await response.text() },
      { status: 403, text: '{"message":"Forbidden"}' },
    )
    assert.match(response.headers.get('www-authenticate') ?? '', /insufficient_scope/)
  })

  test('client_id stands in for a missing aud only', async () => {
    const { aud: _, ...others } = claims()
    assert.equal((await ask('/mine', await signed(header, { ...others, client_id: 'shop' }))).status, 200)
    assert.equal((await ask('/mine', await signed(header, { ...others, aud: 'x', client_id: 'shop' }))).status, 401)
  })

  const wrongClaims: [string, () => object][] = [
    ['another issuer', () => ({ iss: 'https://elsewhere' })],
    ['another audience', () => ({ aud: 'other' })],
    ['expired', () => ({ exp: now() - 1 })],
    ['without an expiry', () => ({ exp: undefined })],
    ['an expiry that is text', () => ({ exp: String(now() + 60) })],
    ['not yet valid', () => ({ nbf: now() + 60 })],
    ['issued in the future', () => ({ iat: now() + 60 })],
  ]
  for (const [what, change] of wrongClaims) {
    test(`refused: ${what}`, async () => {
      const response = await ask('/mine', await signed(header, { ...claims(), ...change() }))
      assert.equal(response.status, 401)
      const challenge = response.headers.get('www-authenticate') ?? ''
      assert.match(challenge, /^Bearer scope="[^"]*" error="invalid_token" error_description="[^"]+"$/)
      if (what === 'expired') assert.match(challenge, /error_description="the token has expired"/)
    })
  }
  for (const [what, head] of [
    ['an unknown kid', { alg: 'RS256', kid: 'other' }],
    ['no kid', { alg: 'RS256' }],
    ['RS512', { alg: 'RS512', kid: 'the-key' }],
  ] as const) {
    test(`refused: ${what}`, async () => assert.equal((await ask('/mine', await signed(head, claims()))).status, 401))
  }

  test('refused: alg none, HS256 with the public key, altered or malformed tokens', async () => {
    const { PublicKey = new Uint8Array() } = await kms().send(new GetPublicKeyCommand({ KeyId: 'alias/signing' }))
    const symmetric = `${encode({ alg: 'HS256', kid: 'the-key' })}.${encode(claims())}`
    const good = await signed(header, claims())
    const [head, , signature] = good.split('.')
    for (const token of [
      `${encode({ alg: 'none', kid: 'the-key' })}.${encode(claims())}.`,
      `${encode({ alg: 'none', kid: 'the-key' })}.${encode(claims())}.${signature}`,
      `${symmetric}.${createHmac('sha256', PublicKey).update(symmetric).digest('base64url')}`,
      `${head}.${encode({ ...claims(), sub: 'usr_2' })}.${signature}`,
      good.slice(0, -4),
      `${good}=`,
      good.replace('.', '.!'),
      'nonsense',
    ]) {
      assert.equal((await ask('/mine', token)).status, 401, token)
    }
  })
})
