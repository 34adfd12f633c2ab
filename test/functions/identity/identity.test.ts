import assert from 'node:assert/strict'
import crypto, { constants, createVerify, generateKeyPairSync, privateEncrypt } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { identity } from '../../../functions/identity/contract.ts'
import { deriveKeysCheaply } from '../../support/passwords.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, guest, someId, staff, startService } from '../../support/service.ts'
import { budgets } from './budgets.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** As KMS does: RSASSA-PKCS1-v1_5 of a digest that is given, whose ASN.1 prefix says SHA-256. */
const sign = (digest: Buffer): string => {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  return privateEncrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([prefix, digest]),
  ).toString('base64')
}

deriveKeysCheaply()
const service = await startService(
  identity,
  {
    operations: {
      Sign: ({ Message }) => ({ KeyId: 'key-1', Signature: sign(Buffer.from(String(Message), 'base64')) }),
    },
  },
  { TOKEN_ISSUER: 'https://issuer.example', SIGNING_KEYS: '[{"name":"key-1"}]' },
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
const register = (email: string, more: object = {}, sourceIp?: string) =>
  service.request('register', { body: { email, password, ...more }, ...(sourceIp ? { sourceIp } : {}) })
const login = (email: string, given: string, sourceIp = `198.51.100.${made % 250}`, refreshToken?: string) =>
  service.request('login', { body: { email, password: given, refreshToken }, sourceIp })
const refresh = (refreshToken: string) => service.request('refresh', { body: { refreshToken } })
const part = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString())

describe('register', () => {
  test('makes an account and logs in, in one read, and one transaction beside the session', async () => {
    const response = await register('Ada@Example.com', { nickname: 'Ada' })
    assert.equal(response.status, 201)
    assert.deepEqual(spent(response.database), budgets.register)
    assert.equal(response.body.user.email, 'ada@example.com')
    assert.deepEqual(response.body.user.roles, [])
    assert.equal(response.body.tokens.expiresIn, 900)
    const events = await service.outbox()
    assert.ok(events.some(({ type, data }) => type === 'user.registered' && data.nickname === 'Ada'))
  })

  test('one address in any script is one account', async () => {
    const { status, body } = await register('Ada@münchen.de')
    assert.deepEqual({ status, email: body.user.email }, { status: 201, email: 'ada@xn--mnchen-3ya.de' })
    for (const same of ['ada@xn--mnchen-3ya.de', 'ADA@MÜNCHEN.DE', 'ada@mu\u0308nchen.de'])
      assert.notEqual((await register(same)).status, 201, same)
    assert.equal((await login('ada@MÜNCHEN.de', password)).status, 200)
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
    const refused = answers.filter(({ status }) => status === 409)
    assert.deepEqual(
      refused.map(({ problem }) => problem.code),
      ['EMAIL_TAKEN', 'EMAIL_TAKEN'],
    )
  })

  test('a network is told twenty times that an address is taken, and waits from then on, for free ones too', async () => {
    const email = freshEmail()
    await register(email)
    const prober = (address: string, index: number) => register(address, {}, `2001:db8:9:9::${index.toString(16)}`)
    const answers: Awaited<ReturnType<typeof register>>[] = []
    for (let index = 0; index < 21; index += 1) answers.push(await prober(email, index))
    assert.deepEqual(
      answers.map(({ problem }) => problem.code),
      [...Array(20).fill('EMAIL_TAKEN'), 'TOO_MANY_REQUESTS'],
    )
    const free = await prober(freshEmail(), 30)
    assert.deepEqual({ status: free.status, code: free.problem.code }, { status: 429, code: 'TOO_MANY_REQUESTS' })
    assert.ok(Number(free.headers['retry-after']) > 60)
    assert.equal((await register(freshEmail(), {}, '2001:db8:9:a::1')).status, 201, 'another network')
  })

  test('accounts of one network are as many as they like', async () => {
    const registrations = Array.from({ length: 25 }, () => register(freshEmail(), {}, '203.0.113.250'))
    assert.ok((await Promise.all(registrations)).every(({ status }) => status === 201))
  })

  for (const weak of ['short', 'password123', 'Test Shop 12', 'x'.repeat(129)])
    test(`refuses the password ${weak.slice(0, 20)}`, async () => {
      const response = await register(freshEmail(), { password: weak })
      assert.equal(response.status, 400)
      assert.equal(response.problem.code, 'PASSWORD_TOO_WEAK')
      assert.equal(response.problem.errors?.[0]?.pointer, '/password')
    })

  test('takes any Unicode, normalised', async () => {
    const email = freshEmail()
    assert.equal((await register(email, { password: 'Pässwörter überall' })).status, 201)
    assert.equal((await login(email, 'Pa\u0308sswo\u0308rter u\u0308berall')).status, 200)
  })

  test('refuses what is not for the client to say', async () => {
    const response = await register(freshEmail(), { roles: ['staff'] })
    assert.equal(response.status, 400)
    assert.equal(response.problem.errors?.[0]?.pointer, '/roles')
  })
})

