import assert from 'node:assert/strict'
import crypto, { constants, createVerify, generateKeyPairSync, privateEncrypt } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { identity } from '../../../functions/identity/contract.ts'
import { customer, guest, someId, staff, startService } from '../../support/service.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** As KMS does: RSASSA-PKCS1-v1_5 of a digest that is given, whose ASN.1 prefix says SHA-256. */
const sign = (digest: Buffer): string => {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  return privateEncrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([prefix, digest]),
  ).toString('base64')
}

const service = await startService(
  identity,
  {
    operations: {
      Sign: ({ Message }) => ({ KeyId: 'key-1', Signature: sign(Buffer.from(String(Message), 'base64')) }),
    },
  },
  { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEY_ID: 'key-1' },
)
after(() => service.stop())

const operations = (response: { database: { operation: string }[] }) =>
  response.database.map(({ operation }) => operation)
const password = 'a quiet harbour at dusk'
let made = 0
const freshEmail = () => {
  made += 1
  return `person-${made}@example.com`
}
const register = (email: string, more: object = {}) =>
  service.request('register', { body: { email, password, ...more } })
const login = (email: string, given: string, sourceIp = `198.51.100.${made % 250}`) =>
  service.request('login', { body: { email, password: given }, sourceIp })
const refresh = (refreshToken: string) => service.request('refresh', { body: { refreshToken } })
const part = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString())

describe('register', () => {
  test('makes an account and logs in, in one transaction beside the session', async () => {
    const response = await register('Ada@Example.com', { nickname: 'Ada' })
    assert.equal(response.status, 201)
    assert.deepEqual(operations(response).toSorted(), ['PutItem', 'TransactWriteItems'])
    assert.equal(response.body.user.email, 'ada@example.com')
    assert.deepEqual(response.body.user.roles, [])
    assert.equal(response.body.tokens.expiresIn, 900)
    const events = await service.outbox()
    assert.ok(events.some(({ type, data }) => type === 'user.registered' && data.nickname === 'Ada'))
  })

  test('gives a token that is signed, and says what the gateway asks for', async () => {
    const { body } = await register(freshEmail())
    const token: string = body.tokens.accessToken
    assert.deepEqual(part(token, 0), { alg: 'RS256', typ: 'at+jwt', kid: 'key-1' })
    const claims = part(token, 1)
    assert.equal(claims.iss, 'https://issuer.example')
    assert.equal(claims.aud, 'shop')
    assert.equal(claims.sub, body.user.id)
    assert.equal(claims.scope, 'shop')
    assert.equal(claims.exp - claims.iat, 900)
    const [head, payload, signature] = token.split('.')
    assert.ok(
      createVerify('RSA-SHA256')
        .update(`${head}.${payload}`)
        .verify(publicKey, signature ?? '', 'base64url'),
    )
  })

  test('one address is one account, also at once', async () => {
    const email = freshEmail()
    const answers = await Promise.all([register(email), register(email.toUpperCase()), register(email)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    assert.ok(answers.some(({ body }) => body.code === 'EMAIL_TAKEN'))
  })

  for (const weak of ['short', 'password123', 'Test Shop 12', 'x'.repeat(129)])
    test(`refuses the password ${weak.slice(0, 20)}`, async () => {
      const response = await register(freshEmail(), { password: weak })
      assert.equal(response.status, 400)
      assert.equal(response.body.code, 'PASSWORD_TOO_WEAK')
      assert.equal(response.body.errors[0].pointer, '/password')
    })

  test('takes any Unicode, normalised', async () => {
    const email = freshEmail()
    assert.equal((await register(email, { password: 'Pässwörter überall' })).status, 201)
    assert.equal((await login(email, 'Pa\u0308sswo\u0308rter u\u0308berall')).status, 200)
  })

  test('refuses what is not for the client to say', async () => {
    const response = await register(freshEmail(), { roles: ['staff'] })
    assert.equal(response.status, 400)
    assert.equal(response.body.errors[0].pointer, '/roles')
  })
})

describe('login', () => {
  test('answers the same for a wrong password and an unknown address', async () => {
    const email = freshEmail()
    await register(email)
    assert.equal((await login(email, password)).status, 200)
    const wrong = await login(email, 'not the password', '203.0.113.201')
    const unknown = await login(freshEmail(), 'not the password', '203.0.113.202')
    const { trace_id: _one, ...first } = wrong.body
    const { trace_id: _two, ...second } = unknown.body
    assert.equal(wrong.status, 401)
    assert.deepEqual(first, second)
    assert.deepEqual(operations(wrong), operations(unknown))
  })

  test('derives one key, at the same cost, for a wrong password and an unknown address: neither takes longer', async (t) => {
    const email = freshEmail()
    await register(email)
    const derive = t.mock.method(crypto, 'argon2')
    const keysDerivedFor = async (address: string) => {
      derive.mock.resetCalls()
      assert.equal((await login(address, 'not the password')).status, 401)
      return derive.mock.calls.map(({ arguments: [algorithm, { message, nonce, ...cost }] }) => ({
        algorithm,
        cost,
        messageBytes: Buffer.from(message as Uint8Array).length,
        saltBytes: Buffer.from(nonce as Uint8Array).length,
      }))
    }
    const wrong = await keysDerivedFor(email)
    assert.equal(wrong.length, 1)
    assert.deepEqual(await keysDerivedFor(freshEmail()), wrong)
  })

  test('after ten failures an account waits, also for the right password, and other accounts do not', async () => {
    const email = freshEmail()
    await register(email)
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, index) => login(email, 'guess guess guess', `203.0.113.${index}`)),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [...Array(10).fill(401), ...Array(4).fill(429)])
    const right = await login(email, password, '203.0.113.99')
    assert.equal(right.status, 429)
    assert.ok(Number(right.headers['retry-after']) > 60)
    const other = freshEmail()
    await register(other)
    assert.equal((await login(other, password, '203.0.113.99')).status, 200)
  })

  test('after fifty failures a network address waits; all of an IPv6 /64 is one', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 51; index += 1)
      statuses.push(
        (await login(`nobody-${index}@example.com`, 'guess guess guess', `2001:db8:1:2::${index.toString(16)}`)).status,
      )
    assert.equal(statuses.filter((status) => status === 401).length, 50)
    assert.equal(statuses.at(-1), 429)
  })

  test('a right password forgets the failures before it', async () => {
    const email = freshEmail()
    await register(email)
    for (let round = 0; round < 3; round += 1) {
      for (let guess = 0; guess < 6; guess += 1) await login(email, 'guess guess guess', '192.0.2.77')
      assert.equal((await login(email, password, '192.0.2.77')).status, 200)
    }
  })
})

