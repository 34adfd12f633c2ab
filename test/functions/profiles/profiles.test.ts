import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { profiles } from '../../../functions/profiles/contract.ts'
import { userRegistered } from '../../../functions/published/identity.ts'
import { noProfiles, profileIn, unknownProfile } from '../../../functions/published/profiles.ts'
import { spent } from '../../support/round-trips.ts'
import { customer, someEvent, someId, startService, type TestCaller } from '../../support/service.ts'
import { budgets } from './budgets.ts'

/** What identity knows, whether or not its event has arrived here. */
const users = new Map<string, { id: string; nickname?: string; createdAt: string }>()
let identityIsDown = false

const service = await startService(profiles, {
  procedures: {
    'identity-find-user': (input) => {
      if (identityIsDown) throw new Error('away')
      const user = users.get((input as { userId: string }).userId)
      return user ? { user } : {}
    },
  },
})
after(() => service.stop())

const operationsSince = (from: number) => service.database.slice(from).map(({ operation }) => operation)
/** What a call did at the table. */
const during = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = service.database.length
  await act()
  return operationsSince(before)
}
const registered = (userId: string, nickname?: string) => someEvent(userRegistered, userId, { userId, nickname })
const open = (userId: string, nickname?: string) => service.deliver('openProfile', [registered(userId, nickname)])
/** Somebody whose event has not arrived. */
const newcomer = (nickname?: string): string => {
  const id = someId('usr')
  users.set(id, { id, createdAt: new Date().toISOString(), ...(nickname === undefined ? {} : { nickname }) })
  return id
}
const published = async (userId: string) => (await service.outbox()).filter(({ aggregateId }) => aggregateId === userId)
const defaultAvatarUrl = '/avatars/default.svg'

describe('open-profile', () => {
  test('opens one profile, however often it is told, and says how the person is shown', async () => {
    const userId = someId('usr')
    assert.deepEqual(spent(await during(() => open(userId, 'Ada'))), budgets['open-profile'])
    assert.deepEqual(await open(userId, 'Ada'), [])
    assert.deepEqual(
      (await published(userId)).map(({ type, sequence, data }) => [type, sequence, data]),
      [['profile.updated', 1, { userId, nickname: 'Ada', avatarUrl: defaultAvatarUrl, showsActivity: false }]],
    )
  })
})

describe('read-profile', () => {
  const read = (userId: string) => service.request('readProfile', { params: { userId } })

  test('shows nickname and picture to anyone, in one read', async () => {
    const userId = someId('usr')
    await open(userId, 'Ada')
    const answer = await read(userId)
    assert.deepEqual(
      { status: answer.status, body: answer.body },
      { status: 200, body: { userId, nickname: 'Ada', avatarUrl: defaultAvatarUrl } },
    )
    assert.deepEqual(spent(answer.database), budgets['read-profile'])
  })

  test('shows a newcomer as they will be; nobody, and no guest', async () => {
    const userId = newcomer()
    assert.deepEqual((await read(userId)).body, unknownProfile(userId))
    for (const stranger of [someId('usr'), someId('gst')]) assert.equal((await read(stranger)).status, 404)
    assert.equal((await read('x')).status, 400)
  })
})

describe('public-profiles', () => {
  const ask = (userIds: readonly string[]) => service.call('publicProfiles', { userIds })

  test('tells of many in one read, each once, and leaves out who does not exist', async () => {
    const userIds = [someId('usr'), someId('usr')]
    for (const [index, userId] of userIds.entries()) await open(userId, `N${index}`)
    let answer = noProfiles()
    const asked = [...userIds, ...userIds, someId('usr'), someId('gst')]
    assert.deepEqual(
      spent(
        await during(async () => {
          answer = await ask(asked)
        }),
      ),
      budgets['public-profiles'],
    )
    assert.deepEqual(answer.profiles.map(({ nickname }) => nickname).toSorted(), ['N0', 'N1'])
    const profileOf = profileIn(answer.profiles)
    assert.equal(profileOf(userIds[1] ?? '').nickname, 'N1')
    assert.deepEqual(profileOf('usr_else'), unknownProfile('usr_else'))
  })

  test('knows newcomers, a few of them, and goes on without identity', async () => {
    const newcomers = Array.from({ length: 7 }, () => newcomer('New'))
    const known = someId('usr')
    await open(known, 'Old')
    assert.equal((await ask(newcomers)).profiles.length, 5)
    identityIsDown = true
    assert.deepEqual(
      (await ask([known, ...newcomers.slice(0, 1)])).profiles.map(({ nickname }: { nickname: string }) => nickname),
      ['Old'],
    )
    identityIsDown = false
  })

  test('asks for nothing where nobody is meant, and takes no more than a hundred', async () => {
    assert.deepEqual(spent(await during(() => ask([someId('gst')]))), budgets['public-profiles: of nobody'])
    await assert.rejects(ask(Array.from({ length: 101 }, () => someId('usr'))))
  })
})