describe('login', () => {
  test('answers the same for a wrong password and an unknown address', async () => {
    const email = freshEmail()
    await register(email)
    assert.equal((await login(email, password)).status, 200)
    const wrong = await login(email, 'not the password', '203.0.113.201')
    const unknown = await login(freshEmail(), 'not the password', '203.0.113.202')
    const { trace_id: _one, ...first } = wrong.problem
    const { trace_id: _two, ...second } = unknown.problem
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
      return derive.mock.calls.map(({ arguments: [algorithm, { message, nonce, ...costs }] }) => ({
        algorithm,
        cost: costs,
        messageBytes: Buffer.from(message as Uint8Array).length,
        saltBytes: Buffer.from(nonce as Uint8Array).length,
      }))
    }
    const wrong = await keysDerivedFor(email)
    const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
    assert.deepEqual(wrong, [{ algorithm: 'argon2id', cost, messageBytes: 16, saltBytes: 16 }])
    assert.deepEqual(await keysDerivedFor(freshEmail()), wrong)
  })

  const wrong = 'guess guess guess'
  const accountWith = async () => {
    const email = freshEmail()
    const { body } = await register(email)
    return { email, refreshToken: String(body.tokens.refreshToken) }
  }

  test('after ten failures from one network an account waits there, also for the right password, and other accounts do not', async () => {
    const { email } = await accountWith()
    const answers = await Promise.all(Array.from({ length: 14 }, () => login(email, wrong, '203.0.113.9')))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [...Array(10).fill(401), ...Array(4).fill(429)])
    const right = await login(email, password, '203.0.113.9')
    assert.equal(right.status, 429)
    const seconds = Number(right.headers['retry-after'])
    assert.ok(seconds > 60 && seconds <= 15 * 60, `${seconds} s`)
    const other = await accountWith()
    assert.equal((await login(other.email, password, '203.0.113.9')).status, 200)
  })

  test('a stranger who uses up the places of one network does not keep the owner out of another', async () => {
    const { email } = await accountWith()
    for (let guess = 0; guess < 12; guess += 1) await login(email, wrong, '203.0.113.10')
    assert.equal((await login(email, password, '203.0.113.11')).status, 200)
  })

  test('guesses from many networks are counted together: a hundred, and no more', async () => {
    const { email, refreshToken } = await accountWith()
    const statuses: number[] = []
    for (let network = 0; network < 11; network += 1)
      for (let guess = 0; guess < 10; guess += 1)
        statuses.push((await login(email, wrong, `2001:db8:77:${network.toString(16)}::1`)).status)
    assert.deepEqual(
      [401, 429].map((expected) => statuses.filter((status) => status === expected).length),
      [100, 10],
    )
    assert.equal((await login(email, password, '203.0.113.12')).status, 429, 'a device that nobody knows')
    assert.equal(
      (await login(email, password, '203.0.113.12', refreshToken)).status,
      200,
      'one that has logged in before',
    )
  })

  test('a known device gets in from a network whose places are used up, also after its session was ended', async () => {
    const { email, refreshToken } = await accountWith()
    for (let guess = 0; guess < 12; guess += 1) await login(email, wrong, '203.0.113.13')
    assert.equal((await login(email, password, '203.0.113.13')).status, 429)
    await service.request('logout', { body: { refreshToken } })
    assert.equal((await login(email, password, '203.0.113.13', refreshToken)).status, 200)
  })

  test('a refresh token of another account, or one made up, knows no device; a stolen one has ten guesses', async () => {
    const [mine, other] = [await accountWith(), await accountWith()]
    const madeUp = mine.refreshToken.replace(/\.[^.]*\.[^.]*$/, `.${'A'.repeat(43)}.${'B'.repeat(22)}`)
    for (let guess = 0; guess < 10; guess += 1) await login(mine.email, wrong, '203.0.113.14')
    for (const token of [other.refreshToken, madeUp, 'nonsense'])
      assert.equal((await login(mine.email, password, '203.0.113.14', token)).status, 429)
    const guesses: number[] = []
    for (let guess = 0; guess < 11; guess += 1)
      guesses.push((await login(mine.email, wrong, '203.0.113.15', mine.refreshToken)).status)
    assert.deepEqual(guesses, [...Array(10).fill(401), 429])
    assert.equal((await login(mine.email, password, '203.0.113.16')).status, 200, 'its owner elsewhere')
  })

  test('a used-up window lasts 15 minutes, then 30, and never more than an hour', async () => {
    const { email } = await accountWith()
    const ends: number[] = []
    for (const _ of [1, 2, 3, 4]) {
      for (let guess = 0; guess < 10; guess += 1) await login(email, wrong, '203.0.113.17')
      ends.push(Number((await login(email, wrong, '203.0.113.17')).headers['retry-after']))
      const windows = (await service.items()).filter(
        ({ pk, taken }) => pk.startsWith('attempts#account-network#') && taken === 10,
      )
      for (const window of windows) await service.put({ ...window, windowEndsMs: Date.now() - 1 })
    }
    assert.deepEqual(
      ends.map((seconds) => Math.round(seconds / 60)),
      [15, 30, 60, 60],
    )
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
    assert.deepEqual(spent(response.database), budgets.refresh)
  })

  test('mistake 14: two tabs refreshing at once both go on, with the same successor', async () => {
    const token = await session()
    const [one, two] = await Promise.all([refresh(token), refresh(token)])
    const three = await refresh(token)
    assert.deepEqual(
      { oneStatus: one.status, twoStatus: two.status, threeStatus: three.status },
      { oneStatus: 200, twoStatus: 200, threeStatus: 200 },
    )
    const successors = [one, two, three].map(({ body }) => body.tokens.refreshToken)
    assert.equal(new Set(successors).size, 1)
    assert.equal((await refresh(successors[0] ?? '')).status, 200)
  })

  test('an old token ends the whole family', async () => {
    const first = await session()
    const second = (await refresh(first)).body.tokens.refreshToken
    const third = (await refresh(second)).body.tokens.refreshToken
    assert.equal((await refresh(first)).status, 401)
    const fourth = await refresh(third)
    assert.equal(fourth.status, 401)
    assert.equal(fourth.problem.code, 'INVALID_REFRESH_TOKEN')
  })

  test('whoever knows the id of a session, and no token of it, does not end it', async () => {
    const token = await session()
    const [id = '', , proof = ''] = token.split('.')
    for (const forged of [
      `${id}.${'A'.repeat(43)}`,
      `${id}.${'A'.repeat(43)}.${'B'.repeat(22)}`,
      `${id}.${'A'.repeat(43)}.${proof}`,
    ]) {
      assert.equal((await refresh(forged)).status, 401)
      assert.equal((await service.request('logout', { body: { refreshToken: forged } })).status, 204)
    }
    assert.equal((await refresh(token)).status, 200)
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
    assert.deepEqual(spent(response.database), budgets.guest)
    assert.match(part(response.body.tokens.accessToken, 1).sub, /^gst_/)
    assert.equal((await refresh(response.body.tokens.refreshToken)).status, 200)
  })
})