describe('refresh', () => {
  const session = async () => (await register(freshEmail())).body.tokens.refreshToken

  test('replaces the token, by two reads and one write', async () => {
    const response = await refresh(await session())
    assert.equal(response.status, 200)
    assert.deepEqual(operations(response), ['GetItem', 'PutItem', 'GetItem'])
  })

  test('mistake 14: two tabs refreshing at once both go on, with the same successor', async () => {
    const token = await session()
    const [one, two] = await Promise.all([refresh(token), refresh(token)])
    const three = await refresh(token)
    assert.deepEqual([one.status, two.status, three.status], [200, 200, 200])
    const successors = [one, two, three].map(({ body }) => body.tokens.refreshToken)
    assert.equal(new Set(successors).size, 1)
    assert.equal((await refresh(successors[0])).status, 200)
  })

  test('an old token ends the whole family', async () => {
    const first = await session()
    const second = (await refresh(first)).body.tokens.refreshToken
    const third = (await refresh(second)).body.tokens.refreshToken
    assert.equal((await refresh(first)).status, 401)
    const after = await refresh(third)
    assert.equal(after.status, 401)
    assert.equal(after.body.code, 'INVALID_REFRESH_TOKEN')
  })

  for (const token of ['', 'x', `fam_${'0'.repeat(26)}.${'A'.repeat(43)}`, 'a'.repeat(5000)])
    test(`refuses ${token.slice(0, 12) || 'nothing'}`, async () => {
      assert.ok([400, 401].includes((await refresh(token)).status))
    })
})

describe('logout', () => {
  test('ends the session, and answers the same for any token', async () => {
    const token = (await register(freshEmail())).body.tokens.refreshToken
    for (const given of [token, token, 'unknown'])
      assert.equal((await service.request('logout', { body: { refreshToken: given } })).status, 204)
    assert.equal((await refresh(token)).status, 401)
  })
})

