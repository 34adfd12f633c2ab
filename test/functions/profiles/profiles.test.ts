import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { userRegistered } from '../../../functions/identity/events.ts'
import { profiles } from '../../../functions/profiles/contract.ts'
import { noProfiles, profileIn, unknownProfile } from '../../../functions/profiles/procedures.ts'
import { someEvent, someId, startService } from '../../support/service.ts'

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
    assert.deepEqual(await during(() => open(userId, 'Ada')), ['PutItem'])
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
    assert.deepEqual([answer.status, answer.body], [200, { userId, nickname: 'Ada', avatarUrl: defaultAvatarUrl }])
    assert.deepEqual(
      answer.database.map(({ operation }) => operation),
      ['GetItem'],
    )
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
      await during(async () => {
        answer = await ask(asked)
      }),
      ['BatchGetItem'],
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
    assert.deepEqual(await during(() => ask([someId('gst')])), [])
    await assert.rejects(ask(Array.from({ length: 101 }, () => someId('usr'))))
  })
})