/** A member of staff as the gateway vouches for them: by the claims of their own access token. */
const claimsOf = (accessToken: string) => {
  const { sub, scope, sid } = part(accessToken, 1)
  return { sub, scope, sid }
}
type Claims = ReturnType<typeof claimsOf>
const setRoles = (userId: string, roles: string[], caller: Claims) =>
  service.request('setRoles', { params: { userId }, body: { roles }, caller })
const readRoles = (userId: string, caller: Claims) => service.request('readRoles', { params: { userId }, caller })
const standingOf = async ({ sub, sid }: Claims) =>
  (await service.call('checkStaff', { userId: sub, sessionId: sid })).isStaff

/** Someone with the role, logged in. */
const member = async () => {
  const email = freshEmail()
  await service.call('createStaff', { email, password })
  const { tokens } = (await login(email, password)).body
  return { email, tokens, claims: claimsOf(tokens.accessToken) }
}

describe('set-roles', () => {
  test('gives and takes the role; the next token shows it', async () => {
    const { claims } = await member()
    const { body } = await register(freshEmail())
    const given = await setRoles(body.user.id, ['staff'], claims)
    assert.deepEqual({ status: given.status, roles: given.body.roles }, { status: 200, roles: ['staff'] })
    assert.deepEqual(spent(given.database), budgets['set-roles'])
    const tokens = (await refresh(body.tokens.refreshToken)).body.tokens
    assert.equal(part(tokens.accessToken, 1).scope, 'shop staff')
    assert.deepEqual((await setRoles(body.user.id, [], claims)).body.roles, [])
  })

  test('needs staff, a user, a long password, and leaves the own role alone', async () => {
    const { claims } = await member()
    const short = (await register(freshEmail(), { password: 'ten chars!!' })).body.user.id
    assert.equal((await setRoles(short, ['staff'], claims)).problem.code, 'PASSWORD_TOO_SHORT_FOR_STAFF')
    assert.equal((await setRoles(someId('usr'), ['staff'], claims)).status, 404)
    for (const caller of [guest(), customer(), staff()])
      assert.equal((await setRoles(short, ['staff'], { ...caller, sid: undefined })).status, 403)
    assert.equal((await setRoles(claims.sub, [], claims)).problem.code, 'OWN_ROLE')
    assert.equal((await setRoles(claims.sub, ['staff'], claims)).status, 200)
  })

  test('a role that was taken does not come back by the token that is left of it', async () => {
    const [first, second] = [await member(), await member()]
    assert.equal((await setRoles(second.claims.sub, [], first.claims)).status, 200)
    for (const userId of [second.claims.sub, first.claims.sub])
      assert.equal((await setRoles(userId, ['staff'], second.claims)).status, 403)
    assert.equal((await readRoles(first.claims.sub, second.claims)).status, 403)
    assert.equal(await standingOf(second.claims), false)
  })

  test('nor does the token of a session that was ended, or of a person who was erased, give one', async () => {
    const [first, left, erased] = [await member(), await member(), await member()]
    await service.request('logout', { body: { refreshToken: left.tokens.refreshToken } })
    assert.equal((await setRoles(first.claims.sub, ['staff'], left.claims)).status, 403)
    assert.equal(await standingOf(left.claims), false)
    await setRoles(erased.claims.sub, [], first.claims)
    assert.equal((await service.request('eraseMe', { caller: erased.claims, body: { password } })).status, 202)
    assert.equal((await setRoles(first.claims.sub, ['staff'], erased.claims)).status, 403)
    assert.equal(await standingOf(erased.claims), false)
    assert.equal(await standingOf(first.claims), true)
  })

  test('a role that is taken between reading and writing is taken', async () => {
    const [first, second, third] = [await member(), await member(), await member()]
    let isTaken = false
    service.fakes.fails = async ({ operation }) => {
      if (operation !== 'TransactWriteItems' || isTaken) return false
      isTaken = true
      await setRoles(second.claims.sub, [], first.claims)
      return false
    }
    const answer = await setRoles(third.claims.sub, [], second.claims)
    service.fakes.fails = undefined
    assert.equal(answer.status, 403)
    assert.equal(await standingOf(third.claims), true)
  })
})