describe('guest', () => {
  test('gives a guest a session in one write', async () => {
    const response = await service.request('guest')
    assert.equal(response.status, 201)
    assert.deepEqual(operations(response), ['PutItem'])
    assert.match(part(response.body.tokens.accessToken, 1).sub, /^gst_/)
    assert.equal((await refresh(response.body.tokens.refreshToken)).status, 200)
  })
})

describe('set-roles', () => {
  const setRoles = (userId: string, roles: string[], caller = staff()) =>
    service.request('setRoles', { params: { userId }, body: { roles }, caller })

  test('gives and takes the role; the next token shows it', async () => {
    const { body } = await register(freshEmail())
    const given = await setRoles(body.user.id, ['staff'])
    assert.deepEqual([given.status, given.body.roles], [200, ['staff']])
    const tokens = (await refresh(body.tokens.refreshToken)).body.tokens
    assert.equal(part(tokens.accessToken, 1).scope, 'shop staff')
    assert.deepEqual((await setRoles(body.user.id, [])).body.roles, [])
  })

  test('needs staff, a user, a long password, and leaves the own role alone', async () => {
    const short = (await register(freshEmail(), { password: 'ten chars!!' })).body.user.id
    assert.equal((await setRoles(short, ['staff'])).body.code, 'PASSWORD_TOO_SHORT_FOR_STAFF')
    assert.equal((await setRoles(someId('usr'), ['staff'])).status, 404)
    for (const caller of [guest(), customer()]) assert.equal((await setRoles(short, ['staff'], caller)).status, 403)
    const { body } = await register(freshEmail())
    assert.equal((await setRoles(body.user.id, [], { sub: body.user.id, scope: 'shop staff' })).body.code, 'OWN_ROLE')
  })
})

describe('create-staff', () => {
  test('makes the account once, and promotes one that is there', async () => {
    const email = freshEmail()
    const [first, second] = [
      await service.call('create-staff', { email, password }),
      await service.call('create-staff', { email, password }),
    ]
    assert.equal(first.outcome, 'created')
    assert.deepEqual([second.outcome, second.userId], ['unchanged', first.userId])
    assert.equal(part((await login(email, password)).body.tokens.accessToken, 1).scope, 'shop staff')
    const other = freshEmail()
    await register(other)
    assert.equal((await service.call('create-staff', { email: other, password })).outcome, 'promoted')
  })

  test('refuses a password that is too short for staff', async () => {
    assert.equal(
      (await service.call('create-staff', { email: freshEmail(), password: 'ten chars!!' })).outcome,
      'refused',
    )
  })
})

describe('find-user', () => {
  test('tells of an account at once, and of nobody who has none, in one read', async () => {
    const { user } = (await register(freshEmail(), { nickname: 'Ada' })).body
    const database = service.database.length
    assert.deepEqual(await service.call('find-user', { userId: user.id }), {
      user: { id: user.id, nickname: 'Ada', createdAt: user.createdAt },
    })
    assert.deepEqual(
      service.database.slice(database).map(({ operation }) => operation),
      ['GetItem'],
    )
    assert.deepEqual(await service.call('find-user', { userId: someId('usr') }), {})
  })
})

describe('find-contact', () => {
  test('tells where mail to an account goes, in one read, and of nobody who has none', async () => {
    const email = freshEmail()
    const { user } = (await register(email)).body
    const database = service.database.length
    assert.deepEqual(await service.call('find-contact', { userId: user.id }), { email })
    assert.deepEqual(
      service.database.slice(database).map(({ operation }) => operation),
      ['GetItem'],
    )
    assert.deepEqual(await service.call('find-contact', { userId: someId('usr') }), {})
  })
})

describe('what is kept', () => {
  test('no password, no refresh token, no address but in one attribute', async () => {
    const email = 'very-special@example.com'
    const { body } = await register(email)
    const items = await service.items()
    const text = JSON.stringify(items)
    assert.ok(!text.includes(password))
    assert.ok(!text.includes(body.tokens.refreshToken.split('.')[1]))
    assert.equal(items.filter((item) => JSON.stringify(item).includes(email)).length, 1)
    assert.ok(items.some(({ passwordHash }) => String(passwordHash).startsWith('$argon2id$v=19$m=19456,t=2,p=1$')))
  })
})