/** A customer with a profile. */
const resident = async (nickname?: string): Promise<TestCaller> => {
  const caller = customer()
  await open(caller.sub, nickname)
  return caller
}
const readMe = (caller: TestCaller) => service.request('readMe', { caller })
const changeMe = (caller: TestCaller, body: object, headers = {}) =>
  service.request('changeMe', { caller, body, headers })
const asNew = {
  language: 'en',
  currency: 'EUR',
  theme: 'system',
  marketingConsent: false,
  showsActivity: false,
}

describe('read-me', () => {
  test('shows my profile with its preferences, in one read', async () => {
    const me = await resident('Ada')
    const answer = await readMe(me)
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database), etag: answer.headers.etag },
      { status: 200, trips: budgets['read-me'], etag: '"1"' },
    )
    assert.deepEqual(answer.body, {
      userId: me.sub,
      nickname: 'Ada',
      bio: '',
      avatarUrl: defaultAvatarUrl,
      preferences: asNew,
      version: 1,
    })
  })

  test('opens the profile of a newcomer; the event then finds it there', async () => {
    const userId = newcomer('Grace\u202e\nHopper')
    const me = { sub: userId, scope: 'shop' }
    const first = await readMe(me)
    assert.deepEqual(
      { nickname: first.body.nickname, trips: spent(first.database) },
      { nickname: 'Grace Hopper', trips: budgets['read-me: first look'] },
    )
    await open(userId, 'Grace\u202e\nHopper')
    assert.deepEqual((await readMe(me)).body, first.body)
    assert.deepEqual(
      (await published(userId)).map(({ sequence, data }) => [sequence, data.nickname]),
      [[1, 'Grace Hopper']],
    )
  })

  test('at once with the event, it is one profile', async () => {
    const userId = newcomer('Twin')
    const me = { sub: userId, scope: 'shop' }
    const answers = await Promise.all([readMe(me), open(userId, 'Twin'), readMe(me)])
    assert.deepEqual({ body: answers[0].body, answers: answers[1] }, { body: answers[2].body, answers: [] })
    assert.equal((await published(userId)).length, 1)
  })

  test('is not for guests, nor for an account that is gone', async () => {
    const guest = await readMe({ sub: someId('gst'), scope: 'shop' })
    assert.deepEqual({ status: guest.status, code: guest.problem.code }, { status: 403, code: 'ACCOUNT_NEEDED' })
    assert.equal((await readMe(customer())).status, 404)
  })

  test('says that it cannot tell while identity is away', async () => {
    identityIsDown = true
    assert.equal((await readMe({ sub: newcomer(), scope: 'shop' })).status, 503)
    identityIsDown = false
  })
})