describe('read-roles', () => {
  test('tells who gave and took roles, in one read', async () => {
    const { claims } = await member()
    const { body } = await register(freshEmail())
    await setRoles(body.user.id, ['staff'], claims)
    await setRoles(body.user.id, [], claims)
    const answer = await readRoles(body.user.id, claims)
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 200, trips: budgets['read-roles'] },
    )
    assert.deepEqual({ userId: answer.body.userId, roles: answer.body.roles }, { userId: body.user.id, roles: [] })
    assert.deepEqual(
      answer.body.changes.map(({ by, roles }: { by: string; roles: string[] }) => [by, roles]),
      [
        [claims.sub, ['staff']],
        [claims.sub, []],
      ],
    )
    const own = await readRoles(claims.sub, claims)
    assert.deepEqual(
      { by: own.body.changes[0]?.by, roles: own.body.changes[0]?.roles },
      { by: 'operator', roles: ['staff'] },
    )
  })

  test('is for staff, about users who exist', async () => {
    const { claims } = await member()
    assert.equal((await readRoles(someId('usr'), claims)).status, 404)
    for (const caller of [guest(), customer(), staff()])
      assert.equal((await readRoles(claims.sub, { ...caller, sid: undefined })).status, 403)
  })
})

describe('check-staff', () => {
  test('is that of this moment, in one read', async () => {
    const { claims } = await member()
    const before = service.database.length
    assert.equal(await standingOf(claims), true)
    assert.deepEqual(spent(service.database.slice(before)), budgets['check-staff'])
    assert.equal(await standingOf({ ...claims, sid: someId('fam') }), false, 'a session that is none')
    const other = await member()
    assert.equal(await standingOf({ ...claims, sid: other.claims.sid }), false, 'the session of another')
    const { body } = await register(freshEmail())
    assert.equal(await standingOf(claimsOf(body.tokens.accessToken)), false)
    assert.equal(
      (await service.call('checkStaff', { userId: claims.sub })).isStaff,
      true,
      'a token that names no session',
    )
  })
})

describe('create-staff', () => {
  test('makes the account once', async () => {
    const email = freshEmail()
    const [first, second] = [
      await service.call('createStaff', { email, password }),
      await service.call('createStaff', { email, password: 'some other long password' }),
    ]
    assert.equal(first.outcome, 'created')
    assert.deepEqual(second, { outcome: 'unchanged', userId: first.userId })
    assert.equal(part((await login(email, password)).body.tokens.accessToken, 1).scope, 'shop staff')
  })

  test('whoever registered the address first has no way in that is left', async () => {
    const email = freshEmail()
    const stranger = (await register(email, { password: 'the password of a stranger' })).body
    const answer = await service.call('createStaff', { email, password })
    assert.deepEqual(answer, { outcome: 'promoted', userId: stranger.user.id })
    assert.equal((await login(email, 'the password of a stranger')).status, 401)
    assert.equal((await refresh(stranger.tokens.refreshToken)).status, 401)
    assert.equal(await standingOf(claimsOf(stranger.tokens.accessToken)), false)
    const { tokens } = (await login(email, password)).body
    assert.equal(part(tokens.accessToken, 1).scope, 'shop staff')
    assert.equal(await standingOf(claimsOf(tokens.accessToken)), true)
    assert.equal((await refresh(tokens.refreshToken)).status, 200)
  })

  test('refuses a password that is too short for staff, also for an account that is there', async () => {
    const email = freshEmail()
    for (const _ of [1, 2]) {
      assert.equal((await service.call('createStaff', { email, password: 'ten chars!!' })).outcome, 'refused')
      await register(email)
    }
  })
})

describe('find-user', () => {
  test('tells of an account at once, and of nobody who has none, in one read', async () => {
    const { user } = (await register(freshEmail(), { nickname: 'Ada' })).body
    const database = service.database.length
    assert.deepEqual(await service.call('findUser', { userId: user.id }), {
      user: { id: user.id, nickname: 'Ada', createdAt: user.createdAt },
    })
    assert.deepEqual(spent(service.database.slice(database)), budgets['find-user'])
    assert.deepEqual(await service.call('findUser', { userId: someId('usr') }), {})
  })
})

describe('find-contact', () => {
  test('tells where mail to an account goes, in one read, and of nobody who has none', async () => {
    const email = freshEmail()
    const { user } = (await register(email)).body
    const database = service.database.length
    assert.deepEqual(await service.call('findContact', { userId: user.id }), { email })
    assert.deepEqual(spent(service.database.slice(database)), budgets['find-contact'])
    assert.deepEqual(await service.call('findContact', { userId: someId('usr') }), {})
  })
})

describe('what is kept', () => {
  test('no password, no refresh token, no address but in one attribute', async () => {
    const email = 'very-special@example.com'
    const { body } = await register(email)
    const items = await service.items()
    const text = JSON.stringify(items)
    assert.ok(!text.includes(password))
    const [, secret = ''] = body.tokens.refreshToken.split('.')
    assert.ok(secret.length > 20 && !text.includes(secret))
    assert.equal(items.filter((item) => JSON.stringify(item).includes(email)).length, 1)
    assert.ok(items.some(({ passwordHash }) => String(passwordHash).startsWith('$argon2id$v=19$m=19456,t=2,p=1$')))
  })
})