describe('change-me', () => {
  test('changes what is given, and tells others of what they see', async () => {
    const me = await resident('Ada')
    const answer = await changeMe(me, { nickname: ' Countess ', preferences: { showsActivity: true, theme: 'dark' } })
    assert.deepEqual(
      { status: answer.status, trips: spent(answer.database) },
      { status: 200, trips: budgets['change-me'] },
    )
    const { showsActivitySince, ...preferences } = answer.body.preferences
    assert.deepEqual(preferences, { ...asNew, showsActivity: true, theme: 'dark' })
    assert.ok(Math.abs(Date.parse(showsActivitySince ?? '') - Date.now()) < 60_000)
    assert.deepEqual((await readMe(me)).body, answer.body)
    const [event] = await published(me.sub)
    assert.deepEqual(
      { sequence: event?.sequence, data: event?.data },
      {
        sequence: 2,
        data: {
          userId: me.sub,
          nickname: 'Countess',
          avatarUrl: defaultAvatarUrl,
          showsActivity: true,
          showsActivitySince,
        },
      },
    )
  })

  test('says in every event since when friends see what they do: anew where it was hidden in between', async () => {
    const me = await resident()
    const since = async (change: object): Promise<string | undefined> =>
      (await changeMe(me, change)).body.preferences.showsActivitySince
    const first = await since({ preferences: { showsActivity: true } })
    assert.equal(await since({ nickname: 'Zoe' }), first)
    assert.equal((await published(me.sub))[0]?.data.showsActivitySince, first)
    assert.equal(await since({ preferences: { showsActivity: false } }), undefined)
    assert.equal((await published(me.sub))[0]?.data.showsActivitySince, undefined)
    await new Promise((resolve) => setTimeout(resolve, 2))
    const again = await since({ preferences: { showsActivity: true } })
    assert.ok(first !== undefined && again !== undefined && again > first, `${first} ${again}`)
  })

  test('what others do not see is told to nobody; what changes nothing is not written', async () => {
    const me = await resident()
    const changed = await changeMe(me, { bio: 'Line 1\nLine 2', preferences: { language: 'pt-BR', currency: 'JPY' } })
    assert.deepEqual({ bio: changed.body.bio, version: changed.body.version }, { bio: 'Line 1\nLine 2', version: 2 })
    assert.deepEqual(await published(me.sub), [])
    for (const nothing of [{}, { preferences: {} }, { bio: 'Line 1\nLine 2' }]) {
      const again = await changeMe(me, nothing)
      assert.deepEqual(
        { version: again.body.version, trips: spent(again.database) },
        { version: 2, trips: budgets['change-me: unchanged'] },
      )
    }
    await changeMe(me, { nickname: 'Zoe' })
    assert.equal((await published(me.sub))[0]?.sequence, 2)
  })

  test('remembers when consent was given and withdrawn', async () => {
    const me = await resident()
    const given = await changeMe(me, { preferences: { marketingConsent: true } })
    const { marketingConsentAt } = given.body.preferences
    assert.ok(Math.abs(Date.parse(marketingConsentAt ?? '') - Date.now()) < 60_000)
    const other = await changeMe(me, { preferences: { marketingConsent: true, theme: 'light' } })
    assert.equal(other.body.preferences.marketingConsentAt, marketingConsentAt)
    const withdrawn = await changeMe(me, { preferences: { marketingConsent: false } })
    const withdrawnAt = withdrawn.body.preferences.marketingConsentAt
    assert.ok(withdrawnAt && marketingConsentAt && withdrawnAt >= marketingConsentAt)
  })

  test('honours If-Match, loses no change that is made at once', async () => {
    const me = await resident()
    assert.equal((await changeMe(me, { bio: 'x' }, { 'if-match': '"7"' })).status, 412)
    assert.equal((await changeMe(me, { bio: 'x' }, { 'if-match': '"1"' })).status, 200)
    await Promise.all([changeMe(me, { nickname: 'N' }), changeMe(me, { preferences: { theme: 'dark' } })])
    const { body } = await readMe(me)
    assert.deepEqual(
      { nickname: body.nickname, bio: body.bio, theme: body.preferences.theme, version: body.version },
      { nickname: 'N', bio: 'x', theme: 'dark', version: 4 },
    )
  })

  test('takes a name away by an empty one; refuses nonsense, and what is not to be set', async () => {
    const me = await resident('Ada')
    assert.equal((await changeMe(me, { nickname: '' })).body.nickname, '')
    for (const nonsense of [
      { nickname: 'x'.repeat(41) },
      { nickname: 'two\nlines' },
      { nickname: 'turned \u202e round' },
      { bio: 'x'.repeat(501) },
      { preferences: { language: 'English' } },
      { preferences: { currency: 'ZZZ' } },
      { preferences: { theme: 'pink' } },
      { preferences: { marketingConsentAt: '2020-01-01T00:00:00Z' } },
      { avatarUrl: 'https://example.com/x.png' },
      { userId: someId('usr') },
    ])
      assert.deepEqual(
        { code: (await changeMe(me, nonsense)).problem.code, nonsense: JSON.stringify(nonsense).slice(0, 40) },
        { code: 'INVALID_INPUT', nonsense: JSON.stringify(nonsense).slice(0, 40) },
      )
    assert.equal((await changeMe(customer(), { bio: 'x' })).status, 404)
  })
})
